/** When accounts open, close and test, and who did not. */

import { get, post, put, remove } from "./client";
import type { components } from "./schema";
import type { Micros } from "./types";

type Schemas = components["schemas"];

export type ScheduleItem = Schemas["ScheduleItem"];
export type ScheduleBody = Schemas["ScheduleBody"];
export type SchedulesAnswer = Schemas["SchedulesAnswer"];
export type CalendarTaken = Schemas["CalendarAnswer"];
export type LateAnswer = Schemas["LateAnswer"];
export type LateItem = Schemas["LateItem"];

export type HolidaysAnswer = Schemas["HolidaysAnswer"];
export type HolidaysItem = Schemas["HolidaysItem"];
export type HolidaysBody = Schemas["HolidaysBody"];
export type HolidaysRead = Schemas["HolidaysRead"];

const READING_S = 30;

export const schedulesOf = (account: string, signal?: AbortSignal): Promise<SchedulesAnswer> =>
  get(`/accounts/${account}/schedules`, {}, signal === undefined ? {} : { signal });
export const siteSchedules = (site: string, signal: AbortSignal): Promise<SchedulesAnswer> => get(`/sites/${site}/schedules`, {}, { signal });
export const late = (signal: AbortSignal): Promise<LateAnswer> => get("/supervision/schedules", {}, { signal });
export const setSchedule = (account: string, body: ScheduleBody): Promise<ScheduleItem> => put(`/accounts/${account}/schedules`, body);
export const removeSchedule = (id: string, version: number): Promise<void> => remove(`/schedules/${id}`, { query: { version } });
export const tonight = (id: string, version: number, closesAt: Micros): Promise<ScheduleItem> =>
  post(`/schedules/${id}/tonight`, { version, closes_at: closesAt });
export const takeCalendar = (id: string, version: number, file: File, isDry: boolean): Promise<CalendarTaken> =>
  post(`/schedules/${id}/calendar`, new Blob([file], { type: "text/calendar" }), { query: { version, dry_run: isDry }, timeoutS: READING_S });

export const holidays = (signal?: AbortSignal): Promise<HolidaysAnswer> => get("/holidays", {}, signal === undefined ? {} : { signal });
export const addHolidays = (body: HolidaysBody): Promise<HolidaysItem> => post("/holidays", body);
export const changeHolidays = (id: string, body: HolidaysBody): Promise<HolidaysItem> => put(`/holidays/${id}`, body);
export const removeHolidays = (id: string, version: number): Promise<void> => remove(`/holidays/${id}`, { query: { version } });
export const takeHolidays = (id: string, version: number, zone: string, file: File, isDry: boolean): Promise<HolidaysRead> =>
  post(`/holidays/${id}/calendar`, new Blob([file], { type: "text/calendar" }), { query: { version, time_zone: zone, dry_run: isDry }, timeoutS: READING_S });
