/** Days and minutes, as fields of a form have them. */

import { r } from "../../texts/rosters";

const two = (value: number): string => String(value).padStart(2, "0");

/** Days since 1970-01-01, as `2026-03-29`. */
export const dayOf = (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10);
/** Minutes of a day, as `08:30`. */
export const timeOf = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
/** `2026-03-29`, as it is chosen, in words that no country reads otherwise; nothing where it is no day. */
export function dayWords(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? "" : `${r.form.names[(new Date(at).getUTCDay() + 6) % 7]} ${day}`;
}
/** `08:30` as minutes; null where it is no time. */
export function minutesOf(text: string): number | null {
  const found = /^([01]?[0-9]|2[0-3]):([0-5][0-9])$/.exec(text.trim());
  return found === null ? null : Number(found[1]) * 60 + Number(found[2]);
}
