/** Which rows are drawn, and how the rest moves so that what somebody looks at does not. Pure arithmetic. */

import { waits } from "../state/order";
import type { Incident } from "../state/reducer";

export const ROWS_MAX = 60;
export const OVERSCAN = 3;

/** What is seen of the list: how far it is scrolled, and how much is left free above the first row. */
export interface View {
  readonly top: number;
  readonly lead: number;
}

/** What somebody should know of above the view. */
export interface Above {
  /** `new`: came in there; `unclaimed`: nothing is new, but something urgent waits there; `hidden`: it waits where the
   *  filter does not show it. */
  readonly what: "new" | "unclaimed" | "hidden";
  readonly count: number;
  /** The most urgent of all above, unclaimed before claimed. */
  readonly most: Incident;
}

export interface Range {
  readonly first: number;
  readonly end: number;
}

/** Rows from `first` up to `end` are drawn: those in view and a few around, never more than 60. */
export function range(view: View, height: number, row: number, total: number): Range {
  const first = Math.max(0, Math.floor((view.top - view.lead) / row) - OVERSCAN);
  const end = Math.min(total, Math.ceil((view.top - view.lead + height) / row) + OVERSCAN, first + ROWS_MAX);
  return { first: Math.min(first, total), end: Math.max(end, Math.min(first, total)) };
}

/** Where the view goes when a row moved from one place in the order to another and shall stay where it is on the screen. */
export function hold(view: View, row: number, before: number, after: number): View {
  const by = (after - before) * row;
  if (by >= 0) {
    const taken = Math.min(view.lead, by);
    return { lead: view.lead - taken, top: view.top + by - taken };
  }
  const taken = Math.min(view.top, -by);
  return { top: view.top - taken, lead: view.lead - by - taken };
}

/** The least scrolling that brings a row into view. */
export function reveal(view: View, height: number, row: number, index: number): View {
  const at = view.lead + index * row;
  if (at < view.top) return { ...view, top: at };
  if (at + row > view.top + height) return { ...view, top: at + row - height };
  return view;
}

/** Height of all there is to scroll: never less than what the view needs. */
export function extent(view: View, height: number, row: number, total: number): number {
  return Math.max(view.lead + total * row, view.top + height);
}

/** The first row that is wholly in view. */
export function firstSeen(view: View, row: number): number {
  return Math.max(0, Math.ceil((view.top - view.lead) / row));
}

/** What came in above the view and was not seen yet: those of `before` that are still there, and whatever has a higher
 *  number than `newest`. */
export function unseenAbove(
  before: ReadonlySet<string>,
  newest: number,
  rows: readonly { readonly id: string; readonly number: number }[],
  seenFrom: number,
): Set<string> {
  const unseen = new Set<string>();
  for (let index = 0; index < Math.min(seenFrom, rows.length); index++) {
    const row = rows[index] as { id: string; number: number };
    if (row.number > newest || before.has(row.id)) unseen.add(row.id);
  }
  return unseen;
}

const URGENT_PRIORITY = 2;

/** What to say of the rows before `seenFrom`; null: nothing there is new, or urgent and unclaimed. */
export function aboveView(rows: readonly Incident[], seenFrom: number, unseen: ReadonlySet<string>): Above | null {
  let most: Incident | null = null;
  let unclaimed = 0;
  for (let index = 0; index < Math.min(seenFrom, rows.length); index++) {
    const row = rows[index] as Incident;
    if (row.priority > URGENT_PRIORITY) break;
    if (!waits(row)) continue;
    most ??= row;
    unclaimed++;
  }
  if (unseen.size > 0) {
    most ??= rows.find((row) => unseen.has(row.id)) ?? null;
    return most === null ? null : { what: "new", count: unseen.size, most };
  }
  return most === null ? null : { what: "unclaimed", count: unclaimed, most };
}

/** Urgent incidents among `all`, in order, that nobody has claimed and that are not among the rows that `shown` holds. */
export function urgentOutside(all: readonly Incident[], shown: readonly Incident[]): Incident[] {
  const ids = new Set(shown.map((row) => row.id));
  const outside: Incident[] = [];
  for (const row of all) {
    if (row.priority > URGENT_PRIORITY) break;
    if (waits(row) && !ids.has(row.id)) outside.push(row);
  }
  return outside;
}
