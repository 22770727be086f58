/** The words of the page of reports, in the language of this console. */
import { reports, type ReportsTexts } from "./reports.en";

export type { ReportsTexts };
export const rt: ReportsTexts = reports;
