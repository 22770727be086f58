/** The words about an incident's action plan, in the language of this console. */
import { actionPlan, type ActionPlanTexts } from "./action_plan.en";

export type { ActionPlanTexts };
export const a: ActionPlanTexts = actionPlan;
