import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { ToWindow } from "../src/live/messages";
import { EMPTY } from "../src/state/reducer";
import { item } from "./items";

/** What the browser has and Node has not; a worker here is a port that the test speaks through, or lets fall silent. */
const workers: { name: string; port: MessagePort }[] = [];
class SharedWorker {
  readonly port: MessagePort;
  onerror: (() => void) | null = null;
  constructor(_address: URL, { name }: { name: string }) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    workers.push({ name, port: port2 });
  }
}

let server: Server;
const answers = new Map<string, () => [number, unknown]>();
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://centre").pathname.replace("/api/v1", "");
    asked.push(path);
    const [status, body] = answers.get(path)?.() ?? [404, { code: "http.404", detail: "Nothing here." }];
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const location = { origin, hash: "", href: `${origin}/`, assign: () => {} };
  Object.assign(globalThis, {
    SharedWorker,
    location,
    addEventListener: () => {},
    removeEventListener: () => {},
    requestAnimationFrame: () => 1,
    document: { hidden: true, addEventListener: () => {} },
  });
  Object.assign(globalThis, { self: globalThis });
  return () => {
    for (const { port } of workers) port.close();
    server.closeAllConnections();
    server.close();
  };
});
beforeEach(() => {
  answers.clear();
  asked.length = 0;
});

async function until(isSo: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 8_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not within 8 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("an act that met the end of the session", () => {
  test("is said, and not sent again", async () => {
    const { commands } = await import("../src/queue/commands.svelte");
    answers.set("/incidents/fire/claim", () => [401, {}]);
    expect(await commands.run(item("fire"), { name: "claim", version: 1, take_over: false })).toBe(false);
    expect(commands.list.map((sent) => [sent.number, sent.phase])).toEqual([[1, "signed-out"]]);
    expect(asked).toEqual(["/incidents/fire/claim"]);
  });
});

describe("notes of the open incident", () => {
  const detail = (...notes: string[]): [number, unknown] => [
    200,
    { incident: item("fire"), timeline: notes.map((note, seq) => ({ seq, at: 1, words: "", note })), signals: [], type: null },
  ];
  const texts = (...notes: string[]): [number, unknown] => [200, { notes: notes.map((note) => ({ note, text: note })), signals: [] }];
  const readings = (): number => asked.filter((path) => path.endsWith("/texts")).length;
  let close: () => void = () => {};
  afterEach(() => close());

  test("are read anew where the time line names one that is not held, and not again for one that never comes", async () => {
    const { OpenIncident } = await import("../src/detail/detail.svelte");
    let [named, held] = [["a"], ["a"]];
    answers.set("/incidents/fire", () => detail(...named));
    answers.set("/incidents/fire/texts", () => texts(...held));
    const open = new OpenIncident("fire", () => true);
    close = () => open.close();
    await until(() => open.texts !== null && open.answer !== null, "the first reading");
    [named, held] = [["a", "b", "lost"], ["a", "b"]];
    const before = readings();
    await open.load();
    await until(() => open.texts?.notes.length === 2, "the note that came in a gap");
    await open.load();
    await open.load();
    expect(readings()).toBe(before + 1);
  });

  test("are read again after a reading that failed", async () => {
    const { OpenIncident } = await import("../src/detail/detail.svelte");
    answers.set("/incidents/fire", () => detail("a"));
    answers.set("/incidents/fire/texts", () => [503, { code: "store.busy", detail: "Busy." }]);
    const open = new OpenIncident("fire", () => true);
    close = () => open.close();
    await until(() => open.textsTrouble !== null, "the failure to be said");
    answers.set("/incidents/fire/texts", () => texts("a"));
    await until(() => open.texts !== null, "the next try");
    expect(open.textsTrouble).toBeNull();
  });
});

describe("a worker that dies", () => {
  test("is replaced, while what must sound goes on, and what is shown stays until the next one knows more", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearInterval", "performance", "Date"] });
    try {
      const { live } = await import("../src/live/live.svelte");
      let ticks = 0;
      live.listen({ tick: () => ticks++ });
      live.connect("ana", Date.now());
      expect(workers.map((worker) => worker.name)).toEqual(["tocsin-ana"]);
      const say = async (message: ToWindow): Promise<void> => {
        workers.at(-1)?.port.postMessage(message);
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      };
      const state = { ...EMPTY, id: "1-1", incidents: new Map([["fire", item("fire")]]) };
      await say({ type: "state", state, names: new Map(), link: { phase: "live" }, beat: null });
      expect(live.state.incidents.has("fire")).toBe(true);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(ticks).toBe(0); // the worker's affair
      await vi.advanceTimersByTimeAsync(6_000);
      expect(ticks).toBeGreaterThanOrEqual(4);
      expect(live.link.phase).toBe("lost");
      await vi.advanceTimersByTimeAsync(4_000);
      expect(workers.map((worker) => worker.name)).toEqual(["tocsin-ana", "tocsin-ana-2"]);
      await say({ type: "state", state: EMPTY, names: new Map(), link: { phase: "loading", loaded: 0, total: null, since: 0 }, beat: null });
      expect(live.state.incidents.has("fire")).toBe(true);
      await say({ type: "state", state: { ...state, id: "1-2", incidents: new Map() }, names: new Map(), link: { phase: "live" }, beat: null });
      expect(live.state.incidents.has("fire")).toBe(false);
      expect(live.link.phase).toBe("live");
    } finally {
      vi.useRealTimers();
    }
  });
});
