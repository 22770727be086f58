/** Places on test, in words. */

import type { OnTestItem } from "../../api/on_test";
import { o } from "../../texts/on_test";

/** `Branch Nord, zones 4, 9` */
export function placeOf(item: OnTestItem): string {
  const account = item.account_id === null ? o.wholeSite : item.account === null ? o.removed : o.account(item.account);
  const parts = [item.site ?? "", account];
  if (item.partition !== null) parts.push(o.partition(item.partition));
  if (item.zones.length > 0) parts.push(o.zones(item.zones));
  return parts.filter((part) => part !== "").join(", ");
}

/** Zones as typed: with commas or blanks between; null where they cannot be zones. */
export function zonesOf(typed: string): string[] | null {
  const zones = typed.split(/[\s,;]+/).filter((zone) => zone !== "");
  return zones.length <= 200 && zones.every((zone) => /^[A-Za-z0-9]{1,6}$/.test(zone)) ? zones : null;
}

/** Lengths that are offered; which of them somebody may set, the centre says. */
export const HOURS: readonly number[] = [1, 2, 4, 8, 12, 24, 48, 72, 168];
