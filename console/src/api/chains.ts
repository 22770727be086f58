/** Chains of escalation and groups of people: short names, and the questions that the pages ask. */

import { get, post, put, remove } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type AgainBody = Schemas["AgainBody"];
export type ChainBody = Schemas["ChainBody"];
export type ChainItem = Schemas["ChainItem"];
export type ChainsAnswer = Schemas["ChainsAnswer"];
export type ChainStep = Schemas["ChainStepBody"];
export type DryRun = Schemas["DryRunAnswer"];
export type DryRunBody = Schemas["DryRunBody"];
export type GroupBody = Schemas["GroupBody"];
export type GroupItem = Schemas["GroupItem"];
export type LastDaysBody = Schemas["LastDaysBody"];
export type Position = Schemas["PositionAnswer"];
export type ProblemItem = Schemas["ProblemItem"];
export type StepKind = NonNullable<ChainStep["kind"]>;
export type Channel = ChainsAnswer["channels"][number];
export type Trial = Schemas["Trial"];
export type TrialStep = Schemas["TrialStep"];
export type Tell = Schemas["AheadItem"]["tell"];

export const STEP_KINDS: readonly StepKind[] = ["notify", "wait", "next_desk", "supervisor", "all", "webhook"];
export const ROLES = ["responder", "operator", "supervisor"] as const;

export const chains = (signal?: AbortSignal): Promise<ChainsAnswer> => get("/chains", {}, signal === undefined ? {} : { signal });
export const makeChain = (body: ChainBody): Promise<ChainItem> => post("/chains", body);
export const changeChain = (id: string, body: ChainBody, version: number): Promise<ChainItem> => put(`/chains/${id}`, { ...body, version });
export const removeChain = (id: string, version: number): Promise<void> => remove(`/chains/${id}`, { query: { version } });
export const checkChain = (body: ChainBody): Promise<Schemas["CheckAnswer"]> => post("/chains/check", body);
export const dryRun = (body: DryRunBody): Promise<DryRun> => post("/chains/dry-run", body);
/** As long as the centre may take for it, and some more. */
const LAST_DAYS_S = 20;
export const lastDays = (body: LastDaysBody): Promise<Trial> => post("/chains/last-days", body, { timeoutS: LAST_DAYS_S });
export const groups = async (signal?: AbortSignal): Promise<GroupItem[]> =>
  (await get<Schemas["GroupsAnswer"]>("/groups", {}, signal === undefined ? {} : { signal })).items;
export const makeGroup = (body: GroupBody): Promise<GroupItem> => post("/groups", body);
export const changeGroup = (id: string, body: GroupBody, version: number): Promise<GroupItem> => put(`/groups/${id}`, { ...body, version });
export const removeGroup = (id: string, version: number): Promise<void> => remove(`/groups/${id}`, { query: { version } });
export const position = (incident: string, signal?: AbortSignal): Promise<Position> =>
  get(`/incidents/${incident}/chain`, {}, signal === undefined ? {} : { signal });
