import { describe, expect, test } from "vitest";
import { ApiProblem, NotReached } from "../src/api/client";
import { Chord, HoldUp, type Press, TWICE_MS } from "../src/shell/holdUp";

const press = (timeStamp: number, otherwise: Partial<Press> = {}): Press => ({
  code: "Space", ctrlKey: true, shiftKey: true, altKey: false, metaKey: false, repeat: false, timeStamp, ...otherwise,
});
const problem = (status: number): ApiProblem => new ApiProblem({ type: "", title: "", status, code: "x", detail: "no" } as never);

/** A window's own store, and waits that pass as they are asked for. */
function desk(deliver: () => Promise<unknown>, kept: Record<string, string> = {}) {
  let now = 1_000_000;
  const waits: number[] = [];
  const store = {
    getItem: (name: string) => kept[name] ?? null,
    setItem: (name: string, value: string) => void (kept[name] = value),
    removeItem: (name: string) => void delete kept[name],
  };
  const one = new HoldUp(deliver, store, () => now, (ms) => {
    waits.push(ms);
    now += ms;
    return Promise.resolve();
  });
  return { one, kept, waits, now: () => now };
}

describe("the hold-up keys", () => {
  test("are Ctrl, Shift and Space twice within three seconds; one press, a held key and any other do nothing", () => {
    expect([press(0), press(TWICE_MS)].map((one) => new Chord().pressed(one))).toEqual([false, false]);
    const chord = new Chord();
    expect([press(0), press(900, { repeat: true }), press(1_000)].map((one) => chord.pressed(one))).toEqual([false, false, true]);
    expect([press(1_100), press(1_200)].map((one) => chord.pressed(one))).toEqual([false, true]);
    expect([press(5_000), press(5_001 + TWICE_MS)].map((one) => chord.pressed(one))).toEqual([false, false]);
    for (const other of [{ code: "KeyA" }, { ctrlKey: false }, { shiftKey: false }, { altKey: true }, { metaKey: true }]) {
      const strange = new Chord();
      expect([press(0, other), press(10, other)].map((one) => strange.pressed(one))).toEqual([false, false]);
    }
  });

  test("go on trying while the centre is out of reach, and stop once it is told", async () => {
    const answers = [new NotReached("down"), problem(502), problem(429), new NotReached("down"), new NotReached("down"), null];
    let asked = 0;
    const { one, kept, waits } = desk(() => {
      const answer = answers[asked++];
      return answer === null ? Promise.resolve() : Promise.reject(answer);
    });
    await one.call(1_000_000);
    expect([asked, waits, kept]).toEqual([6, [500, 1_000, 2_000, 5_000, 5_000], {}]);
  });

  test("go on after the window was loaded anew, for half an hour and no longer", async () => {
    let asked = 0;
    const down = () => (asked++, Promise.reject(new NotReached("down")));
    const { one, kept, now } = desk(down);
    await one.call(now());
    expect(now() - 1_000_000).toBeGreaterThanOrEqual(30 * 60_000);
    expect([asked > 300, kept]).toEqual([true, {}]);
    let later = 0;
    const again = desk(() => (later++, Promise.resolve()), { "tocsin.h": "1000000" });
    again.one.goOn();
    await Promise.resolve();
    expect(later).toBe(1);
  });

  test("are not sent again where they are declined, and are a test while one is open", async () => {
    let asked = 0;
    const { one, waits } = desk(() => (asked++, Promise.reject(problem(403))));
    await one.call(1_000_000);
    expect([asked, waits]).toEqual([1, []]);
    let trials = 0;
    one.trial = () => void trials++;
    one.press();
    expect([asked, trials]).toEqual([1, 1]);
  });
});
