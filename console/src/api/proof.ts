/** How long data are kept, exports, requests of people for their data, the scope sheet: short names and questions. */

import { address, get, post } from "./client";
import { aborting } from "./configuration";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type RetentionAnswer = Schemas["RetentionAnswer"];
export type HoldItem = Schemas["HoldItem"];
export type WaitingAnswer = Schemas["WaitingAnswer"];
export type ScopeSheet = Schemas["ScopeSheet"];
export type HoldingsAnswer = Schemas["HoldingsAnswer"];
export type UnsealedBody = Schemas["UnsealedBody"];
export type SubjectAnswer = Schemas["SubjectRequestAnswer"];
export type UnsealReason = UnsealedBody["reason"];

export const retention = (signal?: AbortSignal): Promise<RetentionAnswer> => get("/retention", {}, aborting(signal));
export const holds = async (signal?: AbortSignal): Promise<HoldItem[]> => (await get<{ items: HoldItem[] }>("/holds", {}, aborting(signal))).items;
export const waiting = (after: string | null, signal?: AbortSignal): Promise<WaitingAnswer> => get("/retention/waiting", { after }, aborting(signal));
export const releaseWaiting = (count: number, approval: string): Promise<Schemas["ReleasedAnswer"]> => post("/retention/waiting/release", { count, approval });
export const scopeSheet = (signal?: AbortSignal): Promise<ScopeSheet> => get("/scope-sheet", {}, { ...aborting(signal), timeoutS: 60 });
export const holdings = (signal?: AbortSignal): Promise<HoldingsAnswer> => get("/me/holdings", {}, { ...aborting(signal), timeoutS: 60 });
export const journalExport = (kind: string): string => address("/journal/export", { kind: kind || null });
export const exportUnsealed = (body: UnsealedBody): Promise<unknown> => post("/journal/unsealed", body, { timeoutS: 120, isText: true });
export const subjectRequest = (body: Schemas["SubjectRequestBody"]): Promise<SubjectAnswer> => post("/subject-requests", body, { timeoutS: 300 });
