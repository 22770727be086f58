/** Sites on test: what starts no response, until when, what arrived, and what was forgotten. Asked for every few seconds. */

import { get, post, remove } from "./client";
import type { components } from "./schema";
import type { Micros } from "./types";

type Schemas = components["schemas"];

export type OnTestAnswer = Schemas["OnTestAnswer"];
export type OnTestDetail = Schemas["OnTestDetail"];
export type OnTestItem = Schemas["OnTestItem"];
export type ZoneNamed = Schemas["NamedZone"];
export type ArrivedItem = Schemas["ArrivedItem"];
export type BeginTestBody = Schemas["BeginTestBody"];
export type HazardClass = OnTestItem["live"][number];
export type TestReason = OnTestItem["reason"];
export type AskedBy = OnTestItem["asked_by"];

export const REASONS: readonly TestReason[] = ["walk_test", "maintenance", "installation", "fault_finding", "building_works", "drill"];
export const ASKED_BY: readonly AskedBy[] = ["installer", "site_contact", "keyholder", "staff"];
/** What a machine can open: the classes that somebody can keep live or not. */
export const CLASSES: readonly HazardClass[] = [
  "fire", "robbery_holdup", "medical", "explosion", "hazmat", "rescue", "welfare_check", "flood_weather", "intrusion", "utility", "technical",
];

export type OwnTestsAnswer = Schemas["OwnTestsAnswer"];
export type OwnTestDetail = Schemas["OwnTestDetail"];
export type OwnTestItem = Schemas["OwnTestItem"];
export type BeginOwnTestBody = Schemas["BeginOwnTestBody"];

export const ownTests = (signal?: AbortSignal): Promise<OwnTestsAnswer> => get("/own/on-test", {}, signal === undefined ? {} : { signal });
export const ownTest = (id: string, signal: AbortSignal): Promise<OwnTestDetail> => get(`/own/on-test/${id}`, {}, { signal });
export const beginOwnTest = (body: BeginOwnTestBody): Promise<OwnTestItem> => post("/own/on-test", body);
export const endOwnTest = (id: string): Promise<OwnTestItem> => post(`/own/on-test/${id}/end`);

export type CodeMade = Schemas["CodeMade"];
export type CodeItem = Schemas["CodeItem"];

export const testCodes = async (signal: AbortSignal): Promise<CodeItem[]> => (await get<Schemas["CodesAnswer"]>("/on-test-codes", {}, { signal })).items;
export const giveCode = (body: Schemas["GiveCodeBody"]): Promise<CodeMade> => post("/on-test-codes", body);
export const endCode = (id: string): Promise<void> => remove(`/on-test-codes/${id}`);

export const onTest = (signal?: AbortSignal): Promise<OnTestAnswer> => get("/on-test", {}, signal === undefined ? {} : { signal });
export const oneTest = (id: string, signal: AbortSignal): Promise<OnTestDetail> => get(`/on-test/${id}`, {}, { signal });
export const beginTest = (body: BeginTestBody): Promise<OnTestItem> => post("/on-test", body);
export const extendTest = (id: string, until: Micros): Promise<OnTestItem> => post(`/on-test/${id}/extend`, { until });
export const endTest = (id: string): Promise<OnTestItem> => post(`/on-test/${id}/end`);
