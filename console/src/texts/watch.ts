/** The words of the watch log, in the language of this console. */
import { watch, type WatchTexts } from "./watch.en";

export type { WatchTexts };
export const wl: WatchTexts = watch;
