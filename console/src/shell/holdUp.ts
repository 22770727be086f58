/** The hold-up keys: the control room itself calls for help, and nothing on this screen tells. No answer, no mark, no sound:
 *  whoever forces the operator may be looking. What cannot be sent is tried again for as long as it may help. */

import { ApiProblem, post } from "../api/client";

/** Both within so long: one mistaken press does nothing. */
export const TWICE_MS = 3_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000] as const;
const TRIED_MS = 30 * 60_000;
/** In this window alone, so that loading it anew does not end the call. Nothing in it says what it is about. */
const KEPT = "tocsin.h";

export type Press = Pick<KeyboardEvent, "code" | "ctrlKey" | "shiftKey" | "altKey" | "metaKey" | "repeat" | "timeStamp">;

/** Ctrl, Shift and Space together: one hand reaches them, on every keyboard, whatever it types. */
export const isChord = (key: Press): boolean => key.code === "Space" && key.ctrlKey && key.shiftKey && !key.altKey && !key.metaKey;

export class Chord {
  #first = -Infinity;

  /** Is it the second press of the two? A key that is held down counts once. */
  pressed(key: Press): boolean {
    if (!isChord(key) || key.repeat) return false;
    const isSecond = key.timeStamp - this.#first <= TWICE_MS;
    this.#first = isSecond ? -Infinity : key.timeStamp;
    return isSecond;
  }
}

export const send = (exercise: boolean): Promise<void> => post<void>("/hold-up", { exercise }, { timeoutS: 5 });

/** Would the same again be declined again? Anything else may work in a moment: a proxy that starts, a sign-in. */
const isFinal = (error: unknown): boolean => error instanceof ApiProblem && error.status < 500 && ![408, 423, 425, 429].includes(error.status);

type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem">;
/** Asked for when it is needed: where a browser keeps nothing, a call is made all the same. */
const OWN_WINDOW: Kept = {
  getItem: (name) => sessionStorage.getItem(name),
  setItem: (name, value) => sessionStorage.setItem(name, value),
  removeItem: (name) => sessionStorage.removeItem(name),
};

export class HoldUp {
  /** What a press does instead while a test of the keys is open; null: none is. */
  trial: (() => void) | null = null;
  #isUnderWay = false;

  constructor(
    private readonly deliver: () => Promise<unknown> = () => send(false),
    private readonly kept: Kept = OWN_WINDOW,
    private readonly nowMs: () => number = () => Date.now(),
    private readonly wait: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  ) {}

  press(): void {
    if (this.trial !== null) this.trial();
    else void this.call(this.nowMs());
  }

  /** Go on with a call that this window could not deliver before it was loaded anew. */
  goOn(): void {
    const since = Number(this.kept.getItem(KEPT) ?? NaN);
    if (Number.isFinite(since)) void this.call(since);
  }

  async call(since: number): Promise<void> {
    if (this.#isUnderWay) return;
    this.#isUnderWay = true;
    try {
      this.kept.setItem(KEPT, String(since));
    } catch {
      // No room: it is tried all the same, as long as this window stays.
    }
    for (let tries = 0; Math.abs(this.nowMs() - since) < TRIED_MS; tries++) {
      try {
        await this.deliver();
        break;
      } catch (error) {
        if (isFinal(error)) break;
      }
      await this.wait(RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] ?? 5_000);
    }
    this.kept.removeItem(KEPT);
    this.#isUnderWay = false;
  }
}

export const holdUp = new HoldUp();
