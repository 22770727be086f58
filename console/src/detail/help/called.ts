/** What may become of a call to a keyholder, in the order of its keys. Duress has none: it is asked once more. */

import type { CallOutcome } from "../../api/help";

export const OUTCOMES: readonly CallOutcome[] = ["attends", "refuses", "no_answer", "voicemail", "busy", "wrong_number", "wrong_phrase", "duress"];
export const KEYED: readonly CallOutcome[] = OUTCOMES.filter((one) => one !== "duress");
