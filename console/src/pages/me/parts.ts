/** What each part of the own account is given. */

import type { MeAnswer } from "../../api/people";

export interface Part {
  answer: MeAnswer;
  /** Do it; where the centre wants to know again who it is, that is asked first. */
  guarded: <T>(act: () => Promise<T>) => Promise<T>;
  load: () => Promise<void>;
}
