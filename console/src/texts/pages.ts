/** The words of the pages about sites, accounts, imports, unknown accounts, frames and the journal, in the language of
 *  this console. */
import { pages, type PagesTexts } from "./pages.en";

export type { PagesTexts };
export const p: PagesTexts = pages;
