/** Into which incidents one can be merged: what the centre would not refuse for what they are. Pure. */

import type { Incident } from "../state/reducer";

export const OFFERED_MAX = 8;
const LIFE = new Set(["fire", "explosion", "medical", "rescue", "hazmat", "robbery_holdup"]);

/** May it be merged, or split, at all? */
export function isOfSignals(incident: Incident): boolean {
  return incident.origin !== "centre" && !incident.is_room;
}

export function fits(one: Incident, into: Incident): boolean {
  if (one.id === into.id || into.state !== "open" || !isOfSignals(one) || !isOfSignals(into)) return false;
  if (one.exercise !== into.exercise || one.presentation !== into.presentation || one.test !== into.test) return false;
  if (one.silent !== into.silent || one.priority < into.priority) return false;
  return !LIFE.has(one.hazard) || one.hazard === into.hazard;
}

/** Those of the same site first, then those that opened at about the same time. */
export function offered(one: Incident, rows: readonly Incident[]): Incident[] {
  const at = (other: Incident): number => Math.abs(other.opened_at - one.opened_at);
  const isNear = (other: Incident): boolean => one.site_id !== null && other.site_id === one.site_id;
  return rows.filter((other) => fits(one, other)).sort((a, b) => Number(isNear(b)) - Number(isNear(a)) || at(a) - at(b));
}
