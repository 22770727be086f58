/** Floor plans of sites. */

import { address, ask, get, put, remove } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type PlanItem = Schemas["PlanItem"];
export type PlansAnswer = Schemas["PlansAnswer"];
export type PlanZone = Schemas["PlanZoneItem"];
export type IncidentPlans = Schemas["IncidentPlans"];
export type PlanBody = Schemas["PlanBody"];

/** A file takes its way, and its drawing some seconds. */
const SEND_S = 120;

export const plansOf = (site: string, signal?: AbortSignal): Promise<PlansAnswer> =>
  get(`/sites/${site}/plans`, {}, signal === undefined ? {} : { signal });
export const incidentPlans = (incident: string, signal: AbortSignal): Promise<IncidentPlans> => get(`/incidents/${incident}/plans`, {}, { signal });
/** The picture's address; another one after it was replaced. */
export const pictureOf = (plan: PlanItem): string => `${address(`/plans/${plan.id}/picture`)}#${plan.content}`;
export const addPlan = (site: string, file: File, level: number, page: number): Promise<PlanItem> =>
  ask("POST", `/sites/${site}/plans`, { body: file, query: { level, page }, timeoutS: SEND_S });
export const replacePlan = (plan: PlanItem, file: File, page: number): Promise<PlanItem> =>
  ask("PUT", `/plans/${plan.id}/picture`, { body: file, query: { version: plan.version, page }, timeoutS: SEND_S });
export const changePlan = (id: string, body: PlanBody): Promise<PlanItem> => put(`/plans/${id}`, body);
export const removePlan = (plan: PlanItem): Promise<void> => remove(`/plans/${plan.id}`, { query: { version: plan.version } });
