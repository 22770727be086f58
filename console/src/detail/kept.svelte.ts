/** What this window loaded of incidents that were opened in it, for a time without the centre. In memory alone; gone once the
 *  desk is locked or the session is over, and an incident's once the centre shows it no more. */

import type { IncidentDetail, IncidentTexts } from "../api/types";
import { live } from "../live/live.svelte";
import { session } from "../shell/session.svelte";

export interface Kept {
  readonly answer: IncidentDetail;
  readonly texts: IncidentTexts | null;
  /** Server time in ms when `answer` was loaded. */
  readonly at: number;
}

export const KEPT_MAX = 100;
const kept = new Map<string, Kept>();

export function keptOf(id: string): Kept | null {
  return session.isShut ? null : (kept.get(id) ?? null);
}

export function keepLoaded(id: string, loaded: Kept): void {
  if (session.isShut) return;
  kept.delete(id);
  kept.set(id, loaded);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT_MAX) break;
    kept.delete(oldest);
  }
}

export function forget(id: string): void {
  kept.delete(id);
}

// Written anew or erased: what is held of it is old.
live.listen({ personal: (incident) => void kept.delete(incident) });

$effect.root(() => {
  $effect(() => {
    if (session.isShut) kept.clear();
  });
});
