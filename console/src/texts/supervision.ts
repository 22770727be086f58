/** The words of the board of supervision, in the language of this console. */
import { supervision, type SupervisionTexts } from "./supervision.en";

export type { SupervisionTexts };
export const w: SupervisionTexts = supervision;
