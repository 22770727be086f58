/** The words of desks and shifts, in the language of this console. */
import { shifts, type ShiftsTexts } from "./shifts.en";

export type { ShiftsTexts };
export const w: ShiftsTexts = shifts;
