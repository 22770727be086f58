/** Classes of incidents, in words. */

import type { DeskItem, HazardClass } from "../../api/shifts";
import { p } from "../../texts/pages";
import { w } from "../../texts/shifts";

export const HAZARDS = Object.keys(p.hazards) as readonly HazardClass[];
export const hazardWords = (hazard: HazardClass): string => p.hazards[hazard] ?? hazard;

/** What a desk takes. */
export function takes(desk: DeskItem): string {
  if (desk.hazards.length === 0 && desk.priorities.length === 0) return w.takesAll;
  return w.takesOnly(desk.hazards.map(hazardWords).join(", "), desk.priorities.length === 0 ? "" : w.priorities(desk.priorities.join(", ")));
}
