import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { IncidentItem } from "../src/api/types";
import { backoffS, LiveHub } from "../src/live/hub";
import type { ToWindow } from "../src/live/messages";
import { type LiveState, reduce } from "../src/state/reducer";
import { item } from "./items";

/** A centre over real sockets, as far as a console's stream needs one. */
class Centre {
  seq = 100;
  epoch = 1;
  readonly rows = new Map<string, IncidentItem>();
  readonly streams = new Set<ServerResponse>();
  readonly resumedFrom: (string | undefined)[] = [];
  readonly placesAsked: string[][] = [];
  snapshots = 0;
  pageSize = 2_000;
  isSignedIn = true;
  isMute = false;
  /** Called after a page of the snapshot was answered. */
  whenPaged: () => void = () => {};
  /** Called before the stream is answered. */
  whenFollowed: (stream: ServerResponse) => void = () => {};
  readonly #server: Server = createServer((request, response) => this.#answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  cut(): void {
    for (const stream of this.streams) stream.destroy();
    this.streams.clear();
  }

  get id(): string {
    return `${this.epoch}-${this.seq}`;
  }

  /** A fact about an incident; told at once, unless nobody shall know yet. */
  change(id: string, values: Partial<IncidentItem>, isTold = true): void {
    const prev = this.id;
    this.seq++;
    const row = item(id, { ...this.rows.get(id), ...values, version: this.seq });
    this.rows.set(id, row);
    if (isTold) this.say("delta", { prev, changes: [{ incident: row }] }, this.id);
  }

  say(event: string, data: unknown, id?: string): void {
    for (const stream of this.streams) stream.write(`event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
  }

  beat(): void {
    this.say("beat", { now: Date.now() * 1000, missing: [], last_signal_at: null, unknown: null });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://centre");
    const json = (status: number, body: unknown): void => {
      response.writeHead(status, { "Content-Type": status < 400 ? "application/json" : "application/problem+json" });
      response.end(JSON.stringify(body));
    };
    if (!this.isSignedIn) return json(401, { code: "access.not_signed_in", detail: "Sign in." });
    if (url.pathname === "/api/v1/places") {
      const ids = url.searchParams.getAll("account_id");
      this.placesAsked.push(ids);
      return json(200, { config: 1, accounts: ids.map((account_id) => ({ account_id, account: "1", name: `Panel ${account_id}`, site_id: null, site: null, zones: {} })) });
    }
    if (url.pathname === "/api/v1/incidents") {
      this.snapshots++;
      const open = [...this.rows.values()].filter((row) => row.state === "open");
      const after = Number(url.searchParams.get("after") ?? 0);
      const next = after + this.pageSize < open.length ? String(after + this.pageSize) : null;
      json(200, { items: open.slice(after, after + this.pageSize), live: this.id, next, total: open.length });
      return this.whenPaged();
    }
    if (url.pathname !== "/api/v1/live") return json(404, { code: "http.404", detail: "Nothing here." });
    this.resumedFrom.push(request.headers["last-event-id"] as string | undefined);
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.flushHeaders();
    this.streams.add(response);
    response.on("close", () => this.streams.delete(response));
    this.whenFollowed(response);
    if (!this.isMute) this.beat();
  }
}

/** A window that holds what the hub tells, and a way to wait for a state of affairs. */
class Window {
  state: LiveState | null = null;
  readonly told: ToWindow[] = [];
  #waiting: (() => void)[] = [];

  take(message: ToWindow): void {
    this.told.push(message);
    if (message.type === "state") this.state = message.state;
    else if (message.type === "delta" && this.state !== null) this.state = reduce(this.state, { kind: "delta", id: message.id, delta: message.delta });
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async until(isSo: () => boolean, withinMs = 9_000): Promise<void> {
    const end = performance.now() + withinMs;
    while (!isSo()) {
      if (performance.now() > end) throw new Error(`not within ${withinMs} ms; told: ${this.told.map((one) => (one.type === "link" ? one.link.phase : one.type)).join(" ")}`);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        setTimeout(resolve, 50);
      });
    }
  }

  get phase(): string {
    return this.told.findLast((one) => one.type === "link")?.link.phase ?? "none";
  }

  get ids(): string[] {
    return [...(this.state?.incidents.keys() ?? [])].sort();
  }
}

let centre: Centre;
let window: Window;
let hub: LiveHub;

beforeEach(async () => {
  centre = new Centre();
  const origin = await centre.start();
  Object.assign(globalThis, { self: { location: { origin } } });
  window = new Window();
  hub = new LiveHub((message) => window.take(message));
});
afterEach(async () => {
  hub.end();
  await centre.stop();
});

const isFollowed = (): boolean => centre.streams.size === 1 && window.phase === "live";

describe("the stream of a workstation", () => {
  test("begins with every open incident, page by page, and goes on from the first page's id", async () => {
    centre.pageSize = 2;
    for (const id of ["a", "b", "c", "d", "e"]) centre.change(id, {}, false);
    hub.start();
    await window.until(isFollowed);
    expect(window.ids).toEqual(["a", "b", "c", "d", "e"]);
    expect(centre.resumedFrom).toEqual(["1-105"]);
    centre.change("f", {});
    await window.until(() => window.ids.length === 6);
  });

  test("misses nothing that happens between two pages", async () => {
    centre.pageSize = 2;
    for (const id of ["a", "b", "c", "d"]) centre.change(id, {}, false);
    centre.whenPaged = () => {
      centre.whenPaged = () => {};
      centre.change("new", {}, false);
      centre.rows.delete("d"); // moved to where the second page does not look
    };
    centre.whenFollowed = (stream) => {
      const changes = [{ incident: item("new", { version: 105 }) }, { incident: item("d", { version: 104 }) }];
      stream.write(`event: delta\nid: 1-105\ndata: ${JSON.stringify({ prev: "1-104", changes })}\n\n`);
    };
    hub.start();
    await window.until(() => window.ids.join() === "a,b,c,d,new");
    expect(centre.resumedFrom).toEqual(["1-104"]);
  });

  test("is back within a second each time, however often it broke before", async () => {
    hub.start();
    await window.until(isFollowed);
    for (let round = 1; round <= 4; round++) {
      centre.cut();
      const before = performance.now();
      await window.until(() => centre.streams.size === 1);
      expect(performance.now() - before, `round ${round}`).toBeLessThan(1_000);
      const beats = window.told.filter((one) => one.type === "beat").length;
      await window.until(() => window.told.filter((one) => one.type === "beat").length > beats || beats > round);
    }
  });

  test("takes up where it was after the connection broke, without another snapshot", async () => {
    hub.start();
    await window.until(isFollowed);
    centre.change("a", {});
    await window.until(() => window.ids.length === 1);
    centre.whenFollowed = () => centre.change("b", {});
    centre.cut();
    await window.until(() => window.ids.length === 2);
    expect(centre.resumedFrom).toEqual(["1-100", "1-101"]);
    expect(centre.snapshots).toBe(1);
  });

  test("loads everything anew where a change was missed", async () => {
    hub.start();
    await window.until(isFollowed);
    centre.change("missed", {}, false);
    centre.change("told", {});
    await window.until(() => window.ids.length === 2);
    expect(centre.snapshots).toBe(2);
    await window.until(isFollowed);
  });

  test("loads everything anew when the server says so, as after a restore", async () => {
    centre.change("a", {}, false);
    hub.start();
    await window.until(isFollowed);
    centre.epoch = 2;
    centre.seq = 50;
    centre.rows.clear();
    centre.change("b", {}, false);
    centre.say("reset", { reason: "epoch" });
    await window.until(() => window.ids.join() === "b");
    await window.until(() => centre.resumedFrom.at(-1) === "2-51");
  });

  test("is lost, and left for another, once nothing came for 5 s", { timeout: 20_000 }, async () => {
    centre.isMute = true;
    hub.start();
    await window.until(() => centre.streams.size === 1);
    centre.beat();
    await window.until(() => window.phase === "live");
    const before = performance.now();
    await window.until(() => window.phase === "lost", 10_000);
    expect(performance.now() - before).toBeGreaterThan(4_900);
    centre.isMute = false;
    await window.until(() => window.phase === "live");
    expect(centre.resumedFrom.length).toBeGreaterThanOrEqual(2);
    expect(centre.snapshots).toBe(1);
  });

  test("says that it is lost where the centre cannot be reached at the start, and comes when it can", async () => {
    const origin = (globalThis as unknown as { self: { location: { origin: string } } }).self.location.origin;
    await centre.stop();
    hub.start();
    await window.until(() => window.phase === "lost");
    centre = new Centre();
    Object.assign(globalThis, { self: { location: { origin: await centre.start() } } });
    expect(origin).not.toBe("");
    await window.until(isFollowed);
  });

  test("ends where the session is over", async () => {
    hub.start();
    await window.until(isFollowed);
    centre.isSignedIn = false;
    centre.say("reset", { reason: "rights" });
    await window.until(() => window.phase === "signed-out");
    expect(hub.isEnded).toBe(true);
    const ticks = (): number => window.told.filter((one) => one.type === "tick").length;
    const before = ticks();
    await window.until(() => ticks() > before); // that it is over must be heard
  });
});

describe("names", () => {
  test("of accounts that the stream tells of are fetched together, once", async () => {
    hub.start();
    await window.until(isFollowed);
    for (let index = 0; index < 5; index++) centre.change(`i${index}`, { account_id: `account-${index % 3}` });
    await window.until(() => window.told.some((one) => one.type === "names"));
    centre.change("i9", { account_id: "account-0" });
    await window.until(() => window.ids.length === 6);
    expect(centre.placesAsked.flat().sort()).toEqual(["account-0", "account-1", "account-2"]);
  });

  test("are fetched again after the configuration changed", async () => {
    centre.change("a", { account_id: "account-1" }, false);
    hub.start();
    await window.until(isFollowed);
    centre.change("b", { account_id: "account-2" });
    await window.until(() => centre.placesAsked.length > 0);
    await window.until(() => window.told.some((one) => one.type === "names"));
    const prev = centre.id;
    centre.seq++;
    centre.say("delta", { prev, changes: [{ config: 2 }] }, centre.id);
    await window.until(() => centre.placesAsked.length > 1);
  });
});

test("waits 0.5, 1, 2, then every 2 s, a quarter more or less", () => {
  expect([0, 1, 2, 3, 50].map((attempt) => backoffS(attempt, 0.5))).toEqual([0.5, 1, 2, 2, 2]);
  expect([backoffS(3, 0), backoffS(3, 1)]).toEqual([1.5, 2.5]);
});
