/** Zones out of service, in words. */

import type { ZonesOutItem } from "../../api/out_of_service";
import { oos } from "../../texts/out_of_service";

/** `Branch Nord, account 1234, zone 4 Hall` */
export function placeOf(item: ZonesOutItem, isOfAccount: boolean): string {
  const account = item.account === null ? oos.removed : oos.account(item.account);
  const zones = item.zones.map((zone) => oos.zone(zone.number, zone.name ?? "")).join(", ");
  return [...(isOfAccount ? [] : [item.site ?? "", account]), zones].filter((part) => part !== "").join(", ");
}

/** Zones as typed: with commas or blanks between; null where they cannot be zones. */
export function zonesOf(typed: string): string[] | null {
  const zones = typed.split(/[\s,;]+/).filter((zone) => zone !== "");
  return zones.length >= 1 && zones.length <= 200 && zones.every((zone) => /^[A-Za-z0-9]{1,16}$/.test(zone)) ? zones : null;
}

/** Lengths that are offered; which of them somebody may set, the centre says. */
export const HOURS: readonly number[] = [2, 8, 24, 72, 168, 336, 720, 2208];
