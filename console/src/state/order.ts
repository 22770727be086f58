/** The order of the queue: most urgent first. */

import type { Incident } from "./reducer";

/** Priority, then unclaimed before claimed, then oldest first. Total: no two incidents are equal. */
export function byUrgency(a: Incident, b: Incident): number {
  return (
    a.priority - b.priority ||
    Number(a.claimed_by !== null) - Number(b.claimed_by !== null) ||
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

export interface Counts {
  /** Open incidents by priority; index 0 is not used. */
  open: readonly number[];
  /** Of those, the ones that nobody has claimed. */
  unclaimed: readonly number[];
}

export function count(incidents: Iterable<Incident>): Counts {
  const open = [0, 0, 0, 0, 0];
  const unclaimed = [0, 0, 0, 0, 0];
  for (const incident of incidents) {
    open[incident.priority] = (open[incident.priority] ?? 0) + 1;
    if (incident.claimed_by === null) unclaimed[incident.priority] = (unclaimed[incident.priority] ?? 0) + 1;
  }
  return { open, unclaimed };
}
