/** Places on test, in words. */

import type { OnTestItem, OwnTestItem, ZoneNamed } from "../../api/on_test";
import { o } from "../../texts/on_test";

/** `Branch Nord, zones 4, 9` */
export function placeOf(item: OnTestItem | OwnTestItem): string {
  const account = item.account_id === null ? o.wholeSite : item.account === null ? o.removed : o.account(item.account);
  const parts = [item.site ?? "", account];
  if (item.partition !== null) parts.push(item.partition_name ?? o.partition(item.partition));
  if (item.zones.length > 0) parts.push(o.zones(labelsOf(item.zones, item.zone_names)));
  return parts.filter((part) => part !== "").join(", ");
}

const NAMED_MAX = 12;

/** `4 Boiler room`, and `4` where nobody named it. Where they are many, the numbers alone: so a list stays one. */
export function labelsOf(zones: readonly string[], names: readonly ZoneNamed[], most: number = NAMED_MAX): string[] {
  if (zones.length > most) return [...zones];
  const known = new Map(names.map((one) => [one.number, one.name]));
  return zones.map((zone) => (known.has(zone) ? `${zone} ${known.get(zone)}` : zone));
}

/** What is still missing, in words. */
export function missingOf(zones: readonly string[] | null, names: readonly ZoneNamed[], most?: number): string {
  return zones === null ? o.unknownMissing : o.missing(labelsOf(zones, names, most));
}

/** Zones as typed: with commas or blanks between; null where they cannot be zones. */
export function zonesOf(typed: string): string[] | null {
  const zones = typed.split(/[\s,;]+/).filter((zone) => zone !== "");
  return zones.length <= 200 && zones.every((zone) => /^[A-Za-z0-9]{1,6}$/.test(zone)) ? zones : null;
}

/** Lengths that are offered; which of them somebody may set, the centre says. */
export const HOURS: readonly number[] = [1, 2, 4, 8, 12, 24, 48, 72, 168];
