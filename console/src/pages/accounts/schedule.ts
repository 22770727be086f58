/** A schedule as a form: what is typed, what is wrong with it, and what is sent. */

import type { ScheduleBody, ScheduleItem } from "../../api/schedules";
import { sc } from "../../texts/schedules";

export interface ScheduleValues {
  partition: string;
  zone: string;
  /** The calendar that it shares; empty: none. */
  holidays: string;
  /** One a weekday, Monday first. */
  week: string[];
  own: string;
  openLate: string;
  closeLate: string;
  early: string;
  test: string;
}

export type ScheduleMistakes = Partial<Record<"partition" | "zone" | "own" | "openLate" | "closeLate" | "early" | "test", string>> & { week?: (string | undefined)[] };

interface Hours { opens_min: number; closes_min: number }

const DAY_MIN = 1440;
const MINUTES_MAX = 720;
const TEST_H_MAX = 768;
const SPANS_MAX = 4;
const two = (value: number): string => String(value).padStart(2, "0");

export const clock = (minutes: number): string => `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
export const span = (hours: Hours): string => `${clock(hours.opens_min)}-${hours.closes_min === DAY_MIN ? "24:00" : clock(hours.closes_min)}`;
export const hoursText = (hours: readonly Hours[]): string => hours.map(span).join(", ");

/** `08:00` in minutes; null: no time. */
function minutesOf(text: string): number | null {
  const found = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
  if (found === null) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2])];
  return hours > 24 || minutes > 59 || (hours === 24 && minutes > 0) ? null : hours * 60 + minutes;
}

/** `08:00-12:00, 13:00-18:00`; null: it cannot be. An end that is not after its beginning is on the day after. */
export function hoursOf(text: string): Hours[] | null {
  if (text.trim() === "") return [];
  const found: Hours[] = [];
  for (const part of text.split(",")) {
    const [from, to, ...rest] = part.split(/[-–]/);
    if (from === undefined || to === undefined || rest.length > 0) return null;
    const [opens, closes] = [minutesOf(from), minutesOf(to)];
    if (opens === null || closes === null || opens >= DAY_MIN) return null;
    found.push({ opens_min: opens, closes_min: closes <= opens ? closes + DAY_MIN : closes });
  }
  found.sort((a, b) => a.opens_min - b.opens_min);
  const overlap = found.some((one, n) => n > 0 && one.opens_min < (found[n - 1]?.closes_min ?? 0));
  return found.length > SPANS_MAX || overlap ? null : found;
}

/** The lines of days; or the number of the first that is wrong. */
export function daysOf(text: string): { date: string; hours: Hours[]; source: "by_hand" }[] | number {
  const found: { date: string; hours: Hours[]; source: "by_hand" }[] = [];
  for (const [n, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const [date = "", ...rest] = line.trim().split(/\s+/);
    const said = rest.join(" ");
    const hours = said.toLowerCase() === sc.closed ? [] : said === "" ? null : hoursOf(said);
    const at = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : NaN;
    const isDate = !Number.isNaN(at) && new Date(at).toISOString().startsWith(date); // 30 February is read as 2 March
    if (hours === null || !isDate || found.some((one) => one.date === date)) return n + 1;
    found.push({ date, hours, source: "by_hand" });
  }
  return found;
}

export const emptySchedule = (zone: string): ScheduleValues => ({
  partition: "", zone, holidays: "", week: ["08:00-18:00", "08:00-18:00", "08:00-18:00", "08:00-18:00", "08:00-18:00", "", ""],
  own: "", openLate: "15", closeLate: "15", early: "30", test: "",
});

const shown = (value: number | null): string => (value === null ? "" : String(value));

export const scheduleValues = (item: ScheduleItem): ScheduleValues => ({
  partition: item.partition ?? "",
  zone: item.zone,
  holidays: item.holidays ?? "",
  week: sc.days.map((_, weekday) => hoursText(item.week.filter((one) => one.weekday === weekday))),
  own: item.days
    .filter((one) => one.source === "by_hand")
    .map((one) => `${one.date} ${one.hours.length === 0 ? sc.closed : hoursText(one.hours)}`)
    .join("\n"),
  openLate: shown(item.open_late_min),
  closeLate: shown(item.close_late_min),
  early: String(item.early_min),
  test: shown(item.test_h),
});

function numberOf(text: string, most: number, least = 0): number | null | undefined {
  if (text.trim() === "") return null;
  const value = Number(text);
  return Number.isInteger(value) && value >= least && value <= most ? value : undefined;
}

export function scheduleMistakes(values: ScheduleValues, zones: readonly string[]): ScheduleMistakes {
  const found: ScheduleMistakes = {};
  if (!/^[A-Za-z0-9]{0,6}$/.test(values.partition.trim())) found.partition = sc.wrong.partition;
  if (!zones.includes(values.zone.trim())) found.zone = sc.wrong.zone;
  const week = values.week.map((text) => (hoursOf(text) === null ? sc.wrong.hours : undefined));
  if (week.some(Boolean)) found.week = week;
  const days = daysOf(values.own);
  if (typeof days === "number") found.own = sc.wrong.day(days);
  if (numberOf(values.openLate, MINUTES_MAX) === undefined) found.openLate = sc.wrong.number(MINUTES_MAX);
  if (numberOf(values.closeLate, MINUTES_MAX) === undefined) found.closeLate = sc.wrong.number(MINUTES_MAX);
  if (numberOf(values.early, MINUTES_MAX) === undefined || values.early.trim() === "") found.early = sc.wrong.early(MINUTES_MAX);
  if (numberOf(values.test, TEST_H_MAX, 1) === undefined) found.test = sc.wrong.number(TEST_H_MAX);
  return found;
}

/** What is sent: days that a calendar or tonight's word brought stay as they are; those of shared holidays are not its own. */
export function scheduleBody(values: ScheduleValues, item: ScheduleItem | null, version: number): ScheduleBody {
  const own = daysOf(values.own);
  const byHand = typeof own === "number" ? [] : own;
  const others = (item?.days ?? []).filter((one) => one.source !== "by_hand" && one.source !== "shared" && !byHand.some((day) => day.date === one.date));
  return {
    version,
    zone: values.zone.trim(),
    partition: values.partition.trim() || null,
    week: values.week.flatMap((text, weekday) => (hoursOf(text) ?? []).map((hours) => ({ weekday, ...hours }))),
    days: [...byHand, ...others],
    holidays: values.holidays === "" ? null : values.holidays,
    open_late_min: numberOf(values.openLate, MINUTES_MAX) ?? null,
    close_late_min: numberOf(values.closeLate, MINUTES_MAX) ?? null,
    early_min: numberOf(values.early, MINUTES_MAX) ?? 0,
    test_h: numberOf(values.test, TEST_H_MAX, 1) ?? null,
  };
}

/** Zones that this browser knows, with those that some leave out. */
export function zoneNames(): string[] {
  return [...new Set([...Intl.supportedValuesOf("timeZone"), "UTC", Intl.DateTimeFormat().resolvedOptions().timeZone])];
}
