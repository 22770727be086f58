/** What the centre has open, worked out from snapshot pages and deltas. Pure: the worker and every window run the same
 *  function over the same stream and hold the same state, however the stream was cut. */

import type { Delta, IncidentItem } from "../api/types";

/** An incident without the names of its place: those come by another way (`names.ts`) and never in the stream. */
export type Incident = Omit<IncidentItem, "account_name" | "site" | "zone_name">;

export interface LiveState {
  /** EPOCH-SEQ up to which everything is in here; null before the first snapshot. */
  readonly id: string | null;
  readonly incidents: ReadonlyMap<string, Incident>;
  /** Versions at which incidents were closed, the latest 1,000: what is older about them is dropped. */
  readonly gone: ReadonlyMap<string, number>;
  /** The latest change of accounts, sites or zones. */
  readonly config: number;
}

export type LiveEvent =
  /** A whole snapshot: everything before is forgotten. */
  | { readonly kind: "snapshot"; readonly id: string; readonly items: readonly IncidentItem[]; readonly config: number }
  /** More of the snapshot that is being loaded. */
  | { readonly kind: "page"; readonly items: readonly IncidentItem[] }
  | { readonly kind: "delta"; readonly id: string; readonly delta: Delta }
  /** What the server answered to a command of this window: true at once, before the stream says it too. */
  | { readonly kind: "row"; readonly incident: IncidentItem };

export const EMPTY: LiveState = { id: null, incidents: new Map(), gone: new Map(), config: 0 };
const GONE_MAX = 1_000;

export interface LiveId {
  readonly epoch: number;
  readonly seq: number;
}

/** Read EPOCH-SEQ; null where it is none. */
export function readId(id: string | null): LiveId | null {
  const match = /^([0-9]{1,16})-([0-9]{1,16})$/.exec(id ?? "");
  return match === null ? null : { epoch: Number(match[1]), seq: Number(match[2]) };
}

/** How a delta stands to what is held. `gap`: something between was not seen, and everything must be loaded anew. */
export function follows(held: string | null, id: string, delta: Delta): "next" | "old" | "gap" {
  const [mine, its, before] = [readId(held), readId(id), readId(delta.prev)];
  if (mine === null || its === null || before === null) return "gap";
  if (its.epoch !== mine.epoch) return "gap";
  if (its.seq <= mine.seq) return "old";
  return before.epoch === mine.epoch && before.seq <= mine.seq ? "next" : "gap";
}

export function reduce(state: LiveState, event: LiveEvent): LiveState {
  switch (event.kind) {
    case "snapshot":
      return {
        id: event.id,
        incidents: merge(new Map(), new Map(), event.items).incidents,
        gone: new Map(),
        config: event.config,
      };
    case "page":
      return { ...state, ...merge(state.incidents, state.gone, event.items) };
    case "row":
      return { ...state, ...merge(state.incidents, state.gone, [event.incident]) };
    case "delta": {
      if (follows(state.id, event.id, event.delta) !== "next") return state;
      const rows = event.delta.changes.flatMap((change) => (change.incident ? [change.incident] : []));
      const config = event.delta.changes.reduce((latest, change) => Math.max(latest, change.config ?? 0), state.config);
      const { incidents, gone } = rows.length === 0 ? state : merge(state.incidents, state.gone, rows);
      return { id: event.id, incidents, gone, config };
    }
  }
}

function merge(
  incidents: ReadonlyMap<string, Incident>,
  gone: ReadonlyMap<string, number>,
  items: readonly IncidentItem[],
): Pick<LiveState, "incidents" | "gone"> {
  const rows = new Map(incidents);
  let closed: Map<string, number> | null = null;
  for (const item of items) {
    const known = rows.get(item.id)?.version ?? (closed ?? gone).get(item.id) ?? -1;
    if (item.version <= known) continue;
    if (item.state === "closed") {
      rows.delete(item.id);
      closed ??= new Map(gone);
      closed.delete(item.id);
      closed.set(item.id, item.version);
    } else rows.set(item.id, withoutNames(item));
  }
  if (closed !== null) for (const id of closed.keys()) {
    if (closed.size <= GONE_MAX) break;
    closed.delete(id);
  }
  return { incidents: rows, gone: closed ?? gone };
}

function withoutNames({ account_name: _account, site: _site, zone_name: _zone, ...incident }: IncidentItem): Incident {
  return incident;
}
