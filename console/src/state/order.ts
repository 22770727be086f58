/** The order of the queue: most urgent first. */

import type { Incident } from "./reducer";

/** Does it wait for somebody? What is shelved waits for its time. */
export function waits(incident: Incident): boolean {
  return incident.claimed_by === null && incident.presentation !== "shelved" && incident.state === "open";
}

/** Is it about lives: priority 1, or of a class where they hang on it? Never grouped, and shelved by two persons alone. */
export function isAboutLives(incident: Pick<Incident, "priority" | "hazard">): boolean {
  return incident.priority === 1 || LIVES.has(incident.hazard);
}

const LIVES: ReadonlySet<string> = new Set(["fire", "explosion", "medical", "rescue", "hazmat", "robbery_holdup"]);

function rank(incident: Incident): number {
  return incident.presentation === "shelved" ? 2 : Number(incident.claimed_by !== null);
}

/** Priority, then unclaimed before claimed before shelved, then oldest first. Total: no two incidents are equal. */
export function byUrgency(a: Incident, b: Incident): number {
  return (
    a.priority - b.priority ||
    rank(a) - rank(b) ||
    a.opened_at - b.opened_at ||
    a.number - b.number
  );
}

/** The incidents in order. `before` is the arrangement before: sorting what is nearly sorted costs next to nothing. */
export function arrange(before: readonly Incident[], incidents: ReadonlyMap<string, Incident>): Incident[] {
  const rows: Incident[] = [];
  const kept = new Set<string>();
  for (const row of before) {
    const now = incidents.get(row.id);
    if (now === undefined) continue;
    rows.push(now);
    kept.add(row.id);
  }
  if (kept.size !== incidents.size) for (const row of incidents.values()) if (!kept.has(row.id)) rows.push(row);
  return rows.sort(byUrgency);
}

/** Above so many changes at once, arranging anew costs less. */
const REARRANGE_MAX = 500;

/** The arrangement after some incidents changed: what `arrange` gives, for the price of the changes alone. `before` holds
 *  the incidents as they stand in `rows`. */
export function rearrange(
  rows: readonly Incident[],
  before: ReadonlyMap<string, Incident>,
  after: ReadonlyMap<string, Incident>,
  changed: ReadonlySet<string>,
): readonly Incident[] {
  if (changed.size > REARRANGE_MAX) return arrange(rows, after);
  const moved = rows.slice();
  for (const id of changed) {
    const old = before.get(id);
    const now = after.get(id);
    if (old === now) continue;
    if (old !== undefined) moved.splice(placeAmong(moved, old), 1);
    if (now !== undefined) moved.splice(placeAmong(moved, now), 0, now);
  }
  return moved;
}

/** Where an incident stands among rows in order, or would. */
export function placeAmong(rows: readonly Incident[], incident: Incident): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byUrgency(rows[middle] as Incident, incident) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface Counts {
  /** Open incidents by priority; index 0 is not used. */
  open: readonly number[];
  /** Of those, the ones that wait for somebody. */
  unclaimed: readonly number[];
  shelved: number;
}

export function count(incidents: Iterable<Incident>): Counts {
  const open = [0, 0, 0, 0, 0];
  const unclaimed = [0, 0, 0, 0, 0];
  let shelved = 0;
  for (const incident of incidents) {
    if (incident.presentation === "shelved") shelved++;
    open[incident.priority] = (open[incident.priority] ?? 0) + 1;
    if (waits(incident)) unclaimed[incident.priority] = (unclaimed[incident.priority] ?? 0) + 1;
  }
  return { open, unclaimed, shelved };
}
