/** Who is signed in at this window, and what they may do. */

import { ApiProblem, get, NotReached, onSignedOut, remove, SignedOut, useCsrf } from "../api/client";
import type { SessionAnswer } from "../api/types";

/** Where the server's sign-in page is; it works without scripts. */
export const SIGN_IN = "/sign-in";
const RETRY_S = 2;

class Session {
  answer = $state.raw<SessionAnswer | null>(null);
  trouble = $state<"unreachable" | "refused" | null>(null);
  why = $state("");

  /** Ask until the centre answers. Goes to the sign-in page where nobody is signed in. */
  async load(): Promise<void> {
    onSignedOut(() => location.assign(SIGN_IN));
    for (;;) {
      try {
        this.use(await get<SessionAnswer>("/session"));
        return;
      } catch (error) {
        if (error instanceof SignedOut) return;
        if (error instanceof ApiProblem) {
          this.trouble = "refused";
          this.why = error.message;
          return;
        }
        if (!(error instanceof NotReached)) throw error;
        this.trouble = "unreachable";
        await new Promise((resolve) => setTimeout(resolve, RETRY_S * 1000));
      }
    }
  }

  use(answer: SessionAnswer): void {
    this.answer = answer;
    this.trouble = null;
    useCsrf(answer.csrf);
  }

  may(permission: string): boolean {
    return this.answer?.permissions.includes(permission) ?? false;
  }

  /** Sign out; a request that fails leaves the session as it is. */
  async end(): Promise<void> {
    await remove("/session");
    location.assign(SIGN_IN);
  }
}

export const session = new Session();
