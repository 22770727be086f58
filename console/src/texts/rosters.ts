/** The words of rosters, in the language of this console. */
import { rosters, type RostersTexts } from "./rosters.en";

export type { RostersTexts };
export const r: RostersTexts = rosters;
