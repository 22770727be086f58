/** Keys of a list: up and down, j and k, Home and End go from row to row; Tab goes through every link as ever. Who comes
 *  back to a list finds the focus on the row that was opened. */

import { keys } from "../keys/keys.svelte";

/** The row that was opened last in each list, and the list's own address then, by the list's name. */
const opened = new Map<string, { row: string; list: string }>();

/** The address of a list as it was left: filtered as it was. */
export function listAddress(name: string): string {
  return opened.get(name)?.list ?? `/${name}`;
}

/** `name`: what is listed, where rows lead to pages of their own. */
export function rowKeys(table: HTMLElement, name = ""): { destroy: () => void } {
  const rows = () => [...table.querySelectorAll<HTMLElement>("tbody > tr")];
  const here = () => document.activeElement?.closest<HTMLElement>("tbody > tr") ?? null;
  const focus = (row: HTMLElement | undefined) => row?.querySelector<HTMLElement>("a, button")?.focus();

  /** Go on by so many rows; from nowhere, to the first. */
  function step(by: number) {
    const all = rows();
    const at = all.indexOf(here() as HTMLElement);
    focus(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
  }

  function onkeydown(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.target;
    if (!(target instanceof HTMLElement) || target.closest("input, select, textarea") !== null || here() === null) return;
    const all = rows();
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Home") focus(all[0]);
    else if (event.key === "End") focus(all.at(-1));
    else return;
    event.preventDefault();
  }

  function onclick(event: MouseEvent) {
    const link = (event.target as Element).closest<HTMLAnchorElement>("tbody a");
    if (link !== null) opened.set(name, { row: link.hash, list: location.hash.slice(1) });
  }

  const before = name === "" ? undefined : opened.get(name);
  if (before !== undefined && (isNowhere() || document.activeElement?.tagName === "H1")) {
    [...table.querySelectorAll<HTMLAnchorElement>("tbody a")].find((link) => link.hash === before.row)?.focus();
  }
  opened.delete(name);

  const release = keys.use({ next: () => step(1), previous: () => step(-1) });
  table.addEventListener("keydown", onkeydown);
  table.addEventListener("click", onclick);
  return {
    destroy: () => {
      release();
      table.removeEventListener("keydown", onkeydown);
      table.removeEventListener("click", onclick);
    },
  };
}

/** The key that finds puts the focus into this field. */
export function findKey(field: HTMLInputElement): { destroy: () => void } {
  return { destroy: keys.use({ find: () => field.select() }) };
}

/** The heading of a page that took the place of another: read out, and seen from its top. `back` is where Esc leads. */
export function arrive(heading: HTMLElement, back?: () => void): { destroy: () => void } {
  heading.closest("main")?.scrollTo({ top: 0 });
  if (isNowhere()) heading.focus({ preventScroll: true });
  return { destroy: back === undefined ? () => {} : keys.use({ back }) };
}

function isNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
