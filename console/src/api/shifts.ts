/** Desks and shifts: who is on, at which desk, and handing a shift over. Asked for every few seconds. */

import { get, post, put, remove } from "./client";
import type { components } from "./schema";
import type { Micros } from "./types";

type Schemas = components["schemas"];

export type ShiftsAnswer = Schemas["ShiftsAnswer"];
export type ShiftDetail = Schemas["ShiftDetail"];
export type ShiftItem = Schemas["ShiftItem"];
export type DeskItem = Schemas["DeskItem"];
export type DeskBody = Schemas["DeskBody"];
export type QueuePart = Schemas["QueuePartItem"];
export type ListedItem = Schemas["ListedItem"];
export type HazardClass = DeskItem["hazards"][number];
export type Priority = DeskItem["priorities"][number];

export const PRIORITIES: readonly Priority[] = [1, 2, 3, 4];

export const shifts = (signal?: AbortSignal): Promise<ShiftsAnswer> => get("/shifts", {}, signal === undefined ? {} : { signal });
export const oneShift = (id: string, signal: AbortSignal): Promise<ShiftDetail> => get(`/shifts/${id}`, {}, { signal });
export const beginShift = (desk: string, until: Micros): Promise<ShiftItem> => post("/shifts", { desk, until });
export const endShift = (id: string): Promise<ShiftItem> => post(`/shifts/${id}/end`);
export const offerShift = (id: string, to: string): Promise<ShiftItem> => post(`/shifts/${id}/offer`, { to });
export const endOffer = (id: string): Promise<void> => remove(`/shifts/${id}/offer`);
export const acceptShift = (id: string, until: Micros): Promise<ShiftItem> => post(`/shifts/${id}/accept`, { until });
export const takeOverShift = (id: string, until: Micros): Promise<ShiftItem> => post(`/shifts/${id}/take-over`, { until });
export const offerPart = (body: Schemas["OfferPartBody"]): Promise<QueuePart> => post("/queue-parts", body);
export const acceptPart = (id: string): Promise<QueuePart> => post(`/queue-parts/${id}/accept`);
export const endPart = (id: string): Promise<void> => remove(`/queue-parts/${id}`);
export type RostersAnswer = Schemas["RostersAnswer"];
export type RosterItem = Schemas["RosterItem"];
export type RosterBody = Schemas["RosterBody"];
export type LayerItem = Schemas["LayerItem"];
export type OverrideBody = Schemas["OverrideBody"];

export const rosters = (signal?: AbortSignal): Promise<RostersAnswer> => get("/rosters", {}, signal === undefined ? {} : { signal });
export const addRoster = (body: RosterBody): Promise<RosterItem> => post("/rosters", body);
export const changeRoster = (id: string, body: RosterBody): Promise<RosterItem> => put(`/rosters/${id}`, body);
export const removeRoster = (id: string, version: number): Promise<void> => remove(`/rosters/${id}?version=${version}`);
export const addOverride = (id: string, body: OverrideBody): Promise<RosterItem> => post(`/rosters/${id}/overrides`, body);
export const endOverride = (id: string, number: number): Promise<void> => remove(`/rosters/${id}/overrides/${number}`);
export const addDesk = (body: DeskBody): Promise<DeskItem> => post("/desks", body);
export const changeDesk = (id: string, body: DeskBody): Promise<DeskItem> => put(`/desks/${id}`, body);
export const removeDesk = (id: string): Promise<void> => remove(`/desks/${id}`);
