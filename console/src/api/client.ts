/** The one way to the API. Every request goes to this origin, and says who asks by the session's cookie. */

import type { IncidentItem, Problem } from "./types";

/** The server answered, and declined. `detail` is a sentence for people, `code` is stable. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly incident: IncidentItem | null;
  readonly problems: string[];
  readonly retryAfterS: number | null;
  /** All that the centre said: with a conflict, how it is now and who changed it. */
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
    this.name = "ApiProblem";
    this.status = problem.status;
    this.code = problem.code;
    this.incident = problem.incident ?? null;
    this.problems = problem.problems ?? [];
    this.retryAfterS = problem.retry_after_s ?? null;
  }
}

/** No answer came: whether the server did what was asked is not known. */
export class NotReached extends Error {
  constructor(cause: unknown) {
    super("The centre cannot be reached.", { cause });
    this.name = "NotReached";
  }
}

/** The session is over: sign in again. */
export class SignedOut extends Error {
  constructor() {
    super("Signed out.");
    this.name = "SignedOut";
  }
}

export interface Ask {
  query?: Record<string, string | number | boolean | null | undefined | readonly string[]>;
  /** An object is sent as JSON, a string as CSV, a file as it is. */
  body?: unknown;
  /** 1 to 64 characters of letters, digits, - and _. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  timeoutS?: number;
  /** The answer is a text, whatever it holds: lines of JSON are no JSON. */
  isText?: boolean;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
const TIMEOUT_S = 10;

let csrf = "";
let whenSignedOut: () => void = () => {};
let whenLocked: () => void = () => {};
/** Shows the centre that this is the phone that the session is bound to; null: not in this thread. */
let prove: (() => Promise<boolean>) | null = null;

/** The token that the server wants with whatever changes something. */
export function useCsrf(token: string): void {
  csrf = token;
}

/** What happens once any request finds the session over. */
export function onSignedOut(act: () => void): void {
  whenSignedOut = act;
}

/** What happens once any request finds the desk locked. */
export function onLocked(act: () => void): void {
  whenLocked = act;
}

/** How a phone shows that it is the one; true where the centre took it. */
export function onProofWanted(act: () => Promise<boolean>): void {
  prove = act;
}

/** The address of an API path with its query, on this origin. A list repeats its key; null is left out. */
export function address(path: `/${string}`, query: Ask["query"] = {}): string {
  const url = new URL(`/api/v1${path}`, self.location.origin);
  if (url.origin !== self.location.origin) throw new Error(`not an address of this centre: ${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
  }
  return url.href;
}

/** Ask and wait. Raises ApiProblem, NotReached or SignedOut. */
export function ask<T>(method: Method, path: `/${string}`, options: Ask = {}): Promise<T> {
  return asked(method, path, options, true);
}

/** The same, by the very act that proves the phone: it is not asked for a proof again. */
export function askUnproven<T>(method: Method, path: `/${string}`, options: Ask = {}): Promise<T> {
  return asked(method, path, options, false);
}

async function asked<T>(method: Method, path: `/${string}`, options: Ask, mayProve: boolean): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  let body: string | Blob | undefined;
  if (options.body instanceof Blob) {
    headers["Content-Type"] = options.body.type || "application/octet-stream";
    body = options.body;
  } else if (typeof options.body === "string") {
    headers["Content-Type"] = "text/csv; charset=utf-8";
    body = options.body;
  } else if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(options.body);
  }
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (options.idempotencyKey !== undefined) headers["Idempotency-Key"] = options.idempotencyKey;
  const late = AbortSignal.timeout((options.timeoutS ?? TIMEOUT_S) * 1000);
  let response: Response;
  let text: string;
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers,
      body: body ?? null,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: options.signal ? AbortSignal.any([options.signal, late]) : late,
    });
    text = await response.text();
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new NotReached(cause);
  }
  if (response.status === 401) {
    if (problemOf(response, text).code === "access.proof") {
      // The session lives: its phone must show itself. In another thread the window does so meanwhile.
      if (prove === null) throw new NotReached("the phone shows itself first");
      if (mayProve && (await prove())) return asked(method, path, options, false);
    }
    whenSignedOut();
    throw new SignedOut();
  }
  if (response.status === 423) whenLocked();
  if (response.ok) {
    const isJson = options.isText !== true && (response.headers.get("Content-Type") ?? "").includes("json");
    return (text === "" ? undefined : isJson ? JSON.parse(text) : text) as T;
  }
  throw new ApiProblem(problemOf(response, text));
}

/** The problem that a refusal tells; a made-up one where a proxy answered in its own words. */
function problemOf(response: Response, text: string): Problem {
  if ((response.headers.get("Content-Type") ?? "").includes("json")) {
    try {
      const told = JSON.parse(text) as Partial<Problem>;
      if (typeof told.code === "string" && typeof told.detail === "string") {
        return { type: "about:blank", title: "", ...told, status: response.status } as Problem;
      }
    } catch {
      // Not what it says it is: told below by its status alone.
    }
  }
  const detail = `The centre answered ${response.status} without a reason. Try again; if it stays, look at the log.`;
  return { type: "about:blank", title: "", status: response.status, code: "console.unreadable", detail };
}

export const get = <T>(path: `/${string}`, query?: Ask["query"], options: Ask = {}): Promise<T> =>
  ask<T>("GET", path, query === undefined ? options : { ...options, query });
export const post = <T>(path: `/${string}`, body?: unknown, options: Ask = {}): Promise<T> =>
  ask<T>("POST", path, { ...options, body });
export const put = <T>(path: `/${string}`, body?: unknown, options: Ask = {}): Promise<T> =>
  ask<T>("PUT", path, { ...options, body });
export const patch = <T>(path: `/${string}`, body?: unknown, options: Ask = {}): Promise<T> =>
  ask<T>("PATCH", path, { ...options, body });
export const remove = <T>(path: `/${string}`, options: Ask = {}): Promise<T> => ask<T>("DELETE", path, options);

/** A new key for a command: the same command sent again carries the same key. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
