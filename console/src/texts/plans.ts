/** The words of floor plans, in the language of this console. */
import { plans, type PlanTexts } from "./plans.en";

export type { PlanTexts };
export const pl: PlanTexts = plans;
