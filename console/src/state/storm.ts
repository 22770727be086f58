/** Alarm floods on the screen: which incidents stand behind the first of their place and class. Pure.
 *
 *  Nothing is dropped: all are open and counted, and a group opens to all of them. What is of priority 1 or 2, about
 *  lives, silent, somebody's, shelved or on test always stands alone. */

import { isAboutLives, waits } from "./order";
import type { Incident } from "./reducer";

/** So many of one class at different places are a group, where no place has two of it. */
const SCATTERED_MIN = 3;

export interface Group {
  readonly key: string;
  /** The first that came, which stands in the queue for all. */
  readonly first: Incident;
  /** All of it, the first too, in the order of the queue. */
  readonly members: readonly Incident[];
  /** They are all of one place; else of several. */
  readonly isOnePlace: boolean;
}

/** Without a storm nothing stands behind anything. */
export const NOTHING: { readonly groups: ReadonlyMap<string, Group>; readonly behind: ReadonlySet<string>; readonly count: number } = { groups: new Map(), behind: new Set(), count: 0 };

export interface Grouped {
  readonly rows: readonly Incident[];
  /** By the id of the incident that stands for it. */
  readonly groups: ReadonlyMap<string, Group>;
  /** Rows that stand below the first of their group, since it was opened, or since they are looked at. */
  readonly behind: ReadonlySet<string>;
  /** How many stand behind others, whether or not their group is opened. */
  readonly count: number;
}

/** May it stand behind another? `since` is when the storm began, in microseconds. */
export function mayGroup(incident: Incident, since: number): boolean {
  return (
    incident.priority >= 3 &&
    incident.opened_at >= since &&
    incident.presentation === "shown" &&
    waits(incident) &&
    !isAboutLives(incident) &&
    !incident.silent &&
    !incident.is_room &&
    !incident.exercise &&
    !incident.look_again_due &&
    incident.plan?.late !== true
  );
}

/** Place and class; null where it has no place that it could share. */
export function placeKey(incident: Incident): string | null {
  const place = incident.site_id ?? incident.account_id ?? (incident.account === null ? null : `?${incident.account}`);
  return place === null ? null : `${place} ${incident.hazard} ${incident.priority}`;
}

const classKey = (incident: Incident): string => `* ${incident.hazard} ${incident.priority}`;

/** The queue in a storm. `rows` are in its order; `opened` are keys of groups that somebody opened: their members follow the
 *  first. Of a group that is shut those of `pinned` do: what is looked at is never taken away. */
export function group(rows: readonly Incident[], since: number | null, pinned: ReadonlySet<string>, opened: ReadonlySet<string>): Grouped {
  if (since === null) return { rows, ...NOTHING };
  const able = rows.map((row) => mayGroup(row, since));
  const byPlace = new Map<string, number>();
  rows.forEach((row, at) => {
    const key = able[at] ? placeKey(row) : null;
    if (key !== null) byPlace.set(key, (byPlace.get(key) ?? 0) + 1);
  });
  const scattered = new Map<string, number>();
  const isOfPlace = (row: Incident): boolean => (byPlace.get(placeKey(row) ?? "") ?? 0) >= 2;
  rows.forEach((row, at) => {
    if (able[at] && !isOfPlace(row)) scattered.set(classKey(row), (scattered.get(classKey(row)) ?? 0) + 1);
  });
  const keys = rows.map((row, at) => {
    if (!able[at]) return null;
    if (isOfPlace(row)) return placeKey(row);
    return (scattered.get(classKey(row)) ?? 0) >= SCATTERED_MIN ? classKey(row) : null;
  });
  return collect(rows, keys, pinned, opened);
}

function collect(rows: readonly Incident[], keys: readonly (string | null)[], pinned: ReadonlySet<string>, opened: ReadonlySet<string>): Grouped {
  const members = new Map<string, Incident[]>();
  rows.forEach((row, at) => {
    const key = keys[at];
    if (key == null) return;
    const known = members.get(key);
    if (known === undefined) members.set(key, [row]);
    else known.push(row);
  });
  const groups = new Map<string, Group>();
  const shown: Incident[] = [];
  const behind = new Set<string>();
  let count = 0;
  rows.forEach((row, at) => {
    const key = keys[at];
    if (key == null) {
      shown.push(row);
      return;
    }
    const all = members.get(key) as Incident[];
    if (all[0] !== row) return;
    groups.set(row.id, { key, first: row, members: all, isOnePlace: !key.startsWith("*") });
    count += all.length - 1;
    shown.push(row);
    for (const member of all.slice(1)) {
      if (!opened.has(key) && !pinned.has(member.id)) continue;
      shown.push(member);
      behind.add(member.id);
    }
  });
  return { rows: shown, groups, behind, count };
}

/** Does another one that waits stand for it already? Then it is not heard: the first of its place and class was. */
export function isBehind(incident: Incident, open: Iterable<Incident>, since: number | null): boolean {
  if (since === null || !mayGroup(incident, since)) return false;
  const [place, kind] = [placeKey(incident), classKey(incident)];
  let scattered = 0;
  for (const one of open) {
    if (one.id === incident.id || one.number > incident.number || !mayGroup(one, since)) continue;
    if (place !== null && placeKey(one) === place) return true;
    if (classKey(one) === kind && ++scattered >= SCATTERED_MIN - 1) return true;
  }
  return false;
}
