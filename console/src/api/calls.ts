/** Calls that are taken, and what people reported: short names, and the questions that are asked. */

import { get, post, put } from "./client";
import { aborting } from "./configuration";
import type { components } from "./schema";
import type { CommandAnswer } from "./types";

type Schemas = components["schemas"];

export type CallDraft = Schemas["CallDraft"];
export type CallFormItem = Schemas["CallFormItem"];
export type AbandonReason = Schemas["CallAbandonBody"]["reason"];
export type ReportItem = Schemas["ReportItem"];

const TIMEOUT_S = 8;
const at = (id: string): `/${string}` => `/calls/${encodeURIComponent(id)}`;

export const callsTaken = (signal?: AbortSignal): Promise<Schemas["CallFormsAnswer"]> => get("/calls", {}, aborting(signal));
export const beginCall = (draft: CallDraft, key: string): Promise<CallFormItem> => post("/calls", { draft }, { idempotencyKey: key, timeoutS: TIMEOUT_S });
export const readCall = (id: string, signal?: AbortSignal): Promise<Schemas["CallFormAnswer"]> => get(at(id), {}, aborting(signal));
export const saveCall = (id: string, draft: CallDraft, is_left: boolean): Promise<CallFormItem> => put(at(id), { draft, is_left }, { timeoutS: TIMEOUT_S });
export const takeCallOver = (id: string): Promise<CallFormItem> => post(`${at(id)}/take-over`);
export const abandonCall = (id: string, reason: AbandonReason, key: string): Promise<CallFormItem> => post(`${at(id)}/abandon`, { reason }, { idempotencyKey: key });
export const openOfCall = (id: string, draft: CallDraft, is_claimed: boolean, key: string): Promise<CommandAnswer> =>
  post(`${at(id)}/open`, { draft, is_claimed }, { idempotencyKey: key, timeoutS: TIMEOUT_S });
export const joinCall = (id: string, draft: CallDraft, into: string, key: string): Promise<CommandAnswer> =>
  post(`${at(id)}/join`, { draft, into }, { idempotencyKey: key, timeoutS: TIMEOUT_S });
export const reports = (incident: string, signal?: AbortSignal): Promise<Schemas["ReportsAnswer"]> =>
  get(`/incidents/${encodeURIComponent(incident)}/reports`, {}, aborting(signal));
