/** Zones out of service: why, until when, what they said, and which of them somebody may have forgotten. */

import { get, post } from "./client";
import type { components } from "./schema";
import type { Micros } from "./types";

type Schemas = components["schemas"];

export type ZonesOutAnswer = Schemas["ZonesOutAnswer"];
export type ZonesOutItem = Schemas["ZonesOutItem"];
export type TakeOutBody = Schemas["TakeOutBody"];
export type OutReason = ZonesOutItem["reason"];

export const OUT_REASONS: readonly OutReason[] = ["detector_fault", "waiting_for_parts", "unwanted_alarms", "building_works", "not_in_use"];

/** Those of one account, or with null all. */
export const zonesOut = (account: string | null, signal?: AbortSignal): Promise<ZonesOutAnswer> =>
  get(account === null ? "/out-of-service" : `/accounts/${account}/out-of-service`, {}, signal === undefined ? {} : { signal });
export const takeOut = (account: string, body: TakeOutBody): Promise<ZonesOutItem> => post(`/accounts/${account}/out-of-service`, body);
export const extendOut = (id: string, until: Micros): Promise<ZonesOutItem> => post(`/out-of-service/${id}/extend`, { until });
export const putBack = (id: string): Promise<ZonesOutItem> => post(`/out-of-service/${id}/end`);
