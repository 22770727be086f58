/** Times and ages as the queue shows them: 24 hours with seconds; mm:ss under an hour. */

import { faceOf } from "./zone";

const two = (value: number): string => String(value).padStart(2, "0");

/** `03:12:44` on the centre's clocks. */
export function clockFace(ms: number): string {
  const date = faceOf(ms);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

/** `00:24` under one hour, `5:07:09` under one day, then `3 d 04 h`. Nothing is younger than nothing. */
export function age(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 3_600) return `${two(Math.floor(s / 60))}:${two(s % 60)}`;
  if (s < 86_400) return `${Math.floor(s / 3_600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return `${Math.floor(s / 86_400)} d ${two(Math.floor(s / 3_600) % 24)} h`;
}

/** In words for a sentence: `12 s`, `4 min`, `3 h`, `2 d`. */
export function ageWords(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3_600) return `${Math.floor(s / 60)} min`;
  if (s < 86_400) return `${Math.floor(s / 3_600)} h`;
  return `${Math.floor(s / 86_400)} d`;
}

/** A sentence begins with a capital. */
export function capital(words: string): string {
  return words.charAt(0).toLocaleUpperCase("en") + words.slice(1);
}
