/** This browser as a contact: it is subscribed at its maker's server, with the centre's public key. */

import workerUrl from "./push-worker.js?url&no-inline";

export const canSubscribe = (): boolean => isSecureContext && "serviceWorker" in navigator && "PushManager" in window;

export interface Subscribed {
  endpoint: string;
  auth: string;
  p256dh: string;
}

/** Ask for permission and subscribe; null where the person or the browser says no. */
export async function subscribe(key: string): Promise<Subscribed | null> {
  if ((await Notification.requestPermission()) !== "granted") return null;
  const registration = await navigator.serviceWorker.register(workerUrl);
  await (await registration.pushManager.getSubscription())?.unsubscribe(); // it may be of another key
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = made.toJSON();
  if (endpoint === undefined || keys?.["auth"] === undefined || keys["p256dh"] === undefined) return null;
  return { endpoint, auth: keys["auth"], p256dh: keys["p256dh"] };
}
