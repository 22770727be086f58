/** The words of the ways in, in the language of this console. */
import { sources, type SourcesTexts } from "./sources.en";

export type { SourcesTexts };
export const so: SourcesTexts = sources;
