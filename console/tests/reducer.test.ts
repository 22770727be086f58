import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change, Delta, IncidentItem } from "../src/api/types";
import { arrange, byUrgency, rearrange } from "../src/state/order";
import { EMPTY, follows, type LiveState, reduce } from "../src/state/reducer";
import { item } from "./items";

const EPOCH = 7;
const at = (seq: number): string => `${EPOCH}-${seq}`;

/** A history: facts in order of seq, each the new row of one incident, and what a console sees of it. */
interface Fact {
  seq: number;
  row: IncidentItem;
}
const history = fc
  .array(
    fc.record({
      incident: fc.nat(9),
      gap: fc.integer({ min: 1, max: 5 }),
      priority: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
      claimed: fc.boolean(),
      closed: fc.boolean(),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let seq = 100;
    return steps.map(({ incident, gap, priority, claimed, closed }): Fact => {
      seq += gap;
      return {
        seq,
        row: item(`incident-${incident}`, {
          version: seq,
          priority,
          claimed_by: claimed ? "user-1" : null,
          state: closed ? "closed" : "open",
          number: incident,
        }),
      };
    });
  });

/** The snapshot that the server would give after `upTo` facts. */
function snapshotAfter(facts: Fact[], upTo: number): LiveState {
  const rows = new Map<string, IncidentItem>();
  for (const { row } of facts.slice(0, upTo)) rows.set(row.id, row);
  const open = [...rows.values()].filter((row) => row.state === "open");
  return reduce(EMPTY, { kind: "snapshot", id: at(facts[upTo - 1]?.seq ?? 100), items: open, config: 0 });
}

/** Deltas of facts, joined at the given places as the server joins: the last row of each incident counts. */
function deltas(facts: Fact[], from: number, cuts: Set<number>): { id: string; delta: Delta }[] {
  const out: { id: string; delta: Delta }[] = [];
  let prev = facts[from - 1]?.seq ?? 100;
  let joined = new Map<string, Change>();
  for (let index = from; index < facts.length; index++) {
    const fact = facts[index] as Fact;
    joined.delete(fact.row.id);
    joined.set(fact.row.id, { incident: fact.row });
    if (cuts.has(index) || index === facts.length - 1) {
      out.push({ id: at(fact.seq), delta: { prev: at(prev), changes: [...joined.values()] } });
      prev = fact.seq;
      joined = new Map();
    }
  }
  return out;
}

const shown = (state: LiveState) => ({ id: state.id, rows: arrange([], state.incidents) });

describe("any split of the stream gives the same state", () => {
  test("a snapshot anywhere, then deltas joined anyhow, some of them twice", () => {
    fc.assert(
      fc.property(history, fc.nat(60), fc.array(fc.nat(60)), fc.array(fc.nat(60)), (facts, start, cuts, again) => {
        const from = Math.min(start, facts.length);
        let state = snapshotAfter(facts, from);
        const stream = deltas(facts, from, new Set(cuts));
        stream.forEach((one, index) => {
          state = reduce(state, { kind: "delta", ...one });
          if (again.includes(index)) state = reduce(state, { kind: "delta", ...one });
        });
        expect(shown(state)).toEqual(shown(snapshotAfter(facts, facts.length)));
      }),
    );
  });

  test("answers to commands that overtake the stream change nothing in the end", () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat(60)), fc.array(fc.tuple(fc.nat(60), fc.nat(60))), (facts, cuts, early) => {
        let state = snapshotAfter(facts, 0);
        deltas(facts, 0, new Set(cuts)).forEach((one, index) => {
          for (const [when, which] of early) {
            const fact = facts[which];
            if (when === index && fact !== undefined) state = reduce(state, { kind: "row", incident: fact.row });
          }
          state = reduce(state, { kind: "delta", ...one });
        });
        const end = snapshotAfter(facts, facts.length);
        for (const [, which] of early) {
          const fact = facts[which];
          if (fact !== undefined) state = reduce(state, { kind: "row", incident: fact.row });
        }
        expect(shown(state)).toEqual(shown(end));
      }),
    );
  });

  test("reducing changes no state that was handed out before", () => {
    const before = snapshotAfter([{ seq: 101, row: item("incident-1", { version: 101 }) }], 1);
    const copy = new Map(before.incidents);
    reduce(before, { kind: "row", incident: item("incident-1", { version: 102, state: "closed" }) });
    reduce(before, { kind: "delta", id: at(103), delta: { prev: at(101), changes: [{ incident: item("incident-2", { version: 103 }) }] } });
    expect(before.incidents).toEqual(copy);
  });
});

describe("a delta's place in the chain", () => {
  const delta = (prev: string): Delta => ({ prev, changes: [] });

  test.each([
    ["next where it names what is held", "7-10", "7-12", "7-10", "next"],
    ["next where what is held lies between it and the one before", "7-11", "7-12", "7-10", "next"],
    ["old where it is not newer", "7-12", "7-12", "7-10", "old"],
    ["a gap where one between was not seen", "7-10", "7-14", "7-12", "gap"],
    ["a gap after a restore began another epoch", "7-10", "8-11", "8-10", "gap"],
    ["a gap before the first snapshot", null, "7-12", "7-10", "gap"],
    ["a gap where the id is none", "7-10", "next", "7-10", "gap"],
  ])("is %s", (_, held, id, prev, outcome) => {
    expect(follows(held, id, delta(prev))).toBe(outcome);
  });

  test("a gap leaves the state as it was", () => {
    const state = snapshotAfter([{ seq: 101, row: item("incident-1", { version: 101 }) }], 1);
    expect(reduce(state, { kind: "delta", id: at(109), delta: { prev: at(105), changes: [{ incident: item("incident-2", { version: 109 }) }] } })).toBe(state);
  });
});

test("a change of the configuration comes with a delta", () => {
  const delta = { prev: at(100), changes: [{ config: 9 }, { config: 8 }] };
  expect(reduce(snapshotAfter([], 0), { kind: "delta", id: at(101), delta }).config).toBe(9);
});

test("the order is priority, then unclaimed, then oldest", () => {
  const rows = [
    item("d", { priority: 2, opened_at: 1, number: 4 }),
    item("b", { priority: 1, opened_at: 9, number: 2 }),
    item("c", { priority: 1, opened_at: 1, number: 3, claimed_by: "user-1" }),
    item("a", { priority: 1, opened_at: 8, number: 1 }),
  ];
  expect(rows.sort(byUrgency).map((row) => row.id)).toEqual(["a", "b", "c", "d"]);
});

test("an arrangement made from the one before equals one made anew", () => {
  fc.assert(
    fc.property(history, fc.nat(60), (facts, cut) => {
      const before = arrange([], snapshotAfter(facts, Math.min(cut, facts.length)).incidents);
      const now = snapshotAfter(facts, facts.length).incidents;
      expect(arrange(before, now)).toEqual(arrange([], now));
    }),
  );
});

test("an arrangement changed in places equals one made anew", () => {
  fc.assert(
    fc.property(history, fc.nat(60), (facts, cut) => {
      const from = Math.min(cut, facts.length);
      const before = snapshotAfter(facts, from).incidents;
      const after = snapshotAfter(facts, facts.length).incidents;
      const changed = new Set(facts.slice(from).map((fact) => fact.row.id));
      expect(rearrange(arrange([], before), before, after, changed)).toEqual(arrange([], after));
    }),
  );
});
