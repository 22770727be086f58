/** Entries of the journal as rows: merged while they are followed, and a few words of each body. */

import type { EntryItem } from "../../api/configuration";
import { stamp } from "../../ui/times";

/** Rows that stay on the page while it is followed; older ones are a button away. */
export const ROWS_MAX = 500;

/** Newer entries on top of those that are shown; null where some in between are missing, and the list begins anew. */
export function onTop(shown: readonly EntryItem[], newest: readonly EntryItem[], isWhole: boolean): EntryItem[] | null {
  const top = shown[0];
  if (top === undefined) return [...newest];
  const fresh = newest.filter((entry) => entry.seq > top.seq);
  const meets = fresh.length < newest.length || isWhole;
  return meets ? [...fresh, ...shown].slice(0, ROWS_MAX) : null;
}

const WORDS_MAX = 90;
/** Said elsewhere, or to no person: left out of the short form. */
const SILENT = new Set(["config", "catalogue", "commitment", "identity", "salt"]);

/** What a reader looks for first, where a body has it. */
const FIRST = ["account", "code", "zone", "type", "priority", "reason", "notice", "disposition", "state"];

/** What holds a time, in microseconds. */
const MOMENT = /(^|_)(at|until|time)$/;

/** A body in one line: its values that are there. */
export function shortBody(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const words: string[] = [];
  const place = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  for (const [name, value] of Object.entries(body).sort(([one], [other]) => place(one) - place(other))) {
    if (SILENT.has(name) || value === null || value === false || value === "") continue;
    if (typeof value === "object") {
      const count = Array.isArray(value) ? value.length : Object.keys(value).length;
      if (count > 0) words.push(`${name} (${count})`);
    } else if (value === true) words.push(name);
    else words.push(`${name} ${typeof value === "number" && MOMENT.test(name) ? stamp(value) : String(value)}`);
    if (words.join(", ").length > WORDS_MAX) break;
  }
  const line = words.join(", ");
  return line.length > WORDS_MAX ? `${line.slice(0, WORDS_MAX - 1)}…` : line;
}
