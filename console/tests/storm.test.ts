import { describe, expect, it } from "vitest";
import { byUrgency } from "../src/state/order";
import type { Incident } from "../src/state/reducer";
import { group, isBehind, mayGroup } from "../src/state/storm";
import { item } from "./items";

const NONE: ReadonlySet<string> = new Set();
let count = 0;

function one(otherwise: Partial<Incident> = {}): Incident {
  count += 1;
  return item(`incident-${count}`, { number: count, opened_at: 1_000 + count, priority: 3, hazard: "technical", site_id: "site-1", claimed_by: null, ...otherwise });
}

const queue = (...rows: Incident[]): Incident[] => rows.sort(byUrgency);
const ids = (rows: readonly Incident[]): string[] => rows.map((row) => row.id);

describe("a storm on the screen", () => {
  it("lets the first of a place and class stand for the others, and drops none", () => {
    const rows = queue(one(), one(), one(), one({ site_id: "site-2" }), one({ hazard: "utility" }));
    const grouped = group(rows, 0, NONE, NONE);
    expect(grouped.rows).toHaveLength(3);
    expect(grouped.count).toBe(2);
    expect(ids(grouped.groups.get(rows[0]!.id)!.members)).toEqual(ids(rows.slice(0, 3)));
  });

  it("groups what is scattered over places by class, from three on", () => {
    const two = queue(one({ site_id: "a" }), one({ site_id: "b" }));
    expect(group(two, 0, NONE, NONE).count).toBe(0);
    const three = queue(...two, one({ site_id: null, account_id: null, account: "4711" }));
    const grouped = group(three, 0, NONE, NONE);
    expect(grouped.rows).toHaveLength(1);
    expect(grouped.groups.get(three[0]!.id)!.isOnePlace).toBe(false);
  });

  it.each<[string, Partial<Incident>]>([
    ["priority 2", { priority: 2 }],
    ["priority 1", { priority: 1 }],
    ...(["fire", "explosion", "medical", "rescue", "hazmat", "robbery_holdup"] as const).map((hazard): [string, Partial<Incident>] => [hazard, { hazard, priority: 4 }]),
    ["silent", { silent: true }],
    ["claimed", { claimed_by: "user-1" }],
    ["shelved", { presentation: "shelved" }],
    ["on test", { presentation: "on_test" }],
    ["an exercise", { exercise: true }],
    ["to be looked at again", { look_again_due: true }],
    ["from before the storm", { opened_at: 1 }],
  ])("never groups what is %s", (_, otherwise) => {
    const rows = queue(...Array.from({ length: 20 }, () => one({ ...otherwise })));
    expect(rows.some((row) => mayGroup(row, 500))).toBe(false);
    expect(group(rows, 500, NONE, NONE)).toMatchObject({ rows, count: 0 });
    expect(isBehind(rows[19]!, rows, 500)).toBe(false);
  });

  it("shows all of a group that is opened, below its first, and of a shut one what is looked at", () => {
    const rows = queue(one(), one(), one(), one());
    const key = group(rows, 0, NONE, NONE).groups.get(rows[0]!.id)!.key;
    expect(ids(group(rows, 0, NONE, new Set([key])).rows)).toEqual(ids(rows));
    const pinned = group(rows, 0, new Set([rows[2]!.id]), NONE);
    expect(ids(pinned.rows)).toEqual([rows[0]!.id, rows[2]!.id]);
    expect(pinned.behind).toEqual(new Set([rows[2]!.id]));
    expect(ids(group(rows, 0, new Set([rows[0]!.id]), NONE).rows)).toEqual([rows[0]!.id]); // looking at the first opens nothing
  });

  it("is the plain queue while there is none", () => {
    const rows = queue(one(), one(), one());
    expect(group(rows, null, NONE, NONE).rows).toBe(rows);
  });

  it("is heard once a place and class", () => {
    const rows = [one(), one(), one({ site_id: "b" }), one({ site_id: "c" })];
    expect(rows.map((row) => isBehind(row, rows, 0))).toEqual([false, true, true, true]);
    expect(rows.map((row) => isBehind(row, rows, null))).toEqual([false, false, false, false]);
  });

  it("takes 2,000 in less than a frame", () => {
    const rows = queue(...Array.from({ length: 2_000 }, (_, at) => one({ site_id: `site-${at % 40}` })));
    const begun = performance.now();
    for (let times = 0; times < 10; times++) group(rows, 0, NONE, NONE);
    expect((performance.now() - begun) / 10).toBeLessThan(50);
    expect(group(rows, 0, NONE, NONE).rows).toHaveLength(40);
  });
});
