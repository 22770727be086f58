/** Whether somebody at this desk talks: the telephone system says so, or a key where it does not. Both are bounded, for the
 *  end may never be told. Every window of the workstation knows the same. */

import { ringing } from "../call/rings.svelte";
import { live } from "../live/live.svelte";
import { session } from "../shell/session.svelte";
import { CALL_LEVEL_DB, CALL_LEVELS_DB } from "./levels";

const KEPT = "tocsin.inCall";
const LEVEL = "tocsin.callLevel";
/** By the key, for so long at most. */
export const BY_KEY_MS = 30 * 60_000;

interface ByKey {
  readonly user: string;
  /** In a call until then, by this computer's clock; 0: not. */
  readonly until: number;
  /** What the telephone system says and somebody knows better: that call is over. */
  readonly not: number | null;
}

class InCall {
  #byKey = $state.raw<ByKey | null>(readKey());
  level_db = $state(readLevel());

  constructor() {
    addEventListener("storage", ({ key }) => {
      if (key === KEPT) this.#byKey = readKey();
      else if (key === LEVEL) this.level_db = readLevel();
    });
  }

  /** Is it so now? `nowMs` is the centre's time. */
  is(nowMs: number | null): boolean {
    return this.#own() || this.#told(nowMs);
  }

  get isOn(): boolean {
    return this.is(live.nowMs);
  }

  #key(): ByKey | null {
    const found = this.#byKey;
    return found !== null && found.user === session.answer?.user.id ? found : null;
  }

  #own(): boolean {
    const left = (this.#key()?.until ?? 0) - Date.now();
    return left > 0 && left <= BY_KEY_MS;
  }

  #told(nowMs: number | null): boolean {
    const until = ringing.inCallUntil;
    return until !== null && nowMs !== null && nowMs < until / 1000 && this.#key()?.not !== until;
  }

  /** The key: on and off. Returns whether it is on now. */
  toggle(): boolean {
    const user = session.answer?.user.id;
    if (user === undefined) return false;
    const isOn = this.is(live.serverMs());
    const told = ringing.inCallUntil;
    this.#byKey = isOn ? { user, until: 0, not: told } : { user, until: Date.now() + BY_KEY_MS, not: null };
    try {
      localStorage.setItem(KEPT, JSON.stringify(this.#byKey));
    } catch {
      // This window knows it all the same.
    }
    return !isOn;
  }

  setLevel(level_db: number): void {
    this.level_db = level_db;
    try {
      localStorage.setItem(LEVEL, String(level_db));
    } catch {
      // Asked again at the next sound check.
    }
  }
}

function readKey(): ByKey | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "null");
    if (typeof found !== "object" || found === null) return null;
    const { user, until, not } = found as Partial<Record<keyof ByKey, unknown>>;
    return typeof user === "string" && typeof until === "number" ? { user, until, not: typeof not === "number" ? not : null } : null;
  } catch {
    return null;
  }
}

function readLevel(): number {
  try {
    const found = Number(localStorage.getItem(LEVEL));
    return CALL_LEVELS_DB.includes(found) ? found : CALL_LEVEL_DB;
  } catch {
    return CALL_LEVEL_DB;
  }
}

export const inCall = new InCall();
