import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { item } from "./items";
import { aboveView, extent, firstSeen, hold, range, reveal, ROWS_MAX, unseenAbove, urgentOutside, type View } from "../src/queue/window";

const ROW = 36;
const view = fc.record({ top: fc.nat(400_000), lead: fc.nat(2_000) });
/** Where row `index` is on the screen. */
const onScreen = (at: View, index: number): number => at.lead + index * ROW - at.top;

describe("the window", () => {
  test("draws at most 60 rows, whatever the size of the list and of the screen", () => {
    fc.assert(
      fc.property(view, fc.nat(10_000), fc.integer({ min: 20, max: 80 }), fc.nat(10_000), (at, height, row, total) => {
        const { first, end } = range(at, height, row, total);
        expect(end - first).toBeLessThanOrEqual(ROWS_MAX);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(total);
        expect(end).toBeGreaterThanOrEqual(first);
      }),
    );
  });

  test("draws every row that is seen, on a screen of 1,900 px with the smallest rows", () => {
    fc.assert(
      fc.property(fc.nat(300_000), fc.nat(10_000), (top, total) => {
        const at = { top, lead: 0 };
        const { first, end } = range(at, 1_700, 32, total);
        for (let index = Math.floor(top / 32); index * 32 < top + 1_700 && index < total; index++) {
          expect(index).toBeGreaterThanOrEqual(first);
          expect(index).toBeLessThan(end);
        }
      }),
    );
  });
});

describe("what somebody looks at", () => {
  test("stays where it is on the screen, wherever it goes in the order", () => {
    fc.assert(
      fc.property(view, fc.nat(5_000), fc.nat(5_000), (at, before, after) => {
        const held = hold(at, ROW, before, after);
        expect(onScreen(held, after)).toBe(onScreen(at, before));
        expect(held.top).toBeGreaterThanOrEqual(0);
        expect(held.lead).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("can be scrolled to as far as it must be", () => {
    fc.assert(
      fc.property(view, fc.nat(2_000), fc.nat(5_000), (at, height, total) => {
        expect(extent(at, height, ROW, total) - height).toBeGreaterThanOrEqual(at.top);
      }),
    );
  });

  test("is brought into view by the least scrolling", () => {
    fc.assert(
      fc.property(view, fc.integer({ min: ROW, max: 2_000 }), fc.nat(5_000), (at, height, index) => {
        const revealed = reveal(at, height, ROW, index);
        const y = onScreen(revealed, index);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y + ROW).toBeLessThanOrEqual(height);
        const was = onScreen(at, index);
        if (was >= 0 && was + ROW <= height) expect(revealed).toEqual(at);
      }),
    );
  });
});

describe("above the view", () => {
  const rows = [
    item("a", { priority: 1 }),
    item("b", { priority: 1, claimed_by: "user-1" }),
    item("c", { priority: 3 }),
    item("d", { priority: 4 }),
  ];

  test("an unclaimed priority 1 is told, though it is not new", () => {
    expect(aboveView(rows, 3, new Set())).toEqual({ what: "unclaimed", count: 1, most: rows[0] });
  });

  test("what is new is counted, and the most urgent named", () => {
    expect(aboveView(rows, 4, new Set(["c", "d"]))).toEqual({ what: "new", count: 2, most: rows[0] });
    expect(aboveView(rows.slice(2), 2, new Set(["d"]))).toEqual({ what: "new", count: 1, most: rows[3] });
  });

  test("what is claimed, or less urgent and seen before, is left alone", () => {
    expect(aboveView(rows.slice(1), 3, new Set())).toBeNull();
    expect(aboveView(rows, 0, new Set())).toBeNull();
  });
});

const rowsOf = (...numbers: number[]): { id: string; number: number }[] => numbers.map((number) => ({ id: `i${number}`, number }));

describe("new above", () => {
  test("counts what came in above the view, until it was seen or is gone", () => {
    const first = unseenAbove(new Set(), 3, rowsOf(5, 4, 1, 2, 3), 2);
    expect([...first]).toEqual(["i5", "i4"]);
    expect([...unseenAbove(first, 5, rowsOf(4, 1, 2, 3), 1)]).toEqual(["i4"]);
    expect([...unseenAbove(first, 5, rowsOf(5, 4, 1), firstSeen({ top: 0, lead: 0 }, ROW))]).toEqual([]);
  });

  test("does not count what was there before and moved up", () => {
    expect([...unseenAbove(new Set(), 2, rowsOf(2, 1), 1)]).toEqual([]);
  });
});

describe("what a filter leaves out", () => {
  const fire = item("fire", { priority: 1 });
  const gate = item("gate", { priority: 2, site_id: "site-2" });
  const mains = item("mains", { priority: 3 });

  test("is told where it is urgent and unclaimed, the most urgent first", () => {
    expect(urgentOutside([fire, gate, mains], []).map((one) => one.id)).toEqual(["fire", "gate"]);
    expect(urgentOutside([fire, gate, mains], [fire, mains]).map((one) => one.id)).toEqual(["gate"]);
  });

  test("is not told once somebody has it", () => {
    expect(urgentOutside([{ ...fire, claimed_by: "user-1" }, mains], [])).toEqual([]);
  });
});
