/** One window of a workstation sounds. By Web Locks where they are (over HTTPS, or on this computer), else by word of mouth:
 *  whoever sounds says so each second, and of two the one with the better standing goes on, else the smaller name. */

const LOCK = "tocsin-sound";
const HEARD_MS = 3_500;
/** A leader that says nothing for so long does not sound, whatever lock it holds. */
const SILENT_MS = 5_000;

/** How well this window can sound; null: not at all. `good`: tested and signed in. `ended`: tested, and its session is over.
 *  `untested`: nobody said that it was heard here; better than no sound, and never a reason to call another window well. */
export type Standing = "good" | "ended" | "untested" | null;
const RANK = { good: 0, ended: 1, untested: 2 } as const;

type Word = { readonly says: "sounding"; readonly id: number; readonly rank: number } | { readonly says: "silenced" };

export interface Leading {
  readonly isMine: boolean;
  /** Sound became possible here: stand for it. */
  consider(): void;
  tick(): void;
  /** Another window sounds, and somebody heard it do so. */
  isElsewhere(): boolean;
  /** For a while no window said that it sounds, and this one does not. */
  isNobody(): boolean;
  /** Somebody silenced the present sound here: the window that sounds must know. */
  tellSilence(): void;
  /** Was it silenced in another window since this was asked last? */
  wasSilenced(): boolean;
  /** This window is left: let another one lead. */
  end(): void;
}

export function leadSound(standing: () => Standing): Leading {
  const id = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(LOCK) : null;
  const hasLocks = "locks" in navigator;
  let isMine = false;
  let isSilenced = false;
  let heardAt = -Infinity;
  let heardRank: number = RANK.untested;
  /** Since when somebody else should be heard. */
  let waitsSince = performance.now();
  let rankBefore: number | null = null;
  let letGo: (() => void) | null = null;
  /** The request for the lock that is under way or granted; of an older one nothing counts any more. */
  let asked: { readonly abort: AbortController } | null = null;

  channel?.addEventListener("message", ({ data }: MessageEvent<Word>) => {
    if (data.says === "silenced") isSilenced = true;
    else if (data.says === "sounding") {
      heardAt = performance.now();
      heardRank = data.rank;
      const mine = rank();
      if (!hasLocks && isMine && (mine === null || data.rank < mine || (data.rank === mine && data.id < id))) lose();
    }
  });

  function rank(): number | null {
    const now = standing();
    return now === null ? null : RANK[now];
  }

  function lose(): void {
    isMine = false;
    waitsSince = performance.now();
  }

  function release(): void {
    asked?.abort.abort();
    asked = null;
    letGo?.();
    letGo = null;
    if (isMine) lose();
  }

  /** Nobody is heard who sounds as well as this window would. */
  function isWanted(mine: number): boolean {
    const now = performance.now();
    if (now - heardAt < SILENT_MS) return heardRank > mine;
    return channel !== null && now - waitsSince >= SILENT_MS;
  }

  function ask(steal: boolean): void {
    const request = { abort: new AbortController() };
    asked = request;
    const held = (): Promise<void> | undefined => {
      if (asked !== request) return undefined;
      isMine = true;
      return new Promise<void>((resolve) => {
        letGo = resolve; // else until this window is closed
      });
    };
    const over = (): void => {
      if (asked !== request) return;
      asked = null; // let go, or taken by another window
      letGo = null;
      if (isMine) lose();
    };
    // What is taken cannot be given up while it waits: it does not wait.
    navigator.locks.request(LOCK, steal ? { steal } : { signal: request.abort.signal }, held).then(over, over);
  }

  function consider(): void {
    const mine = rank();
    if (isMine || mine === null) return;
    if (!hasLocks) {
      isMine = performance.now() - heardAt > HEARD_MS || heardRank > mine;
    } else if (isWanted(mine)) {
      release();
      heardAt = -Infinity;
      waitsSince = performance.now();
      ask(true);
    } else if (asked === null) ask(false);
  }

  return {
    get isMine() {
      return isMine;
    },
    consider,
    tick() {
      const mine = rank();
      // Another window may be able to, or do it better; where none does, it comes back at once.
      if (mine === null || (rankBefore !== null && mine > rankBefore)) release();
      rankBefore = mine;
      consider();
      if (isMine && mine !== null) channel?.postMessage({ says: "sounding", id, rank: mine } satisfies Word);
    },
    isElsewhere: () => !isMine && performance.now() - heardAt < HEARD_MS && heardRank === RANK.good,
    isNobody: () => !isMine && performance.now() - Math.max(heardAt, waitsSince) > HEARD_MS,
    tellSilence() {
      channel?.postMessage({ says: "silenced" } satisfies Word);
    },
    wasSilenced() {
      const was = isSilenced;
      isSilenced = false;
      return was;
    },
    end() {
      release();
      channel?.close();
    },
  };
}
