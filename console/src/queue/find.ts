/** Which open incidents are meant by a few letters. Looks at numbers, types, sites and accounts, and at nothing else
 *  (SCOPE.md, R7): no note, no text, no name of a person. */

import { keyOf, type Names } from "../state/names";
import type { Incident } from "../state/reducer";

export const MATCHES_MAX = 8;

export interface Match {
  readonly incident: Incident;
  readonly place: string;
}

const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();

/** The first matches in the order of the queue; an exact number before all others. */
export function found(words: string, rows: readonly Incident[], names: Names): Match[] {
  const wanted = plain(words).replace(/^#/, "").split(/\s+/u).filter((word) => word !== "");
  if (wanted.length === 0) return [];
  const matches: Match[] = [];
  const exact: Match[] = [];
  for (const incident of rows) {
    const key = keyOf(incident);
    const known = key === null ? undefined : names.get(key);
    const place = known?.site ?? known?.name ?? incident.account ?? "";
    if (wanted.length === 1 && String(incident.number) === wanted[0]) {
      exact.push({ incident, place });
      continue;
    }
    if (matches.length >= MATCHES_MAX) continue;
    const heads = [String(incident.number), incident.type, incident.account ?? ""].map(plain);
    const inside = [known?.site ?? "", known?.name ?? ""].map(plain);
    const isMatch = wanted.every((word) => heads.some((head) => head.startsWith(word)) || plain(incident.type).includes(`-${word}`) || inside.some((text) => text.includes(word)));
    if (isMatch) matches.push({ incident, place });
  }
  return [...exact, ...matches].slice(0, MATCHES_MAX);
}
