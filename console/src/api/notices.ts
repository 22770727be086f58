/** Notices, own contacts, and when one may be notified: short names, and the questions that the pages ask. */

import { get, newKey, post, put, remove, type Ask } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Channel = Schemas["ContactItem"]["channel"];
export type ContactItem = Schemas["ContactItem"];
export type ContactMade = Schemas["ContactMade"];
export type IncidentNotices = Schemas["IncidentNoticesAnswer"];
export type AbsencesTaken = Schemas["CalendarTaken"];
export type ChannelTime = Schemas["ChannelTimeBody"];
export type WeeklySpan = Schemas["WeeklyBody"];
export type MyReach = Schemas["MyReachAnswer"];
export type NoticeItem = Schemas["NoticeItem"];
export type NoticesAnswer = Schemas["NoticesAnswer"];
export type NoticeState = NoticeItem["state"];
export type StaffKind = Schemas["ReachItem"]["kind"];
export type NotifyBody = Schemas["NotifyBody"];

const aborting = (signal: AbortSignal | undefined): Ask => (signal === undefined ? {} : { signal });

export const board = (state: NoticeState | "", before: number | null, signal?: AbortSignal): Promise<NoticesAnswer> =>
  get("/notices", { ...(state === "" ? {} : { state }), ...(before === null ? {} : { before: String(before) }) }, aborting(signal));
export const sendAgain = (id: string): Promise<NoticeItem> => post(`/notices/${id}/again`);
export const dropNotice = (id: string): Promise<void> => remove(`/notices/${id}`);
export const incidentNotices = (incident: string, signal?: AbortSignal): Promise<IncidentNotices> =>
  get(`/incidents/${incident}/notices`, {}, aborting(signal));
/** The same key for every try of one wish: nobody is told twice. */
export const notify = (incident: string, body: NotifyBody, key: string): Promise<IncidentNotices> =>
  post(`/incidents/${incident}/notify`, body, { idempotencyKey: key });
export { newKey };

export const myReach = (signal?: AbortSignal): Promise<MyReach> => get("/me/reach", {}, aborting(signal));
export const setReach = (kind: StaffKind, not_now_until: number | null, on_duty_until: number | null): Promise<MyReach> =>
  put("/me/reach", { kind, not_now_until, on_duty_until });
export const setRules = (body: Schemas["RulesBody"]): Promise<MyReach> => put("/me/reach/rules", body);
export const setWeek = (body: Schemas["WeekBody"]): Promise<MyReach> => put("/me/reach/week", body);
/** A calendar is read in a process of its own: it may take its time. */
const READING_S = 30;
export const takeAbsences = (file: Blob, zone: string): Promise<AbsencesTaken> =>
  post("/me/reach/calendar", new Blob([file], { type: "text/calendar" }), { query: { time_zone: zone }, timeoutS: READING_S });
export const dropAbsences = (): Promise<MyReach> => remove("/me/reach/calendar");
export const addContact = (channel: Channel, address: string, keys: { auth?: string; p256dh?: string } = {}): Promise<ContactMade> =>
  post("/me/contacts", { channel, address, ...keys });
export const removeContact = (id: string): Promise<void> => remove(`/me/contacts/${id}`);
export const testContact = (id: string): Promise<NoticeItem> => post(`/me/contacts/${id}/test`);
