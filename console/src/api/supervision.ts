/** Supervision: who is heard, late and missing. Asked for every few seconds; never part of the live stream. */

import { get } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type SupervisionAnswer = Schemas["SupervisionAnswer"];
export type CategoryItem = Schemas["CategoryItem"];
export type CommonItem = Schemas["CommonItem"];
export type WatchedItem = Schemas["WatchedItem"];
export type WatchedPage = Schemas["WatchedPage"];
export type WatchState = WatchedItem["state"];
export type WatchedPath = WatchedItem["paths"][number];

export const STATES: readonly WatchState[] = [
  "all_paths_lost", "missing", "one_path_lost", "late", "second_never_heard", "grace", "on_time", "learning", "never_heard", "off",
];

export interface Filter { state: string; category: string; receiver: string; network: string; incident: string }

export const supervision = (signal: AbortSignal): Promise<SupervisionAnswer> => get("/supervision", {}, { signal });

export const watched = (filter: Filter, after: string | null, signal: AbortSignal): Promise<WatchedPage> =>
  get("/supervision/accounts", {
    ...(after === null ? {} : { after }),
    ...(filter.state === "" ? {} : { state: filter.state }),
    ...(filter.category === "" ? {} : { category: filter.category }),
    ...(filter.receiver === "" ? {} : { receiver: filter.receiver }),
    ...(filter.network === "" ? {} : { network: filter.network }),
    ...(filter.incident === "" ? {} : { incident: filter.incident }),
  }, { signal });
