/** The zones of an account while they are changed: what is there, what was changed, and what the centre would refuse. */

import type { ZoneItem } from "../../api/configuration";
import type { Priority, TypeItem } from "../../api/types";
import { p } from "../../texts/pages";
import { same } from "../../ui/draft";

export type ZoneDetector = NonNullable<ZoneItem["detector"]>;
export const ZONES_MAX = 2000;
const NAME_MAX = 120;
/** Classes that need a person's report: no zone opens them (INTEGRATIONS.md, section 0). */
const MACHINE_NEVER = new Set(["violence", "theft", "missing_person", "trafficking_kidnap"]);

export interface ZoneDraft {
  /** Stays the same while the number is typed. */
  key: number;
  number: string;
  name: string;
  type: string;
  priority: Priority | null;
  partition: string;
  detector: ZoneDetector | "";
  /** As it is at the centre; null: it is new. */
  base: ZoneItem | null;
  isRemoved: boolean;
}

/** Zones are compared without leading zeros; only zeros are `0`. */
export function zoneNumber(sent: string): string {
  return sent.trim().replace(/^0+(?=.)/, "");
}

export function draftsOf(items: readonly ZoneItem[]): ZoneDraft[] {
  return items.map((item, key) => ({
    key, number: item.number, name: item.name ?? "", type: item.type ?? "", priority: item.priority,
    partition: item.partition ?? "", detector: item.detector ?? "", base: item, isRemoved: false,
  }));
}

export function zoneOf(draft: ZoneDraft): ZoneItem {
  return { number: zoneNumber(draft.number), name: draft.name.trim() || null, type: draft.type || null, priority: draft.priority, partition: zoneNumber(draft.partition).toUpperCase() || null, detector: draft.detector || null };
}

export type ZoneMark = "new" | "changed" | "removed" | null;

export function markOf(draft: ZoneDraft): ZoneMark {
  if (draft.isRemoved) return "removed";
  if (draft.base === null) return "new";
  return same(zoneOf(draft), draft.base) ? null : "changed";
}

/** What is sent: every zone that stays. */
export function zonesToSend(drafts: readonly ZoneDraft[]): ZoneItem[] {
  return drafts.filter((draft) => !draft.isRemoved).map(zoneOf);
}

export interface ZoneMistakes { number?: string; name?: string; partition?: string }

/** What is wrong with one zone among all. */
export function zoneMistakes(draft: ZoneDraft, drafts: readonly ZoneDraft[]): ZoneMistakes {
  const found: ZoneMistakes = {};
  const number = zoneNumber(draft.number);
  if (!/^[0-9A-Za-z]{1,16}$/.test(draft.number.trim())) found.number = p.zone.numberForm;
  else if (drafts.some((other) => other.key !== draft.key && !other.isRemoved && zoneNumber(other.number) === number)) {
    found.number = p.zone.numberTwice(number);
  }
  if ([...draft.name.trim()].length > NAME_MAX) found.name = p.zone.nameLong;
  if (!/^[0-9A-Za-z]{0,6}$/.test(draft.partition.trim())) found.partition = p.zone.partitionForm;
  return found;
}

/** By number as people count: 2 before 10, digits before letters. */
export function byNumber(one: ZoneDraft, other: ZoneDraft): number {
  const [a, b] = [zoneNumber(one.number), zoneNumber(other.number)];
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : one.key - other.key);
}

export function fits(draft: ZoneDraft, text: string): boolean {
  const wanted = text.trim().toLocaleLowerCase();
  return draft.number.toLocaleLowerCase().startsWith(wanted) || draft.name.toLocaleLowerCase().includes(wanted);
}

/** Types that a zone may name, in groups of one hazard class. */
export function zoneTypes(types: readonly TypeItem[]): [string, TypeItem[]][] {
  const groups = new Map<string, TypeItem[]>();
  for (const type of types) {
    if (type.opened_by !== "any" || MACHINE_NEVER.has(type.hazard)) continue;
    const group = groups.get(type.hazard);
    if (group === undefined) groups.set(type.hazard, [type]);
    else group.push(type);
  }
  return [...groups];
}
