/** Figures of a period against a profile: what a report says, and as files. */

import { address, get } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type FiguresAnswer = Schemas["FiguresAnswer"];
export type FigureBlock = FiguresAnswer["blocks"][number];
export type FigureDrawing = Schemas["FigureDrawing"];
export type FigureTable = Schemas["FigureTable"];
export type FigureProfileItem = Schemas["FigureProfileItem"];

export interface Wanted {
  since: string | null;
  until: string | null;
  profile: string | null;
  load_profile: string | null;
}

/** A year of a large centre takes the centre some tens of seconds. */
const MAKE_S = 310;

export const FORMS = ["pdf", "html", "csv", "json"] as const;
export const figureProfiles = (signal: AbortSignal): Promise<Schemas["FigureProfilesAnswer"]> => get("/figures/profiles", {}, { signal });
export const figures = (wanted: Wanted, signal: AbortSignal): Promise<FiguresAnswer> => get("/figures", { ...wanted }, { signal, timeoutS: MAKE_S });
export const figuresFile = (wanted: Wanted, form: (typeof FORMS)[number]): string => address("/figures/export", { ...wanted, format: form });
