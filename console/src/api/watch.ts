/** The watch log: what the shift writes down, between what the centre did and was told. */

import { address, get, post } from "./client";
import type { components } from "./schema";
import type { Micros } from "./types";

type Schemas = components["schemas"];
export type WatchLogPage = Schemas["WatchLogPage"];
export type WatchLineItem = Schemas["WatchLineItem"];

export interface Span {
  since: Micros;
  until: Micros;
}

export const watchLog = (span: Span, before: number | null, limit: number, signal: AbortSignal): Promise<WatchLogPage> =>
  get("/watch-log", { ...span, before, limit }, { signal });
export const writeLine = (text: string, corrects: number | null): Promise<Schemas["WatchWritten"]> => post("/watch-log", { text, corrects });
export const exportAddress = (span: Span): string => address("/watch-log/export", { ...span });
