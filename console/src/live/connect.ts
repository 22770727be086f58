/** The way from a window to the one who holds the stream. */

import { LiveHub } from "./hub";
import type { FromWindow, ToWindow } from "./messages";
import LiveWorker from "./worker?sharedworker";

const HERE_MS = 20_000;

/** Begin to take what the stream says. One stream serves all windows of this person at this workstation. */
export function connectLive(user: string, take: (message: ToWindow) => void): void {
  if (typeof SharedWorker === "function") {
    // Named by the person: somebody else who signs in here has a stream with rights of their own.
    const worker = new LiveWorker({ name: `tocsin-${user}` });
    const tell = (message: FromWindow) => worker.port.postMessage(message);
    let hasSpoken = false;
    worker.port.onmessage = ({ data }: MessageEvent<ToWindow>) => {
      hasSpoken = true;
      take(data);
    };
    worker.onerror = () => {
      if (!hasSpoken) lead(user, take); // its script did not load, or is not let through
    };
    tell({ type: "hello" });
    setInterval(() => tell({ type: "here" }), HERE_MS);
    addEventListener("pagehide", () => tell({ type: "bye" }));
    addEventListener("pageshow", (event) => {
      if (event.persisted) tell({ type: "hello" });
    });
  } else lead(user, take);
}

/** Without SharedWorker one window leads, and the others listen to it; without locks each has a stream of its own. */
function lead(user: string, take: (message: ToWindow) => void): void {
  if (!("locks" in navigator) || typeof BroadcastChannel !== "function") {
    new LiveHub(take).start();
    return;
  }
  const channel = new BroadcastChannel(`tocsin-${user}`);
  let hub: LiveHub | null = null;
  channel.onmessage = ({ data }: MessageEvent<ToWindow | FromWindow>) => {
    if (data.type === "hello") {
      if (hub !== null) channel.postMessage(hub.welcome());
    } else if (data.type !== "here" && data.type !== "bye" && hub === null) take(data);
  };
  channel.postMessage({ type: "hello" } satisfies FromWindow);
  void navigator.locks.request(`tocsin-live-${user}`, () => {
    hub = new LiveHub((message) => {
      take(message);
      channel.postMessage(message);
    });
    hub.start();
    return new Promise<never>(() => {}); // until this window is closed
  });
}
