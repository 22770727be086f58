/** Up and down, Home and End move through the links of a list's rows; Tab goes through them as ever. */
export function rowKeys(table: HTMLElement): { destroy: () => void } {
  function move(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.target;
    if (!(target instanceof HTMLElement) || target.closest("input, select, textarea") !== null) return;
    const row = target.closest("tbody > tr");
    if (row === null) return;
    const rows = [...table.querySelectorAll<HTMLElement>("tbody > tr")];
    const at = rows.indexOf(row as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    const next = rows[to]?.querySelector<HTMLElement>("a, button");
    if (next === null || next === undefined) return;
    event.preventDefault();
    next.focus();
  }
  table.addEventListener("keydown", move);
  return { destroy: () => table.removeEventListener("keydown", move) };
}
