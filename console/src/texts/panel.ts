/** The words of panel sheets and links to keys, in the language of this console. */
import { panel, type PanelTexts } from "./panel.en";

export type { PanelTexts };
export const ps: PanelTexts = panel;
