/** The gazetteer: public places by name, imported from files. */

import { ask, get, remove } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type GazetteerSources = Schemas["GazetteerSources"];
export type PlacesImport = Schemas["PlacesImportAnswer"];
export type PlacesForm = "csv" | "features";

/** A country takes minutes. */
const IMPORT_S = 310;

export const gazetteerSources = (signal: AbortSignal): Promise<GazetteerSources> => get("/gazetteer/sources", {}, { signal });
export const importPlaces = (source: string, form: PlacesForm, file: Blob, dryRun: boolean, signal?: AbortSignal): Promise<PlacesImport> =>
  ask("POST", `/gazetteer/sources/${encodeURIComponent(source)}`, {
    body: file, query: { format: form, dry_run: dryRun }, timeoutS: IMPORT_S, ...(signal === undefined ? {} : { signal }),
  });
export const removePlaces = (source: string): Promise<void> => remove(`/gazetteer/sources/${encodeURIComponent(source)}`, { timeoutS: IMPORT_S });
