/** The texts in the language of this console. Another language is another catalogue of type `Texts`. */
import { en, type Texts } from "./en";

export type { Texts };
export const t: Texts = en;
