/** The action plan of one incident. What is done with its steps goes as commands do (queue/commands.svelte.ts). */

import { get } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type PlanDetail = Schemas["PlanDetail"];
export type PlanStep = PlanDetail["steps"][number];
export type StepKind = PlanStep["kind"];
export type StepState = PlanStep["state"];

export const incidentPlan = (id: string, signal?: AbortSignal): Promise<PlanDetail> =>
  get(`/incidents/${encodeURIComponent(id)}/plan`, {}, signal === undefined ? {} : { signal });
