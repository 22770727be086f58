/** Times and ages for people: 24 hours, with seconds, in the centre's own zone; which that is stands once a page. */

import type { Micros } from "../api/types";
import { faceOf, offsetMinutes } from "../state/zone";

const two = (value: number): string => String(value).padStart(2, "0");

/** `2027-03-04 07:05:11` */
export function stamp(at: Micros): string {
  const date = faceOf(at / 1000);
  return `${day(at)} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

/** `2027-03-04` */
export function day(at: Micros): string {
  const date = faceOf(at / 1000);
  return `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
}

/** For `datetime` of a time element: in UTC, to the microsecond. */
export function iso(at: Micros): string {
  return new Date(Math.floor(at / 1000)).toISOString().replace("Z", `${String(at % 1000).padStart(3, "0")}Z`);
}

/** `UTC+01:00`: how far the centre's clock face is from UTC at a time. */
export function zone(at: Micros): string {
  const minutes = offsetMinutes(at / 1000);
  if (minutes === 0) return "UTC";
  return `UTC${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

export const SECOND_US = 1_000_000;
export const DAY_US = 86_400 * SECOND_US;
