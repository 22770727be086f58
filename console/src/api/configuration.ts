/** Sites, accounts, zones, imports, unknown accounts, frames and the journal: short names for what the API takes and
 *  answers, and the questions that the pages ask. */

import { ask, get, newKey, NotReached, post, type Ask } from "./client";
import type { components } from "./schema";
import type { Micros, SignalItem } from "./types";

type Schemas = components["schemas"];

/** A page of a list that the centre cuts: `next` is given back as `after`. */
export interface Listed<T> { items: T[]; next: string | null; total?: number }

export type SiteItem = Schemas["SiteItem"];
export type SiteBody = Schemas["SiteBody"];
export type AccountItem = Schemas["AccountItem"];
export type AccountBody = Schemas["AccountBody"];
export type KeyItem = Schemas["KeyItem"];
export type KeyForm = KeyItem["form"];
export type ProfileItem = Schemas["ProfileItem"];
export type ZoneItem = Schemas["ZoneItem"];
export type ZonesAnswer = Schemas["ZonesAnswer"];

export type ImportKind = "sites" | "accounts" | "zones" | "keyholders" | "schedules";
export type ImportAnswer = Schemas["ImportAnswer"];

export type NumberKey = Schemas["NumberBody"];
export type RefusedItem = Schemas["RefusedItem"];
export type RefusalReason = RefusedItem["reason"];
export type RefusalAnswer = RefusedItem["answer"];
export type UnknownItem = Schemas["UnknownItem"];
export type UnknownAnswer = Schemas["UnknownAnswer"];

export type RejectedItem = Schemas["RejectedItem"];
export type OpenedFrame = Schemas["OpenedFrame"];
export type OpenReason = Schemas["OpenFramesBody"]["reason"];

export type FrameBody = Required<Schemas["FrameBody"]>;
export type FrameField = Schemas["FrameField"];
export type FieldName = FrameField["name"];
/** As `tocsin frame --jsonl` answers (docs/reference/frame-doctor.md): the page reads some of it. */
export interface FrameEvent {
  format: "SIA" | "CID"; block?: string; qualifier?: string; code: string; address?: string; group?: string;
  zone?: string; mods?: Record<string, string>; text?: string; units?: string;
}
export interface Explanation {
  outcome: "accepted" | "answer" | "refused" | "discarded"; reason: string | null; encrypted: boolean; crc_ok: boolean;
  account: string | null; events: FrameEvent[]; text_blocks?: string[];
  reply: { kind: "ACK" | "*ACK" | "NAK" | "DUH" | "none"; raw: string | null };
}
export type FrameAnswer = Omit<Schemas["FrameAnswer"], "explanation"> & { explanation: Explanation };

/** What a fact holds depends on its kind (docs/reference/journal.md): the page shows it as it is. */
export type EntryItem = Omit<Schemas["EntryItem"], "body" | "derived"> & { body: unknown; derived: unknown };
export type JournalPage = Omit<Schemas["JournalPage"], "items"> & { items: EntryItem[] };

/** Changes that were sent and that nobody answered, with the key under which they went: pressed again, the same change
 *  is made once. The last one alone is remembered, since a body can hold a key of a panel. */
let unanswered: { what: string; key: string } | null = null;

export async function change<T>(method: "POST" | "PUT" | "PATCH" | "DELETE", path: `/${string}`, body?: unknown, query: Ask["query"] = {}): Promise<T> {
  const what = JSON.stringify([method, path, query, body]);
  const key = unanswered?.what === what ? unanswered.key : newKey();
  unanswered = { what, key };
  try {
    const answer = await ask<T>(method, path, { body, query, idempotencyKey: key });
    unanswered = null;
    return answer;
  } catch (error) {
    if (!(error instanceof NotReached)) unanswered = null;
    throw error;
  }
}

const LIST_ROWS = 50;

type SiteQuery = { after: string | null; name?: string; limit?: number };
export const sites = (query: SiteQuery, signal?: AbortSignal): Promise<Listed<SiteItem>> =>
  get("/sites", { limit: LIST_ROWS, ...query, name: query.name?.trim() || null }, aborting(signal));
export const site = (id: string, signal?: AbortSignal): Promise<SiteItem> => get(`/sites/${id}`, {}, aborting(signal));
export const makeSite = (body: SiteBody): Promise<SiteItem> => change("POST", "/sites", body);
export const saveSite = (id: string, body: SiteBody, version: number): Promise<SiteItem> =>
  change("PUT", `/sites/${id}`, { ...body, version });
export const removeSite = (id: string, version: number): Promise<void> => change("DELETE", `/sites/${id}`, undefined, { version });

type AccountQuery = { after: string | null; number?: string; site_id?: string | null; limit?: number };
export const accounts = (query: AccountQuery, signal?: AbortSignal): Promise<Listed<AccountItem>> =>
  get("/accounts", { limit: LIST_ROWS, ...query, number: query.number || null }, aborting(signal));
export const account = (id: string, signal?: AbortSignal): Promise<AccountItem> => get(`/accounts/${id}`, {}, aborting(signal));
export const makeAccount = (body: AccountBody): Promise<AccountItem> => change("POST", "/accounts", body);
export const saveAccount = (id: string, body: AccountBody, version: number): Promise<AccountItem> =>
  change("PUT", `/accounts/${id}`, { ...body, version });
export const removeAccount = (id: string, version: number): Promise<void> =>
  change("DELETE", `/accounts/${id}`, undefined, { version });
export const accountSignals = (id: string, after: string | null, signal?: AbortSignal): Promise<Listed<SignalItem>> =>
  get(`/accounts/${id}/signals`, { after, limit: LIST_ROWS }, aborting(signal));
export const zones = (id: string, signal?: AbortSignal): Promise<ZonesAnswer> => get(`/accounts/${id}/zones`, {}, aborting(signal));
export const saveZones = (id: string, items: ZoneItem[], version: number): Promise<ZonesAnswer> =>
  change("PUT", `/accounts/${id}/zones`, { items, version });
export const profiles = (): Promise<{ items: ProfileItem[] }> => get("/profiles");

/** A whole file goes at once; a large one takes the centre a while, and waits its turn. */
const IMPORT_TIMEOUT_S = 900;
export const runImport = (kind: ImportKind, csv: string, isDry: boolean, signal?: AbortSignal): Promise<ImportAnswer> =>
  post(`/import/${kind}`, csv, { ...aborting(signal), query: { dry_run: isDry }, timeoutS: IMPORT_TIMEOUT_S });
export const exportAddress = (kind: ImportKind): `/${string}` => `/export/${kind}`;

export const unknownAccounts = (signal?: AbortSignal): Promise<UnknownAnswer> => get("/unknown-accounts", {}, aborting(signal));
const numberOf = ({ account, receiver, line }: NumberKey): NumberKey => ({ account, receiver, line });
export const acceptUnknown = (body: AccountBody, newSite: SiteBody | null = null): Promise<AccountItem> =>
  change("POST", "/unknown-accounts/accept", { account: body, new_site: newSite });
export const refuseUnknown = (
  number: NumberKey, body: { reason: RefusalReason; answer: RefusalAnswer; until: Micros },
): Promise<RefusedItem> => change("POST", "/unknown-accounts/refuse", { ...numberOf(number), ...body });
export const takeBack = (number: NumberKey): Promise<void> => change("POST", "/unknown-accounts/take-back", numberOf(number));

export const examine = (body: FrameBody, signal?: AbortSignal): Promise<FrameAnswer> => post("/frame", body, aborting(signal));
export const rejectedFrames = (signal?: AbortSignal): Promise<{ items: RejectedItem[] }> => get("/rejected-frames", {}, aborting(signal));
export const openRejected = async (id: number, reason: OpenReason): Promise<OpenedFrame | null> => {
  const answer = await change<{ items: OpenedFrame[] }>("POST", "/rejected-frames/open", { ids: [id], reason });
  return answer.items.find((frame) => frame.id === id) ?? null;
};

export const journalPage = (query: { before?: number | null; kind?: string | null; limit?: number }, signal?: AbortSignal): Promise<JournalPage> =>
  get("/journal", { limit: LIST_ROWS, ...query, kind: query.kind || null }, aborting(signal));
export const journalEntry = (seq: number, signal?: AbortSignal): Promise<JournalPage> => get("/journal", { seq }, aborting(signal));

export function aborting(signal: AbortSignal | undefined): Ask {
  return signal === undefined ? {} : { signal };
}
