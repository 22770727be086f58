/** The words of the demo's first steps, in the language of this console. */
import { hints as english, type HintsTexts } from "./hints.en";

export const hints: HintsTexts = english;
