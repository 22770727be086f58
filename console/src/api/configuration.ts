/** Sites, accounts, zones, imports, unknown accounts, frames and the journal, as the API speaks of them, and the
 *  questions that the pages ask. */

import { ask, get, newKey, NotReached, post, type Ask } from "./client";
import type { Micros, Priority, SignalItem } from "./types";

/** A page of a list that the centre cuts: `next` is given back as `after`. */
export interface Listed<T> { items: T[]; next: string | null; total?: number }

export interface SiteItem {
  id: string; name: string | null; address: string | null; directions: string | null; accounts: number; version: number;
  changed_at: Micros; changed_by: string | null;
}
export interface SiteBody { name: string; address: string | null; directions: string | null }

export type KeyForm = "hex" | "text";
export interface KeyItem { bits: number; form: KeyForm }
export interface AccountItem {
  id: string; account: string; name: string | null; site_id: string | null; site: string | null;
  receiver: string | null; line: string | null; key: KeyItem | null; carried_by: string | null;
  category: string | null; supervision_interval_s: number | null; late_max_s: number | null; early_max_s: number | null;
  duplicate_window_s: number | null; panel_time_zone: string | null; poll_602: boolean; unknown_codes: string | null;
  profile: string | null; zones: number; version: number; changed_at: Micros; changed_by: string | null;
}
/** A key is set, taken away, or, where this is left out, kept. */
export type KeyBody = { act: "set"; value: string; form: KeyForm } | { act: "remove" };
export type AccountBody = Omit<AccountItem, "id" | "site" | "key" | "zones" | "version" | "changed_at" | "changed_by"> & {
  key?: KeyBody;
};

export interface ZoneItem { number: string; name: string | null; type: string | null; priority: Priority | null }
export interface ZonesAnswer { items: ZoneItem[]; version: number }

/** A maker whose panels are known. */
export interface ProfileItem {
  profile: string; maker: string; sets: Record<string, string>; notes: { says: string; label: string }[];
}

export type ImportKind = "sites" | "accounts" | "zones";
export interface BadRow { line: number; column: string | null; reason: string }
export interface ImportAnswer {
  dry_run: boolean; new: number; changed: number; same: number; bad: BadRow[]; more_bad: number; sites: number; config: number;
}

export type RefusalReason = "not_our_customer" | "contract_ended" | "test_equipment" | "scanner";
export type RefusalAnswer = "duh" | "silent";
export interface NumberKey { account: string; receiver: string | null; line: string | null }
export interface RefusedItem extends NumberKey {
  answer: RefusalAnswer; reason: RefusalReason; until: Micros; by: string | null;
}
export interface SimilarItem { account_id: string; account: string; site: string | null; why: string }
export interface UnknownItem extends NumberKey {
  transport: "tcp" | "udp" | "tls"; first_at: Micros; last_at: Micros; signals: number; polls: number;
  unreadable: number; similar: SimilarItem[]; incidents: string[];
}
export interface UnknownAnswer { items: UnknownItem[]; total: number; refused: RefusedItem[] }

export interface RejectedItem {
  id: number; at: Micros; outcome: string; reason: string; account: string | null; token: string | null;
  transport: "tcp" | "udp" | "tls"; is_kept: boolean;
}
export type OpenReason = "installation" | "fault_finding" | "complaint" | "audit";
export interface OpenedFrame { id: number; raw: string | null; peer: string | null }

export type FieldName =
  | "before" | "start" | "crc" | "length" | "token" | "sequence" | "receiver" | "line" | "account" | "data" | "xdata"
  | "timestamp" | "end" | "behind";
export interface FrameField {
  name: FieldName; begin: number; end: number; state: "right" | "wrong" | "unread"; words: string;
}
export interface FrameEvent {
  format: "SIA" | "CID"; block?: string; qualifier?: string; code: string; address?: string; group?: string;
  zone?: string; mods?: Record<string, string>; text?: string; units?: string;
}
export interface Explanation {
  outcome: "accepted" | "answer" | "refused" | "discarded"; reason: string | null; encrypted: boolean;
  crc_format: string | null; account: string | null; events: FrameEvent[]; text_blocks?: string[];
  reply: { kind: "ACK" | "*ACK" | "NAK" | "DUH" | "none"; raw: string | null };
  [name: string]: unknown;
}
export interface FrameBody {
  text: string; key: string | null; now: Micros | null; late_max_s: number | null; early_max_s: number | null;
  known: "any" | "centre";
}
export interface FrameAnswer {
  raw: string; explanation: Explanation; words: string; remedy: string | null; fields: FrameField[];
}

export interface EntryItem {
  seq: number; id: string | null; at: Micros; kind: string; v: number; ref: string | null; actor: string | null;
  cause: number | null; body: unknown; prev: string; hash: string; derived: unknown;
}
export interface JournalPage { items: EntryItem[]; next: number | null; head: number }

/** Changes that were sent and that nobody answered, with the key under which they went: pressed again, the same change
 *  is made once. The last one alone is remembered, since a body can hold a key of a panel. */
let unanswered: { what: string; key: string } | null = null;

async function change<T>(method: "POST" | "PUT" | "DELETE", path: `/${string}`, body?: unknown, query: Ask["query"] = {}): Promise<T> {
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

function aborting(signal: AbortSignal | undefined): Ask {
  return signal === undefined ? {} : { signal };
}
