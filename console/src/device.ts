/** This phone's own key: made here, kept by the browser, and never to be had out of it. A session that is bound to it goes on
 *  for 90 days; every ten minutes it signs what the centre asks. Loaded where a session is bound, or is to be. */

import { askUnproven, post, useCsrf } from "./api/client";
import type { SessionAnswer } from "./api/types";
import type { components } from "./api/schema";

type Challenge = components["schemas"]["ChallengeAnswer"];

const DATABASE = "tocsin-device";
const STORE = "keys";
const NAME = "session";
const EVERY_MS = 9 * 60_000;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;

export const hex = (bytes: ArrayBuffer): string => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Can this browser keep a key? Only over HTTPS, or on this computer itself. */
export function canBind(): boolean {
  return isSecureContext && typeof indexedDB === "object" && typeof crypto.subtle === "object";
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("no place for a key"));
  });
}

async function inStore<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => reject(transaction.error ?? new Error("the key was not kept"));
      transaction.onabort = transaction.onerror;
    });
  } finally {
    database.close();
  }
}

/** Bind the session to this phone, for 90 days. Raises what the client raises. */
export async function bindThisPhone(): Promise<SessionAnswer> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
  // Kept before it is told: a session that is bound to a key that nobody has would end in ten minutes.
  await inStore("readwrite", (store) => store.put(pair.privateKey, NAME));
  const raw = await crypto.subtle.exportKey("raw", pair.publicKey);
  const bound = await post<SessionAnswer>("/session/device", { public_key: hex(raw) });
  await showThisPhone();
  return bound;
}

let underWay: Promise<boolean> | null = null;

/** Sign what the centre asks. False where this phone has no key, or not the one of the session. Raises NotReached. */
export function showThisPhone(): Promise<boolean> {
  underWay ??= show().finally(() => (underWay = null));
  return underWay;
}

async function show(): Promise<boolean> {
  if (!canBind()) return false;
  const key = await inStore<CryptoKey | undefined>("readonly", (store) => store.get(NAME) as IDBRequest<CryptoKey | undefined>);
  if (key === undefined) return false;
  const challenge = await askUnproven<Challenge>("GET", "/session/challenge");
  useCsrf(challenge.csrf);
  const words = new TextEncoder().encode(`tocsin device 1 ${challenge.session} ${challenge.message}`);
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, words);
  await askUnproven<SessionAnswer>("POST", "/session/proof", { body: { signature: hex(signature) } });
  return true;
}

/** Show this phone again and again, while the page is open; also when it comes back from sleep. */
export function keepShowing(): () => void {
  const act = () => {
    if (document.visibilityState === "visible") void showThisPhone().catch(() => undefined); // asked for again with the next request
  };
  const timer = setInterval(act, EVERY_MS);
  document.addEventListener("visibilitychange", act);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", act);
  };
}

