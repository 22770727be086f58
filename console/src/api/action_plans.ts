/** Action plans: short names, and the questions that the pages ask. */

import { address, get, post, put, remove } from "./client";
import { aborting } from "./configuration";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type ActionPlan = Schemas["ActionPlanItem"];
export type ActionPlanBody = Schemas["ActionPlanBody"];
export type ActionPlans = Schemas["ActionPlansAnswer"];
export type PlanDry = Schemas["PlanDryAnswer"];
export type PlanDryAsk = Schemas["PlanDryBody"];
export type PlanImport = Schemas["PlanImportAnswer"];
export type PlanImportItem = Schemas["PlanImportItem"];
export type PlanProblem = Schemas["PlanProblemItem"];
export type PlanStep = Omit<Required<Schemas["PlanStepBody"]>, "whom"> & { whom: Whom | null };
export type PlanSwitch = Schemas["SwitchItem"];
export type PlanVersion = Schemas["PlanVersionItem"];
export type PlanVersions = Schemas["PlanVersionsAnswer"];
export type StepKind = PlanStep["kind"];
export type Whom = Required<Schemas["WhomBody"]>;

export const STEP_KINDS: readonly StepKind[] = ["call", "question", "decision", "check", "instruct", "dispatch", "notify", "wait", "message"];

const at = (key: string): `/${string}` => `/action-plans/${encodeURIComponent(key)}`;

export const actionPlans = (signal?: AbortSignal): Promise<ActionPlans> => get("/action-plans", {}, signal === undefined ? {} : { signal });
/** By its id, or its name. */
export const actionPlan = (key: string, signal?: AbortSignal): Promise<ActionPlan> => get(at(key), {}, signal === undefined ? {} : { signal });
export const makeActionPlan = (body: ActionPlanBody): Promise<ActionPlan> => post("/action-plans", body);
export const changeActionPlan = (id: string, body: ActionPlanBody, version: number): Promise<ActionPlan> => put(at(id), { ...body, version });
export const removeActionPlan = (id: string, version: number): Promise<void> => remove(at(id), { query: { version } });
export const checkActionPlan = (body: ActionPlanBody, signal: AbortSignal): Promise<Schemas["PlanCheckAnswer"]> => post("/action-plans/check", body, { signal });
export const dryRunActionPlan = (body: PlanDryAsk): Promise<PlanDry> => post("/action-plans/dry-run", body);
export const planVersions = (key: string, signal?: AbortSignal): Promise<PlanVersions> => get(`${at(key)}/versions`, {}, signal === undefined ? {} : { signal });
export const planVersion = (key: string, version: number): Promise<ActionPlan> => get(`${at(key)}/versions/${version}`);
/** A file of all plans of the centre's own, or of one: by its id or name. */
export const plansFile = (plan: string | null = null): string => address("/export/action-plans", { plan });
export const importPlans = (text: string, query: { dry_run?: boolean; basis?: string }, signal?: AbortSignal): Promise<PlanImport> =>
  post("/import/action-plans", text, { ...aborting(signal), query });
export const switchPlan = (type: string, on: boolean, version: number): Promise<PlanSwitch> =>
  put(`/action-plans/switches/${encodeURIComponent(type)}`, { on, version });
