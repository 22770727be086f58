/** The words of sites on test, in the language of this console. */
import { onTest, type OnTestTexts } from "./on_test.en";

export type { OnTestTexts };
export const o: OnTestTexts = onTest;
