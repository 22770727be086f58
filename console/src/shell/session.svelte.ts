/** Who is signed in at this window, what they may, and whether the desk is locked. */

import { ApiProblem, get, NotReached, onLocked, onProofWanted, onSignedOut, post, remove, SignedOut, useCsrf } from "../api/client";
import type { SessionAnswer } from "../api/types";
import { live } from "../live/live.svelte";
import { writeChecked } from "../sound/checked";
import { useOffsets } from "../state/zone";

/** Where the server's sign-in page is; it works without scripts. */
export const SIGN_IN = "/sign-in";
const RETRY_S = 2;
/** Where a window tells the others of this browser what became of the session: they share it. */
const CHANNEL = "tocsin-session";
type Word = "signed out" | "locked" | "unlocked";

/** What goes on at a locked desk: queue, names and sound. The server says the same (423 for anything else). */
const WHILE_LOCKED: ReadonlySet<string> = new Set([
  "catalogue.read", "hold_up.press", "incident.read", "live.read", "place.read", "session.own", "status.read", "user.read",
]);

class Session {
  answer = $state.raw<SessionAnswer | null>(null);
  trouble = $state<"unreachable" | "refused" | null>(null);
  why = $state("");
  /** Why the desk was not locked; null: nothing is wrong. */
  notLocked = $state<string | null>(null);
  /** Why the desk may still be open though somebody locked it; null: nothing is wrong. */
  lockTrouble = $state<string | null>(null);
  #offsetMs = 0;
  #others = typeof BroadcastChannel === "function" ? new BroadcastChannel(CHANNEL) : null;

  /** Ask until the centre answers. Goes to the sign-in page where nobody is signed in. */
  async load(): Promise<void> {
    // A window that follows the stream stays, and says so: what waits unclaimed in it sounds until somebody comes.
    onSignedOut(() => (this.isLive ? live.signedOut() : location.assign(SIGN_IN)));
    onLocked(() => this.#setLocked(true));
    onProofWanted(async () => (await import("../device")).showThisPhone());
    if (this.#others !== null) {
      this.#others.onmessage = ({ data }: MessageEvent<Word>) => {
        if (data === "signed out") location.assign(SIGN_IN);
        else this.#setLocked(data === "locked");
      };
    }
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
    useCsrf(answer.csrf);
    useOffsets(answer.utc_offsets);
    this.#offsetMs = answer.now / 1000 - Date.now();
    this.answer = answer;
    this.trouble = null;
  }

  /** May the stream be followed here? Without it there is no queue, no clock and no sound. */
  get isLive(): boolean {
    return this.may("live.read") && this.may("incident.read");
  }

  /** The centre's time in ms, also where no stream is followed. */
  nowMs(): number {
    return live.serverMs() ?? Date.now() + this.#offsetMs;
  }

  get isLocked(): boolean {
    return this.answer?.locked ?? false;
  }

  /** Locked, or over: what is shown of places and people leaves the screen, and nothing can be commanded. */
  get isShut(): boolean {
    return this.isLocked || this.isOver;
  }

  /** The session ended, and the window stays for the sake of what it sounds. */
  get isOver(): boolean {
    return live.link.phase === "signed-out";
  }

  /** May they do this now? Of several, any. */
  may(permission: string | readonly string[]): boolean {
    return this.#held(permission).some((one) => !this.isShut || WHILE_LOCKED.has(one));
  }

  /** May they do this, now or once the desk is unlocked? */
  mayLater(permission: string | readonly string[]): boolean {
    return this.#held(permission).length > 0;
  }

  #held(permission: string | readonly string[]): readonly string[] {
    const wanted = typeof permission === "string" ? [permission] : permission;
    return wanted.filter((one) => this.answer?.permissions.includes(one));
  }

  #setLocked(locked: boolean): void {
    if (this.answer !== null && this.answer.locked !== locked) this.answer = { ...this.answer, locked };
    if (!locked) this.lockTrouble = null;
  }

  /** Lock this desk. What it shows of texts goes at once, whether or not the centre can be told. */
  async lock(reason: "asked" | "idle" = "asked"): Promise<void> {
    if (this.answer === null || this.isLocked) return;
    this.notLocked = null;
    this.#setLocked(true);
    this.#others?.postMessage("locked" satisfies Word);
    while (this.isLocked) {
      try {
        await post<SessionAnswer>("/session/lock", { reason });
        this.lockTrouble = null;
        return;
      } catch (error) {
        if (error instanceof SignedOut) return;
        if (error instanceof ApiProblem && error.status === 423) return; // it is locked already
        if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) {
          // Refused, such as where nothing is set that would unlock it: then it is open, and says so.
          this.#setLocked(false);
          this.#others?.postMessage("unlocked" satisfies Word);
          this.notLocked = error.message;
          return;
        }
        if (!(error instanceof ApiProblem || error instanceof NotReached)) throw error;
        this.lockTrouble = error.message; // the centre does not know: told until it does
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_S * 1000));
    }
  }

  /** Unlock by PIN or password. Raises what the client raises. */
  async unlock(secret: string): Promise<void> {
    this.use(await post<SessionAnswer>("/session/unlock", { secret }));
    this.lockTrouble = null;
    this.#others?.postMessage("unlocked" satisfies Word);
  }

  /** Sign out; a request that fails leaves the session as it is. */
  async end(): Promise<void> {
    try {
      await remove("/session");
    } catch (error) {
      if (!(error instanceof SignedOut)) throw error; // it was over before
    }
    // The phone page of this browser keeps nobody's name either.
    await import("../duty/kept").then((phone) => phone.clearPersonHere()).catch(() => undefined);
    writeChecked(null, false);
    this.#others?.postMessage("signed out" satisfies Word);
    location.assign(SIGN_IN);
  }
}

export const session = new Session();
