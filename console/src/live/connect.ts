/** The way from a window to the one who holds the stream. */

import { LiveHub } from "./hub";
import type { FromWindow, ToWindow } from "./messages";
import LiveWorker from "./worker?sharedworker";

const HERE_MS = 20_000;
/** So many workers may fall silent before this window follows the stream by itself. */
const WORKERS_MAX = 2;

type Take = (message: ToWindow) => void;

export interface Connection {
  /** Whoever holds the stream says nothing any more: take another one. */
  renew(): void;
}

/** Begin to take what the stream says. One stream serves all windows of this person at this workstation. */
export function connectLive(user: string, take: Take): Connection {
  let tried = 0;
  let leave: () => void = () => {};

  const begin = (): void => {
    leave();
    const isNow = ++tried;
    // What one says that was given up does not count.
    const heard: Take = (message) => {
      if (tried === isNow) take(message);
    };
    if (typeof SharedWorker === "function" && tried <= WORKERS_MAX) leave = ask(user, tried, heard, begin);
    else leave = lead(user, heard, tried > 1);
  };
  begin();
  return { renew: begin };
}

/** Hear a worker. `failed`: its script did not load, or is not let through. Returns what leaves it. */
function ask(user: string, generation: number, take: Take, failed: () => void): () => void {
  // Named by the person: somebody else who signs in here has a stream with rights of their own. A worker that hangs keeps
  // its name, so the next one has another.
  const worker = new LiveWorker({ name: generation === 1 ? `tocsin-${user}` : `tocsin-${user}-${generation}` });
  const tell = (message: FromWindow) => worker.port.postMessage(message);
  let hasSpoken = false;
  let hasFailed = false;
  worker.port.onmessage = ({ data }: MessageEvent<ToWindow>) => {
    hasSpoken = true;
    take(data);
  };
  worker.onerror = () => {
    if (hasSpoken || hasFailed) return;
    hasFailed = true;
    failed();
  };
  const hide = () => tell({ type: "bye" });
  const show = (event: PageTransitionEvent) => {
    if (event.persisted) tell({ type: "hello" });
  };
  tell({ type: "hello" });
  const timer = setInterval(() => tell({ type: "here" }), HERE_MS);
  addEventListener("pagehide", hide);
  addEventListener("pageshow", show);
  return () => {
    hasFailed = true;
    clearInterval(timer);
    removeEventListener("pagehide", hide);
    removeEventListener("pageshow", show);
    hide();
    worker.port.close();
  };
}

/** Without SharedWorker one window leads, and the others listen to it; without locks each has a stream of its own. `steal`:
 *  whoever leads is silent. Returns what leaves it. */
function lead(user: string, take: Take, steal: boolean): () => void {
  if (!("locks" in navigator) || typeof BroadcastChannel !== "function") {
    const own = new LiveHub(take);
    own.start();
    return () => own.end();
  }
  const channel = new BroadcastChannel(`tocsin-${user}`);
  let hub: LiveHub | null = null;
  let letGo: (() => void) | null = null;
  let hasLeft = false;
  const begin = (): LiveHub => {
    const begun = new LiveHub((message) => {
      take(message);
      channel.postMessage(message);
    });
    begun.start();
    return begun;
  };
  channel.onmessage = ({ data }: MessageEvent<ToWindow | FromWindow>) => {
    if (data.type === "hello") {
      if (hub?.isEnded) {
        hub.end(); // signed out, and in again
        hub = begin();
      }
      if (hub !== null) channel.postMessage(hub.welcome());
    } else if (data.type !== "here" && data.type !== "bye" && hub === null) take(data);
  };
  channel.postMessage({ type: "hello" } satisfies FromWindow);
  const waiting = new AbortController();
  const over = (): void => {
    hub?.end(); // another window took it, since this one was silent
    hub = null;
  };
  navigator.locks
    .request(`tocsin-live-${user}`, steal ? { steal } : { signal: waiting.signal }, () => {
      if (hasLeft) return undefined;
      hub = begin();
      return new Promise<void>((resolve) => {
        letGo = resolve; // else until this window is closed
      });
    })
    .then(over, over);
  return () => {
    hasLeft = true;
    waiting.abort();
    over();
    letGo?.();
    channel.close();
  };
}
