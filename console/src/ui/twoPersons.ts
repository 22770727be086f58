/** An act of two persons, in words. */

import type { Approval } from "../shell/approvals.svelte";
import { q } from "../texts/people";

export const actWords = (act: string): string => q.two.acts[act] ?? act;
export const reasonWords = (reason: string): string => q.two.reasons[reason] ?? reason.replaceAll("_", " ");

/** What it is for, as far as it names nobody: `incident-17, days 30`. */
export function parameterWords(item: Pick<Approval, "shown" | "subject">): string {
  const shown = Object.entries(item.shown).filter(([name, value]) => value !== null && name !== "reason" && value !== item.subject);
  return [...(item.subject === null ? [] : [item.subject]), ...shown.map(([name, value]) => `${name.replaceAll("_", " ")}: ${value}`)].join(", ");
}
