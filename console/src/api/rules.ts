/** The parameters of judgement. */

import { get, post, put } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Parameters = Schemas["ParametersAnswer"];
export type Parameter = Schemas["ParameterItem"];
export type RulesVersion = Schemas["RulesVersionItem"];

export type Tried = Schemas["TriedAnswer"];
export type TriedEnd = Schemas["TriedEnd"];

/** Longer than the centre goes on with it. */
const TRIED_S = 330;

export const parameters = (signal?: AbortSignal): Promise<Parameters> => get("/rules/parameters", {}, signal === undefined ? {} : { signal });
export const setParameters = (changed: Schemas["ParameterValue"][], version: number): Promise<Parameters> => put("/rules/parameters", { changed, version });
export const tryParameters = (changed: Schemas["ParameterValue"][], days: number, signal: AbortSignal): Promise<Tried> =>
  post("/rules/parameters/dry-run", { changed, days }, { signal, timeoutS: TRIED_S });
