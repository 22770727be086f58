/** The words of shelving, storms and their page, in the language of this console. */
import { flood as english, type FloodTexts } from "./flood.en";

export type { FloodTexts };
export const flood: FloodTexts = english;
