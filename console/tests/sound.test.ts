import { describe, expect, test } from "vitest";
import { back, next, observe as take, type Plan, SILENT, silence } from "../src/sound/plan";
import { HARMONICS, lengthMs, LOUDER_DB, NAMES, type SoundName, SOUNDS } from "../src/sound/table";
import type { Incident } from "../src/state/reducer";
import { item } from "./items";

const open = (...list: Incident[]): Map<string, Incident> => new Map(list.map((incident) => [incident.id, incident]));

/** What is open now; what this plan knows and is not there any more is closed. */
function observe(plan: Plan, after: Map<string, Incident>, now: number, isNew: boolean): Plan {
  const ids = new Set([...plan.since.keys(), ...after.keys()]);
  return take(plan, [...ids].map((id) => ({ id, before: undefined, after: after.get(id) })), now, isNew);
}

/** Let time go by a second at a time, as the ticks do, and note what begins. */
function listen(plan: Plan, from: number, to: number, isLost = false): { plan: Plan; heard: [number, SoundName, number][] } {
  const heard: [number, SoundName, number][] = [];
  for (let now = from; now <= to; now++) {
    const turn = next(plan, now, isLost);
    plan = turn.plan;
    if (turn.due !== null) heard.push([now, turn.due.name, turn.due.moreDb]);
  }
  return { plan, heard };
}

describe("the table of sounds", () => {
  test.each(NAMES)("%s has its fundamentals between 400 and 900 Hz and four harmonics below 4,000 Hz", (name) => {
    for (const tone of SOUNDS[name].tones) {
      expect(tone.hz).toBeGreaterThanOrEqual(400);
      expect(tone.hz).toBeLessThanOrEqual(900);
      expect(HARMONICS.filter((_, index) => tone.hz * (index + 1) <= 4_000).length).toBeGreaterThanOrEqual(4);
    }
  });

  test("priority 1 is 3 + 2 rising pulses of 150 ms, every 5 s", () => {
    const { tones, every_s } = SOUNDS.p1;
    expect(tones.map((tone) => tone.length_ms)).toEqual([150, 150, 150, 150, 150]);
    expect(tones.map((tone) => tone.hz)).toEqual([...tones.map((tone) => tone.hz)].sort((a, b) => a - b));
    const gaps = tones.slice(1).map((tone, index) => tone.at_ms - (tones[index]?.at_ms ?? 0));
    expect(gaps.indexOf(Math.max(...gaps))).toBe(2);
    expect(every_s).toBe(5);
  });

  test("each is over before it begins again, and none reaches full scale, not even louder", () => {
    for (const name of NAMES) {
      const { every_s, level_db } = SOUNDS[name];
      if (every_s !== null) expect(lengthMs(SOUNDS[name])).toBeLessThan(every_s * 1000);
      expect(level_db + LOUDER_DB).toBeLessThan(0);
    }
  });
});

describe("what its plan handles", () => {
  const mark = { name: "line", step: "wait", number: 1, of: 3, due_at: null, late: false, alone: true, ended: false, undone: 0 };
  const quiet = item("line", { priority: 3, plan: mark });
  const handed = item("line", { priority: 3, plan: { ...mark, alone: false } });

  test("is not heard, and is heard once when it comes to the queue", () => {
    expect(listen(observe(SILENT, open(quiet), 100, true), 100, 160).heard).toEqual([]);
    const come = take(SILENT, [{ id: "line", before: quiet, after: handed }], 200, true);
    expect(listen(come, 200, 260).heard.map(([, name]) => name)).toEqual(["p3"]);
  });

  test("sounds as overdue when the limit of a step was missed by whoever has it, until that is done", () => {
    const late = item("line", { priority: 3, claimed_by: "user-1", plan: { ...mark, alone: false, late: true } });
    const come = observe(SILENT, open(late), 100, true);
    expect(listen(come, 100, 131).heard.map(([at, name]) => [at, name])).toEqual([[100, "overdue"], [130, "overdue"]]);
    expect(listen(observe(come, open({ ...late, plan: { ...mark, alone: false } }), 132, true), 132, 200).heard).toEqual([]);
  });
});

describe("an unclaimed priority 1", () => {
  const fire = item("fire", { priority: 1 });

  test("of the control room itself is never heard, neither when it comes nor when it waits", () => {
    const room = item("room", { priority: 1, is_room: true, silent: true });
    expect(listen(observe(SILENT, open(room), 100, true), 100, 160).heard).toEqual([]);
    expect(silence(observe(SILENT, open(room), 100, true), false).what).toBe("nothing");
  });

  test("sounds at once, then every 5 s, 6 dB louder from 20 s on, until it is claimed", () => {
    const begun = observe(SILENT, open(fire), 100, true);
    const { plan, heard } = listen(begun, 100, 126);
    expect(heard).toEqual([100, 105, 110, 115, 120, 125].map((at) => [at, "p1", at >= 120 ? LOUDER_DB : 0]));
    const claimed = observe(plan, open({ ...fire, claimed_by: "user-1" }), 126, true);
    expect(listen(claimed, 126, 160).heard).toEqual([]);
  });

  test("cannot be silenced", () => {
    const { plan } = listen(observe(SILENT, open(fire), 100, true), 100, 101);
    const silenced = silence(plan, false);
    expect(silenced.what).toBe("p1");
    expect(listen(silenced.plan, 102, 106).heard).toEqual([[105, "p1", 0]]);
  });

  test("that follows another sounds at once, over whatever plays", () => {
    const { plan } = listen(observe(SILENT, open(fire), 100, true), 100, 100);
    const second = observe(plan, open(fire, item("hold-up", { priority: 1 })), 100.5, true);
    expect(next(second, 100.5, false).due?.name).toBe("p1");
  });

  test("sounds also where it was open before this window was", () => {
    expect(next(observe(SILENT, open(fire), 100, false), 100, false).due?.name).toBe("p1");
  });

  test("sounds again after it was given back", () => {
    const claimed = observe(SILENT, open({ ...fire, claimed_by: "user-1" }), 100, true);
    expect(next(observe(claimed, open(fire), 130, true), 130, false).due).toEqual({ name: "p1", at: 130, moreDb: 0 });
  });

  test("on test does not sound", () => {
    expect(next(observe(SILENT, open({ ...fire, presentation: "on_test" }), 100, true), 100, false).due).toBeNull();
  });
});

describe("what is less urgent", () => {
  test("an unclaimed priority 2 sounds every 15 s", () => {
    const plan = observe(SILENT, open(item("gate", { priority: 2 })), 100, true);
    expect(listen(plan, 100, 131).heard.map(([at, name]) => [at, name])).toEqual([[100, "p2"], [115, "p2"], [130, "p2"]]);
  });

  test("F9 ends the present sound of priority 2, and the next one sounds again", () => {
    const gate = item("gate", { priority: 2 });
    const { plan } = listen(observe(SILENT, open(gate), 100, true), 100, 101);
    const silenced = silence(plan, false);
    expect(silenced.what).toBe("silenced");
    expect(listen(silenced.plan, 102, 140).heard).toEqual([]);
    const another = observe(silenced.plan, open(gate, item("door", { priority: 2 })), 140, true);
    expect(listen(another, 140, 141).heard).toEqual([[140, "p2", 0]]);
  });

  test("a new priority 3 or 4 sounds once, and not where it was open before", () => {
    const incidents = open(item("mains", { priority: 4 }), item("depot", { priority: 3 }));
    expect(listen(observe(SILENT, incidents, 100, true), 100, 160).heard.map(([, name]) => name)).toEqual(["p3", "p4"]);
    expect(listen(observe(SILENT, incidents, 100, false), 100, 160).heard).toEqual([]);
  });

  test("waits until the more urgent is over", () => {
    const plan = observe(SILENT, open(item("fire", { priority: 1 }), item("gate", { priority: 2 })), 100, true);
    const { heard } = listen(plan, 100, 104);
    expect(heard.map(([, name]) => name)).toEqual(["p1", "p2"]);
    expect((heard[1]?.[0] ?? 0) - 100).toBeGreaterThan(lengthMs(SOUNDS.p1) / 1000);
  });
});

describe("a lost connection", () => {
  test("sounds every 10 s until somebody says that it is known, and again at the next loss", () => {
    const { plan, heard } = listen(SILENT, 100, 121, true);
    expect(heard.map(([at, name]) => [at, name])).toEqual([[100, "lost"], [110, "lost"], [120, "lost"]]);
    const known = silence(plan, true);
    expect(known.what).toBe("silenced");
    expect(listen(known.plan, 122, 150, true).heard).toEqual([]);
    expect(next(back(known.plan), 200, true).due?.name).toBe("lost");
  });
});

test("F9 says so where nothing sounds", () => {
  expect(silence(SILENT, false).what).toBe("nothing");
});

describe("an incident that became more urgent", () => {
  const gate = item("gate", { priority: 2 });
  const fire = item("gate", { priority: 1, version: 2 });

  test("sounds as priority 1 though its priority 2 was silenced", () => {
    const silenced = silence(observe(SILENT, open(gate), 100, true), false).plan;
    const raised = observe(silenced, open(fire), 110, true);
    expect(listen(raised, 110, 116).heard.map(([at, name]) => [at, name])).toEqual([[110, "p1"], [115, "p1"]]);
  });

  test("sounds again as priority 2 where it is less urgent again", () => {
    const silenced = silence(observe(SILENT, open(gate), 100, true), false).plan;
    const lowered = observe(observe(silenced, open(fire), 110, true), open({ ...gate, version: 3 }), 120, true);
    expect(next(lowered, 120, false).due?.name).toBe("p2");
  });

  test("is never held silenced while it is priority 1, whatever was noted", () => {
    const plan: Plan = { ...observe(SILENT, open(fire), 100, true), silenced: new Set(["gate"]) };
    expect(next(plan, 100, false).due?.name).toBe("p1");
  });
});

describe("what nobody claims", () => {
  const told = { at: 2_000_000, late_s: 0, step: 0, tell: "second_desk", told: 0 } as const;
  const fire = item("fire", { priority: 1 });

  test("is louder as soon as the second desk is told, on a console too that was opened a moment ago", () => {
    const begun = observe(SILENT, open(fire), 100, true);
    const { plan } = listen(begun, 100, 103);
    const escalated = observe(plan, open({ ...fire, escalated: [told], version: 2 }), 103, true);
    expect(listen(escalated, 103, 104).heard).toEqual([[103, "p1", LOUDER_DB]]);
    const fresh = observe(SILENT, open({ ...fire, escalated: [told] }), 100, false);
    expect(next(fresh, 100, false).due).toEqual({ name: "p1", at: 100, moreDb: LOUDER_DB });
  });

  test("is louder where a chain of the centre's own tells a desk by its name, and not where it tells people alone", () => {
    const people = { ...told, chain: "chain-1", tell: "notify", told: 2 } as const;
    const named = observe(SILENT, open({ ...fire, escalated: [{ ...people, desks: ["desk-1"] }] }), 100, false);
    expect(next(named, 100, false).due).toEqual({ name: "p1", at: 100, moreDb: LOUDER_DB });
    const alone = observe(SILENT, open({ ...fire, escalated: [people] }), 100, false);
    expect(next(alone, 100, false).due).toEqual({ name: "p1", at: 100, moreDb: 0 });
  });

  test("is not begun anew by every change of its row", () => {
    const begun = observe(SILENT, open({ ...fire, escalated: [told] }), 100, true);
    const { plan } = listen(begun, 100, 101);
    const again = observe(plan, open({ ...fire, escalated: [told, { ...told, step: 1, tell: "supervisor" }], version: 3 }), 102, true);
    expect(listen(again, 102, 106).heard.map(([at]) => at)).toEqual([105]);
  });
});

describe("what is overdue", () => {
  const searched = item("searched", { priority: 3, claimed_by: "user-1", look_again_at: 1_000_000, look_again_due: true });

  test("sounds as a falling pair every 30 s until it was looked at, though somebody has claimed it", () => {
    const begun = observe(SILENT, open(searched), 100, false);
    const { plan, heard } = listen(begun, 100, 161);
    expect(heard.map(([at, name]) => [at, name])).toEqual([[100, "overdue"], [130, "overdue"], [160, "overdue"]]);
    const [high, low] = SOUNDS.overdue.tones;
    expect((high?.hz ?? 0) - (low?.hz ?? 0)).toBeGreaterThan(0);
    const looked = observe(plan, open({ ...searched, look_again_due: false, version: 2 }), 161, true);
    expect(listen(looked, 161, 250).heard).toEqual([]);
  });

  test("is silent after F9, and sounds again the next time that it falls due", () => {
    const silenced = silence(observe(SILENT, open(searched), 100, false), false);
    expect(silenced.what).toBe("silenced");
    expect(listen(silenced.plan, 101, 170).heard).toEqual([]);
    const looked = observe(silenced.plan, open({ ...searched, look_again_due: false, version: 2 }), 171, true);
    expect(next(observe(looked, open({ ...searched, version: 3 }), 172, true), 172, false).due?.name).toBe("overdue");
  });
});
