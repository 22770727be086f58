/** The words of escalation, in the language of this console. */
import { chains, type ChainTexts } from "./chains.en";

export type { ChainTexts };
export const e: ChainTexts = chains;
