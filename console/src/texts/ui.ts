/** The words of the shared parts in the language of this console. */
import { ui, type UiTexts } from "./ui.en";

export const u: UiTexts = ui;
