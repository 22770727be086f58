/** The words of premises, in the language of this console. */
import { premises, type PremisesTexts } from "./premises.en";

export type { PremisesTexts };
export const pm: PremisesTexts = premises;
