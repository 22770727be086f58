/** Names of places, by account and site. They come with a snapshot's rows and from `/places`; the live stream holds none.
 *  A change of accounts, sites or zones makes all of them old: they are shown until the new ones are there. */

import type { AccountPlaceItem, IncidentItem, SitePlaceItem } from "../api/types";
import type { Incident } from "./reducer";

export interface AccountNames {
  readonly name: string | null;
  readonly site_id: string | null;
  readonly site: string | null;
  /** Names of zones by number. */
  readonly zones: Readonly<Record<string, string>>;
  /** The configuration that they were read at; -1 where they came with a row and may lack zones. */
  readonly config: number;
}

export type Names = ReadonlyMap<string, AccountNames>;
export const NAMES_AT_ONCE = 200;
const FROM_ROW = -1;

/** What names an incident's place: its account; without one, as of a call, its site. */
export const keyOf = (incident: Pick<Incident, "account_id" | "site_id">): string | null => incident.account_id ?? incident.site_id;
export const isSite = (key: string): boolean => key.startsWith("site-");
const ofSite = (id: string, site: string | null, config: number): AccountNames => ({ name: null, site_id: id, site, zones: {}, config });

/** Names that stand in rows. What was fetched whole stays. */
export function learn(names: Names, items: readonly IncidentItem[]): Names {
  const learnt = new Map(names);
  for (const item of items) {
    if (item.account_id === null) {
      if (item.site_id !== null && item.site !== null) learnt.set(item.site_id, ofSite(item.site_id, item.site, FROM_ROW));
      continue;
    }
    const before = learnt.get(item.account_id);
    if (before !== undefined && before.config !== FROM_ROW) continue;
    const zones = item.zone !== null && item.zone_name !== null ? { ...before?.zones, [item.zone]: item.zone_name } : (before?.zones ?? {});
    learnt.set(item.account_id, { name: item.account_name, site_id: item.site_id, site: item.site, zones, config: FROM_ROW });
  }
  return learnt;
}

/** Names as fetched. An account that was asked for and is not there has none: asking again would not help. */
export function fetched(names: Names, asked: readonly string[], accounts: readonly AccountPlaceItem[], config: number, sites: readonly SitePlaceItem[] = []): Names {
  const learnt = new Map(names);
  const siteNames = new Map(sites.map((site) => [site.site_id, site.site]));
  const found = new Map(accounts.map((account) => [account.account_id, account]));
  for (const id of asked) {
    if (isSite(id)) {
      learnt.set(id, ofSite(id, siteNames.get(id) ?? null, config));
      continue;
    }
    const account = found.get(id);
    learnt.set(id, {
      name: account?.name ?? null,
      site_id: account?.site_id ?? null,
      site: account?.site ?? null,
      zones: account?.zones ?? {},
      config,
    });
  }
  return learnt;
}

/** Accounts whose names an incident needs and that are not known, or are older than `config`; in the order of need. */
export function wanted(names: Names, incidents: Iterable<Incident>, config: number): string[] {
  const ids = new Set<string>();
  for (const incident of incidents) {
    const key = keyOf(incident);
    if (key === null) continue;
    const known = names.get(key);
    const isOld = known !== undefined && known.config !== FROM_ROW && known.config < config;
    const lacksZone = known?.config === FROM_ROW && incident.zone !== null && known.zones[incident.zone] === undefined;
    if (known === undefined || isOld || lacksZone) ids.add(key);
  }
  return [...ids];
}

/** Forget the names of accounts without an open incident, once there are too many. */
export function prune(names: Names, incidents: Iterable<Incident>, max: number): Names {
  if (names.size <= max) return names;
  const needed = new Set<string>();
  for (const incident of incidents) {
    const key = keyOf(incident);
    if (key !== null) needed.add(key);
  }
  return new Map([...names].filter(([id]) => needed.has(id)));
}

export interface PlaceWords {
  /** The site's name, or the account's, or its number. */
  readonly main: string | null;
  /** What is more exact: the account's name, the zone. */
  readonly account: string | null;
  readonly zone: string | null;
  readonly zoneName: string | null;
}

export function placeOf(names: Names, incident: Incident): PlaceWords {
  const key = keyOf(incident);
  const known = key === null ? undefined : names.get(key);
  return {
    main: known?.site ?? null,
    account: known?.name ?? null,
    zone: incident.zone,
    zoneName: incident.zone === null ? null : (known?.zones[incident.zone] ?? null),
  };
}
