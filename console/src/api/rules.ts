/** The parameters of judgement. */

import { get, put } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Parameters = Schemas["ParametersAnswer"];
export type Parameter = Schemas["ParameterItem"];
export type RulesVersion = Schemas["RulesVersionItem"];

export const parameters = (signal?: AbortSignal): Promise<Parameters> => get("/rules/parameters", {}, signal === undefined ? {} : { signal });
export const setParameters = (changed: Schemas["ParameterValue"][], version: number): Promise<Parameters> => put("/rules/parameters", { changed, version });
