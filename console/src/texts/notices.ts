/** The words about reaching people, in the language of this console. */
import { notices, type NoticeTexts } from "./notices.en";

export type { NoticeTexts };
export const n: NoticeTexts = notices;
