/** What helping needs in one incident, and what a site has for it: short names, and the questions that are asked. */

import { change, aborting } from "./configuration";
import { get, post, put } from "./client";
import type { components } from "./schema";
import type { Micros } from "./types";

type Schemas = components["schemas"];

export type HelpNote = Schemas["HelpNote"];
export type HelpNoteAnswer = Schemas["HelpNoteAnswer"];
export type HelpNoteWritten = Schemas["HelpNoteWritten"];
export type BlockName = HelpNoteAnswer["asked"][number];
export type CallListAnswer = Schemas["CallListAnswer"];
export type CallItem = Schemas["CallItem"];
export type CallAnswer = Schemas["CallAnswer"];
export type CallOutcome = Schemas["CallBody"]["outcome"];
export type QuickPlace = Schemas["QuickPlace"];
export type WishesAnswer = Schemas["WishesAnswer"];
export type Wish = WishesAnswer["wishes"][number];
export type PhraseAnswer = Schemas["PhraseAnswer"];
export type WarningsAnswer = Schemas["PlaceWarningsAnswer"];
export type Danger = WarningsAnswer["may_cause"][number];
export type DataAnswer = Schemas["DataAnswer"];
export type HoldItem = Schemas["HoldItem"];
export type Keyholder = Schemas["KeyholderItem"];
export type KeyholdersAnswer = Schemas["KeyholdersAnswer"];
export type Availability = Keyholder["availability"];
export type DueAnswer = Schemas["DueAnswer"];
export type OwnKeyholders = Schemas["OwnKeyholdersAnswer"];

const at = (id: string): `/${string}` => `/incidents/${encodeURIComponent(id)}`;
const site = (id: string): `/${string}` => `/sites/${encodeURIComponent(id)}`;

export const helpNote = (id: string, signal?: AbortSignal): Promise<HelpNoteAnswer> => get(`${at(id)}/help-note`, {}, aborting(signal));
export const writeHelpNote = (id: string, note: HelpNote, version: number, key: string): Promise<HelpNoteWritten> =>
  put(`${at(id)}/help-note`, { note, version }, { idempotencyKey: key });
export const confirmHelpNote = (id: string, version: number, key: string): Promise<HelpNoteWritten> =>
  post(`${at(id)}/help-note/confirm`, { version }, { idempotencyKey: key });
export const callList = (id: string, signal?: AbortSignal): Promise<CallListAnswer> => get(`${at(id)}/keyholders`, {}, aborting(signal));
export const quickPlace = (id: string, signal?: AbortSignal): Promise<QuickPlace> => get(`${at(id)}/place`, {}, aborting(signal));
export const noteCall = (id: string, body: Schemas["CallBody"], key: string): Promise<CallAnswer> => post(`${at(id)}/calls`, body, { idempotencyKey: key });
export const wishes = (id: string, signal?: AbortSignal): Promise<WishesAnswer> => get(`${at(id)}/wishes`, {}, aborting(signal));
/** Argon2 takes its time, and others may be before it. */
export const checkPhrase = (id: string, of: string, phrase: string, key: string): Promise<PhraseAnswer> =>
  post(`${at(id)}/phrase`, { of, phrase }, { idempotencyKey: key, timeoutS: 30 });
export const warnings = (id: string, signal?: AbortSignal): Promise<WarningsAnswer> => get(`${at(id)}/warnings`, {}, aborting(signal));
export const warn = (id: string, danger: Danger, ends_at: Micros): Promise<WarningsAnswer> => change("POST", `${at(id)}/warnings`, { danger, ends_at });
export const endWarning = (id: string): Promise<void> => change("DELETE", `/warnings/${encodeURIComponent(id)}`);

export const incidentData = (id: string, signal?: AbortSignal): Promise<DataAnswer> => get(`${at(id)}/data`, {}, aborting(signal));
export const setHold = (id: string, reason: string, until: Micros, approval: string): Promise<HoldItem> => post(`${at(id)}/holds`, { reason, until, approval });
export const liftHold = (id: string, hold: string, reason: string, approval: string): Promise<HoldItem> =>
  post(`${at(id)}/holds/${encodeURIComponent(hold)}/lift`, { reason, approval });
export const eraseEarly = (id: string, reason: string, approval: string): Promise<DataAnswer> => post(`${at(id)}/erase`, { reason, approval });

export const keyholders = (id: string, signal?: AbortSignal): Promise<KeyholdersAnswer> => get(`${site(id)}/keyholders`, {}, aborting(signal));
export const keyholdersDue = (signal?: AbortSignal): Promise<DueAnswer> => get("/keyholders/due", {}, aborting(signal));
export const makeKeyholder = (id: string, body: Schemas["KeyholderBody"]): Promise<Keyholder> => change("POST", `${site(id)}/keyholders`, body);
export const changeKeyholder = (id: string, body: Schemas["KeyholderChange"]): Promise<Keyholder> => change("PUT", `/keyholders/${id}`, body);
export const orderKeyholders = (id: string, ids: readonly string[]): Promise<void> => change("PUT", `${site(id)}/keyholders/order`, { ids });
export const setPhrases = (id: string, body: Schemas["PhrasesBody"]): Promise<Keyholder> => change("PUT", `/keyholders/${id}/phrases`, body);
export const setSitePhrases = (id: string, body: Schemas["PhrasesBody"]): Promise<KeyholdersAnswer["phrases"]> => change("PUT", `${site(id)}/phrases`, body);
export const confirmKeyholder = (id: string, version: number): Promise<Keyholder> => change("POST", `/keyholders/${id}/confirm`, { version });
export const takeBackKeyholder = (id: string, version: number): Promise<Keyholder> => change("POST", `/keyholders/${id}/take-back`, { version });
export const removeKeyholder = (id: string, version: number): Promise<void> => change("DELETE", `/keyholders/${id}`, undefined, { version });
export const setWishes = (id: string, body: Schemas["WishesBody"]): Promise<KeyholdersAnswer["wishes"]> => change("PUT", `${site(id)}/wishes`, body);
export const endWishes = (id: string, version: number): Promise<void> => change("DELETE", `${site(id)}/wishes`, undefined, { version });

export const ownKeyholders = (id: string, signal?: AbortSignal): Promise<OwnKeyholders> => get(`/own/sites/${id}/keyholders`, {}, aborting(signal));
export const confirmOwn = (id: string, version: number): Promise<{ version: number }> => change("POST", `/own/keyholders/${id}/confirm`, { version });
