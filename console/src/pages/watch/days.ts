/** Days of the watch log: by the centre's own clock face, whatever this workstation's zone is. */

import type { Span } from "../../api/watch";
import { momentOf } from "../../state/zone";
import { day } from "../../ui/times";

const DAY_MS = 86_400_000;
const faceOfDay = (name: string): number => Date.parse(`${name}T00:00:00Z`);

/** `2027-03-04`: the centre's day at a moment. */
export const dayOf = (ms: number): string => day(ms * 1000);

/** The day so many days after it. */
export const nextDay = (name: string, days: number): string => new Date(faceOfDay(name) + days * DAY_MS).toISOString().slice(0, 10);

/** From its first moment to the first one of the next: 23 to 25 hours. */
export const spanOf = (name: string): Span => ({ since: momentOf(faceOfDay(name)) * 1000, until: momentOf(faceOfDay(nextDay(name, 1))) * 1000 });

/** `Thursday 2027-03-04` */
export const dayWords = (name: string): string => `${new Date(faceOfDay(name)).toLocaleDateString("en", { weekday: "long", timeZone: "UTC" })} ${name}`;
