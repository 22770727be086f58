/** How far the first steps of the demo are. Kept in the browser for the session that took them: another demo has the same
 *  address, the same name and the same ids, and whoever is let in there begins at the first step. */

import type { SessionAnswer } from "../api/types";
import { keep, kept } from "../shell/looks.svelte";

export const STEPS = ["sound", "wait", "claim", "open", "plan", "note", "closing", "more", "done"] as const;
export type Step = (typeof STEPS)[number] | "closed";
const KEPT = "tocsin.hints";
type Whose = { readonly user: Pick<SessionAnswer["user"], "id">; readonly expires_at: number };

const words = (session: Whose | null, step: Step): string => `${session?.user.id} ${session?.expires_at} ${step}`;

export function keptStep(session: Whose | null): Step {
  const steps: readonly Step[] = [...STEPS, "closed"];
  const value = kept(KEPT, steps.map((step) => words(session, step)), "");
  return steps.find((step) => words(session, step) === value) ?? "sound";
}

export function keepStep(session: Whose | null, step: Step): void {
  keep(KEPT, words(session, step));
}
