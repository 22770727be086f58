/** The words of the pages about personal data, in the language of this console. */
import { data, type DataTexts } from "./data.en";

export type { DataTexts };
export const d: DataTexts = data;
