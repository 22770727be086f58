/** What a call may be about already, and which types somebody means who types. Pure. By place and time, never by person. */

import type { TypeItem } from "../api/types";
import type { Incident } from "../state/reducer";

export const SAME_MAX = 6;
const LATELY_MS = 3_600_000;
const TYPES_MAX = 9;

export interface Same { readonly incident: Incident; readonly isAtSite: boolean }

/** Open incidents at the site; where none is chosen, those of the last hour whose place is told in words. Newest first. */
export function sameAs(rows: readonly Incident[], site: string | null, isTold: boolean, nowMs: number | null): Same[] {
  const found = rows
    .filter((one) => one.state === "open" && !one.is_room && !one.exercise && one.presentation !== "on_test")
    .flatMap((incident): Same[] => {
      if (site !== null) return incident.site_id === site ? [{ incident, isAtSite: true }] : [];
      const isLate = nowMs !== null && nowMs - incident.opened_at / 1000 < LATELY_MS;
      return isTold && isLate && incident.told_place !== null ? [{ incident, isAtSite: false }] : [];
    });
  return found.sort((a, b) => b.incident.opened_at - a.incident.opened_at).slice(0, SAME_MAX);
}

/** Types that people may report and that fit what is typed: three digits, the type's word, or words of its meaning. */
export function matching(typed: string, types: readonly TypeItem[]): TypeItem[] {
  const words = typed.toLowerCase().split(/[\s-]+/).filter((word) => word !== "");
  if (words.length === 0) return [];
  const ranked = types
    .filter((one) => one.opened_by !== "centre")
    .flatMap((one) => {
      if (one.short.startsWith(typed.trim())) return [{ one, rank: 0 }];
      const names = one.type.toLowerCase().split(/[-.]/);
      const meanings = one.meaning.toLowerCase().split(/[^a-z0-9]+/);
      const inName = words.every((word) => names.some((name) => name.startsWith(word)));
      const isIn = inName || words.every((word) => [...names, ...meanings].some((name) => name.startsWith(word)));
      return isIn ? [{ one, rank: inName ? 1 : 2 }] : [];
    });
  return ranked.sort((a, b) => a.rank - b.rank || a.one.priority - b.one.priority).slice(0, TYPES_MAX).map(({ one }) => one);
}
