/** The words about what helping needs, in the language of this console. */
import { help, type HelpTexts } from "./help.en";

export type { HelpTexts };
export const h: HelpTexts = help;
