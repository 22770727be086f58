/** Calls of the telephone system, and telephone lines: short names, and the questions that are asked. */

import { get, post, put, remove } from "./client";
import { aborting } from "./configuration";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type RingItem = Schemas["RingItem"];
export type LineItem = Schemas["LineItem"];
export type LineBody = Schemas["LineBody"];
export type DialItem = Schemas["DialItem"];
export type DialWhom = Schemas["DialBody"];
export type Located = Schemas["Located"];

const at = (id: string): `/${string}` => `/rings/${encodeURIComponent(id)}`;

export const rings = (signal?: AbortSignal): Promise<Schemas["RingsAnswer"]> => get("/rings", {}, aborting(signal));
export const takeRing = (id: string, key: string): Promise<Schemas["CallFormItem"]> => post(`${at(id)}/take`, {}, { idempotencyKey: key });
export const markReturned = (id: string, is_done: boolean): Promise<RingItem> => post(`${at(id)}/returned`, { is_done });
export const numberOf = (id: string): Promise<Schemas["RingNumberAnswer"]> => get(`${at(id)}/number`);
export const locationsOf = (id: string, signal?: AbortSignal): Promise<Schemas["RingLocationsAnswer"]> => get(`${at(id)}/locations`, {}, aborting(signal));

/** The centre waits 3 s for the telephone system; a desk waits little longer before it dials by hand. */
const DIAL_S = 8;
export const dial = (incident: string, whom: DialWhom, key: string): Promise<DialItem> =>
  post(`/incidents/${encodeURIComponent(incident)}/dial`, whom, { idempotencyKey: key, timeoutS: DIAL_S });

export const lines = (signal: AbortSignal): Promise<Schemas["LinesAnswer"]> => get("/lines", {}, { signal });
export const addLine = (body: LineBody): Promise<LineItem> => post("/lines", body);
export const changeLine = (id: string, body: LineBody): Promise<LineItem> => put(`/lines/${encodeURIComponent(id)}`, body);
export const removeLine = (line: LineItem): Promise<void> => remove(`/lines/${encodeURIComponent(line.id)}?version=${line.version}`);

export type GazetteerItem = Schemas["GazetteerItem"];
/** Imported places by name, for the call form. */
export const places = (place: string, signal?: AbortSignal): Promise<Schemas["GazetteerAnswer"]> => get("/gazetteer", { place }, aborting(signal));
