/** The words of the page of rules, in the language of this console. */
import { rules, type RulesTexts } from "./rules.en";

export type { RulesTexts };
export const r: RulesTexts = rules;
