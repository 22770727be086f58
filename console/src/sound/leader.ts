/** One window of a workstation sounds. By Web Locks where they are (over HTTPS, or on this computer), else by word of mouth:
 *  whoever sounds says so each second, and the one with the smallest name goes on where two do. */

const LOCK = "tocsin-sound";
const HEARD_MS = 3_500;

type Word = { readonly says: "sounding"; readonly id: number } | { readonly says: "silenced" };

export interface Leading {
  readonly isMine: boolean;
  /** Sound became possible here: stand for it. */
  consider(): void;
  tick(): void;
  isElsewhere(): boolean;
  /** Somebody silenced the present sound here: the window that sounds must know. */
  tellSilence(): void;
  /** Was it silenced in another window since this was asked last? */
  wasSilenced(): boolean;
}

export function leadSound(canSound: () => boolean): Leading {
  const id = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(LOCK) : null;
  const hasLocks = "locks" in navigator;
  let isMine = false;
  let isAsking = false;
  let isSilenced = false;
  let heardAt = -Infinity;
  let letGo: (() => void) | null = null;

  channel?.addEventListener("message", ({ data }: MessageEvent<Word>) => {
    if (data.says === "silenced") isSilenced = true;
    else if (data.says === "sounding") {
      heardAt = performance.now();
      if (!hasLocks && isMine && data.id < id) isMine = false;
    }
  });

  function consider(): void {
    if (isMine || isAsking || !canSound()) return;
    if (!hasLocks) {
      isMine = performance.now() - heardAt > HEARD_MS;
      return;
    }
    isAsking = true;
    void navigator.locks.request(LOCK, () => {
      isMine = true;
      return new Promise<void>((resolve) => {
        letGo = resolve; // else until this window is closed
      });
    }).then(() => {
      isAsking = false;
    });
  }

  return {
    get isMine() {
      return isMine;
    },
    consider,
    tick() {
      if (isMine && !canSound()) {
        isMine = false; // another window may be able to
        letGo?.();
        letGo = null;
      }
      consider();
      if (isMine) channel?.postMessage({ says: "sounding", id } satisfies Word);
    },
    isElsewhere: () => !isMine && performance.now() - heardAt < HEARD_MS,
    tellSilence() {
      channel?.postMessage({ says: "silenced" } satisfies Word);
    },
    wasSilenced() {
      const was = isSilenced;
      isSilenced = false;
      return was;
    },
  };
}
