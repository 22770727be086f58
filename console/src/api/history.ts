/** What the journal says of a site or an account, a page at a time. */

import { get } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type HistoryAnswer = Schemas["HistoryAnswer"];
export type HistoryItem = Schemas["HistoryItem"];
export type HistoryWhat = HistoryItem["what"];

export const WHATS: readonly HistoryWhat[] = ["incidents", "tests", "openings", "edits"];

export const history = (place: string, what: HistoryWhat | "", before: number | null, signal: AbortSignal): Promise<HistoryAnswer> =>
  get(`/${place.startsWith("site-") ? "sites" : "accounts"}/${place}/history`, { what: what === "" ? undefined : what, before }, { signal });
