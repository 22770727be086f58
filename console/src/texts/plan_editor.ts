/** The words of the page of action plans, in the language of this console. */
import { planEditor, type PlanEditorTexts } from "./plan_editor.en";

export type { PlanEditorTexts };
export const ed: PlanEditorTexts = planEditor;
