/** What became of a command that was not carried out, in words: what the centre said, and who did what before. */

import { withNames } from "../detail/people";
import { ageWords } from "../state/format";
import { people } from "../state/people.svelte";
import type { Incident } from "../state/reducer";
import { t } from "../texts";

/** What the centre says, with people by their names. */
export function told(message: string | undefined): string {
  return withNames(message ?? "", (id) => people.name(id) ?? t.detail.somebody).map((piece) => piece.text).join("");
}

export function isOthers(incident: Incident, me: string | undefined): boolean {
  return incident.state === "open" && incident.claimed_by !== null && incident.claimed_by !== me;
}

/** Who has it or closed it, and since when, as far as the incident tells; nothing where it is nobody's, or one's own. */
export function whoAndWhen(incident: Incident, me: string | undefined, nowMs: number): string {
  const did = (actor: string | null, at: number | null, words: (name: string, age: string) => string): string =>
    actor === null || at === null ? "" : words(people.name(actor) ?? t.detail.somebody, ageWords(nowMs - at / 1000));
  if (incident.state === "closed") return did(incident.closed_by, incident.closed_at, t.sent.closedBy);
  return isOthers(incident, me) ? did(incident.claimed_by, incident.claimed_at, t.sent.claimedBy) : "";
}
