/** The words of what happened at a place, in the language of this console. */
import { history, type HistoryTexts } from "./history.en";

export type { HistoryTexts };
export const hi: HistoryTexts = history;
