/** Who is signed in at this window, and what they may do. */

import { ApiProblem, get, NotReached, onSignedOut, remove, SignedOut, useCsrf } from "../api/client";
import type { SessionAnswer } from "../api/types";
import { live } from "../live/live.svelte";
import { writeChecked } from "../sound/checked";

/** Where the server's sign-in page is; it works without scripts. */
export const SIGN_IN = "/sign-in";
const RETRY_S = 2;
/** Where a window tells the others of this browser that somebody signed out on purpose. */
const CHANNEL = "tocsin-session";

class Session {
  answer = $state.raw<SessionAnswer | null>(null);
  trouble = $state<"unreachable" | "refused" | null>(null);
  why = $state("");
  #others = typeof BroadcastChannel === "function" ? new BroadcastChannel(CHANNEL) : null;

  /** Ask until the centre answers. Goes to the sign-in page where nobody is signed in. */
  async load(): Promise<void> {
    // A window that follows the stream stays, and says so: what waits unclaimed in it sounds until somebody comes.
    onSignedOut(() => (this.isLive ? live.signedOut() : location.assign(SIGN_IN)));
    if (this.#others !== null) this.#others.onmessage = () => location.assign(SIGN_IN);
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

  /** May the stream be followed here? Without it there is no queue, no clock and no sound. */
  get isLive(): boolean {
    return this.may("live.read") && this.may("incident.read");
  }

  may(permission: string): boolean {
    return this.answer?.permissions.includes(permission) ?? false;
  }

  /** Sign out; a request that fails leaves the session as it is. */
  async end(): Promise<void> {
    try {
      await remove("/session");
    } catch (error) {
      if (!(error instanceof SignedOut)) throw error; // it was over before
    }
    writeChecked(null, false);
    this.#others?.postMessage("signed out");
    location.assign(SIGN_IN);
  }
}

export const session = new Session();
