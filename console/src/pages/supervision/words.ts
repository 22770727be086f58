/** Durations as the board shows them. */

import { age } from "../../state/format";

/** `00:04:10` without days. */
export function duration(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  const clock = `${two(Math.floor(seconds / 3_600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return days > 0 ? `${days} d ${clock}` : clock;
}

/** A limit or an interval in its largest whole unit: `90 s`, `3 min`, `25 h`, `32 d`. */
export function limitWords(seconds: number): string {
  if (seconds < 120 || seconds % 60 !== 0) return `${seconds.toLocaleString("en")} s`;
  if (seconds < 7_200 || seconds % 3_600 !== 0) return `${seconds / 60} min`;
  if (seconds < 172_800 || seconds % 86_400 !== 0) return `${seconds / 3_600} h`;
  return `${seconds / 86_400} d`;
}

export const ageOf = (seconds: number): string => age(seconds * 1000);
