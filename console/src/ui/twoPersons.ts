/** An act of two persons, in words. */

import { live } from "../live/live.svelte";
import type { Approval } from "../shell/approvals.svelte";
import { capital } from "../state/format";
import { q } from "../texts/people";
import { day } from "./times";

export const actWords = (act: string): string => q.two.acts[act] ?? act;
export const reasonWords = (reason: string): string => q.two.reasons[reason] ?? reason.replaceAll("_", " ");

/** The same at the beginning of a sentence. */
export const actTitle = (act: string): string => capital(actWords(act));

const DAYS: ReadonlySet<string> = new Set(["since", "until"]);

/** What it is for, as far as it names nobody and no incident: `until: 2027-02-20`. */
export function parameterWords(item: Pick<Approval, "shown" | "subject">): string {
  return Object.entries(item.shown)
    .filter(([name, value]) => value !== null && name !== "reason" && value !== item.subject)
    .map(([name, value]) => `${name.replaceAll("_", " ")}: ${DAYS.has(name) && typeof value === "number" ? day(value) : value}`)
    .join(", ");
}

/** The incident that it is about, by the number that the room knows it by. */
export function subjectWords(subject: string): string {
  const known = live.incidents.get(subject);
  return known === undefined ? subject : `#${known.number}`;
}
