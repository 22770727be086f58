/** The SharedWorker: one stream for all windows of this workstation, hidden ones too. */

import { LiveHub } from "./hub";
import type { FromWindow, ToWindow } from "./messages";

/** Of a shared worker's global object, what the types of a page do not know. */
const scope = self as unknown as { onconnect: ((event: MessageEvent) => void) | null };

/** A window that says nothing for so long is gone, though it did not say goodbye. */
const SILENT_MS = 300_000;

const ports = new Map<MessagePort, number>();
let hub = begin();

function begin(): LiveHub {
  const begun = new LiveHub(tell);
  begun.start();
  return begun;
}

function tell(message: ToWindow): void {
  const now = performance.now();
  for (const [port, heardAt] of ports) {
    if (now - heardAt > SILENT_MS) ports.delete(port);
    else port.postMessage(message);
  }
}

scope.onconnect = (event) => {
  const [port] = event.ports;
  if (port === undefined) return;
  port.onmessage = ({ data }: MessageEvent<FromWindow>) => {
    if (data.type === "bye") ports.delete(port);
    else {
      const isNew = !ports.has(port);
      ports.set(port, performance.now());
      if (data.type === "hello" && hub.isEnded) {
        hub.end(); // signed out, and in again
        hub = begin();
      }
      if (data.type === "hello" || isNew) port.postMessage(hub.welcome());
    }
  };
};
