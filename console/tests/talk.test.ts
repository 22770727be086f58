import { describe, expect, test } from "vitest";
import { IN_CALL_WAIT_S, levelDb, next, NO_TALK, observe as take, type Plan, SILENT, silence, type Talk } from "../src/sound/plan";
import { CALL_LEVEL_DB, CALL_LEVELS_DB } from "../src/sound/levels";
import { LOUDER_DB, NAMES, type SoundName, SOUNDS } from "../src/sound/table";
import type { Incident } from "../src/state/reducer";
import { item } from "./items";

const p1 = (id: string, fields: Partial<Incident> = {}): Incident => item(id, { priority: 1, ...fields });
const come = (plan: Plan, now: number, ...list: Incident[]): Plan => take(plan, list.map((after) => ({ id: after.id, before: undefined, after })), now, true);
const IN_CALL: Talk = { ...NO_TALK, isInCall: true };
const rings = (...ids: string[]): Talk => ({ ...NO_TALK, rings: new Set(ids) });

/** Let time go by a second at a time, as the ticks do, and note what begins. */
function listen(plan: Plan, from: number, to: number, talk: Talk): { plan: Plan; heard: [number, SoundName, number][] } {
  const heard: [number, SoundName, number][] = [];
  for (let now = from; now <= to; now++) {
    const turn = next(plan, now, false, talk);
    plan = turn.plan;
    if (turn.due !== null) heard.push([now, turn.due.name, turn.due.moreDb]);
  }
  return { plan, heard };
}

describe("priority 1 at a desk in a call", () => {
  test("is one soft pulse, and the whole pattern after 10 s unclaimed, never louder", () => {
    const { heard } = listen(come(SILENT, 100, p1("fire")), 100, 131, IN_CALL);
    expect(IN_CALL_WAIT_S).toBe(10);
    expect(heard).toEqual([[100, "soft", 0], [110, "p1", 0], [115, "p1", 0], [120, "p1", 0], [125, "p1", 0], [130, "p1", 0]]);
  });

  test("is the whole pattern at once at the other desks, and louder after 20 s", () => {
    const { heard } = listen(come(SILENT, 100, p1("fire")), 100, 121, NO_TALK);
    expect(heard).toEqual([[100, "p1", 0], [105, "p1", 0], [110, "p1", 0], [115, "p1", 0], [120, "p1", LOUDER_DB]]);
  });

  test("that the centre has told a second desk of is no louder here", () => {
    const told = p1("fire", { escalated: [{ chain: null }] as unknown as Incident["escalated"] });
    expect(listen(come(SILENT, 100, told), 100, 112, IN_CALL).heard.every(([, , more]) => more === 0)).toBe(true);
  });

  test("has a pulse for each that comes, and after a claim none", () => {
    let plan = come(SILENT, 100, p1("fire"));
    plan = listen(plan, 100, 103, IN_CALL).plan;
    const two = listen(come(plan, 104, p1("crash")), 104, 106, IN_CALL);
    expect(two.heard.map(([at, name]) => [at, name])).toEqual([[104, "soft"]]);
    const claimed = come(two.plan, 107, p1("fire", { claimed_by: "user-1" }), p1("crash", { claimed_by: "user-1" }));
    expect(listen(claimed, 107, 130, IN_CALL).heard).toEqual([]);
    // Given back, it is another.
    expect(listen(come(claimed, 140, p1("fire")), 140, 141, IN_CALL).heard.map(([, name]) => name)).toEqual(["soft"]);
  });

  test("is the whole pattern at once when the call is over", () => {
    const { plan } = listen(come(SILENT, 100, p1("fire")), 100, 103, IN_CALL);
    expect(listen(plan, 104, 105, NO_TALK).heard).toEqual([[104, "p1", 0]]);
  });

  test("that waited before the call began sounds on, at the level of the call", () => {
    const { plan } = listen(come(SILENT, 100, p1("fire")), 100, 121, NO_TALK);
    expect(listen(plan, 122, 126, IN_CALL).heard).toEqual([[125, "p1", 0]]);
  });

  test.each(NAMES)("%s is never louder than the level of the call", (name) => {
    for (const level of CALL_LEVELS_DB) expect(levelDb({ name, at: 0, moreDb: 0 }, level)).toBeLessThanOrEqual(level);
    expect(levelDb({ name, at: 0, moreDb: 0 }, null)).toBe(SOUNDS[name].level_db);
    expect(CALL_LEVELS_DB).toContain(CALL_LEVEL_DB);
  });
});

describe("a telephone that rings here", () => {
  test("sounds every 4 s until it is answered, and is no pattern of an alarm", () => {
    const { plan, heard } = listen(SILENT, 100, 109, rings("ring-1"));
    expect(heard.map(([at, name]) => [at, name])).toEqual([[100, "ring"], [104, "ring"], [108, "ring"]]);
    expect(listen(plan, 110, 130, NO_TALK).heard).toEqual([]);
    const steps = SOUNDS.ring.tones.slice(1).map((tone, index) => Math.sign(tone.hz - (SOUNDS.ring.tones[index]?.hz ?? 0)));
    expect(steps).toEqual([1, -1, 1]);
  });

  test("waits for what is urgent, and another one sounds at once", () => {
    expect(listen(come(SILENT, 100, p1("fire")), 100, 100, rings("ring-1")).heard.map(([, name]) => name)).toEqual(["p1"]);
    const { plan } = listen(SILENT, 100, 101, rings("ring-1"));
    expect(listen(plan, 102, 102, rings("ring-1", "ring-2")).heard.map(([, name]) => name)).toEqual(["ring"]);
  });

  test("is silenced by F9, and the next one sounds again", () => {
    const here = rings("ring-1");
    const { plan, what } = silence(listen(SILENT, 100, 101, here).plan, false, here);
    expect(what).toBe("silenced");
    expect(listen(plan, 102, 120, here).heard).toEqual([]);
    expect(listen(plan, 121, 121, rings("ring-1", "ring-2")).heard.map(([, name]) => name)).toEqual(["ring"]);
    // The same telephone rings anew: it is another call.
    const over = listen(plan, 121, 122, NO_TALK).plan;
    expect(listen(over, 123, 123, here).heard.map(([, name]) => name)).toEqual(["ring"]);
  });
});
