import { describe, expect, test } from "vitest";
import { again, isOver, KEPT_MS, mayPass, nextToSend, open, placeOfCode, received, refused, renewed, TILES, type Receipt, type Report } from "../src/duty/reports";

const report = (id: string, over: Partial<Report> = {}): Report => ({
  id, body: { type: "303", typed_at: 1_000 }, meaning: "not breathing", place: "laundry", isSilent: false, typedAt: 1, holdUntil: 0,
  standing: "waiting", receipt: null, problem: null, ...over,
});
const receipt = (id: string, over: Partial<Receipt> = {}): Receipt => ({ report: id, received_at: 5, number: 7, is_claimed: false, closed_at: null, ...over });

describe("what waits on a phone", () => {
  test("the oldest goes first, and nothing that was received or refused goes again", () => {
    const all = [report("b", { typedAt: 2 }), report("a", { typedAt: 1 }), report("c", { typedAt: 0, standing: "received" }), report("d", { typedAt: 0, standing: "refused" })];
    expect(nextToSend(all, 100)?.id).toBe("a");
    expect(nextToSend([], 100)).toBeNull();
  });

  test("a report waits for its position, and no longer where the clock was set back", () => {
    const held = report("a", { holdUntil: 4_000 });
    expect(nextToSend([held], 1_000)).toBeNull();
    expect(nextToSend([held], 4_000)?.id).toBe("a");
    expect(nextToSend([report("a", { holdUntil: 10_000_000 })], 1_000)?.id).toBe("a");
  });

  test("with its receipt a report loses its words, and a silent one is gone", () => {
    expect(received(report("a"), receipt("a"))).toEqual(report("a", { body: null, standing: "received", receipt: receipt("a") }));
    expect(received(report("a", { isSilent: true }), receipt("a"))).toBeNull();
  });

  test("what is said of the report itself ends the trying, and nothing else does", () => {
    expect([400, 409, 413, 422].map(mayPass)).toEqual([false, false, false, false]);
    expect([401, 403, 404, 408, 421, 423, 429, 500, 502, 503, 507].every(mayPass)).toBe(true);
    const declined = refused(report("a"), "too long");
    expect([declined.standing, declined.problem, declined.body]).toEqual(["refused", "too long", report("a").body]);
    expect(again(declined)).toEqual(report("a"));
  });

  test("news is taken for what was received, and asked for until it is closed", () => {
    const all = [report("a", { standing: "received", receipt: receipt("a"), body: null }), report("b"), report("c", { standing: "received", receipt: receipt("c", { closed_at: 9 }) })];
    expect(open(all)).toEqual(["a"]);
    const after = renewed(all, [receipt("a", { is_claimed: true }), receipt("b", { number: 99 })]);
    expect(after.map((one) => one.receipt?.is_claimed ?? null)).toEqual([true, null, false]);
    expect(isOver(all[0]!, KEPT_MS)).toBe(false);
    expect(isOver(all[0]!, KEPT_MS + 2)).toBe(true);
    expect(isOver(report("w"), KEPT_MS * 99)).toBe(false);
  });
});

describe("a code at a place", () => {
  const proof = "abcdefghijklmnopqrst";
  const places = [{ site_id: "site-7", name: "Pier", parts: ["Hall B"] }];
  test("names its site where the phone knows it, and its part always", () => {
    expect(placeOfCode(`site-7.${proof}.SGFsbCBC`, places)).toEqual({ label: "Pier, Hall B", code: `site-7.${proof}.SGFsbCBC` });
    expect(placeOfCode(`site-8.${proof}.SGFsbCBC`, places)?.label).toBe("Hall B");
    expect(placeOfCode(`site-8.${proof}`, places)?.label).toBe("");
  });
  test.each(["", "site-7", `site-7.${proof.slice(1)}`, `site-7.${proof}.`, `place-7.${proof}`, `site-7.${proof}.!`, "javascript:alert(1)"])("%j is none", (code) => {
    expect(placeOfCode(code, places)).toBeNull();
  });
});

test("every class that a person may report has its tile, once, and there are twelve", () => {
  const classes = TILES.flatMap((one) => one.classes);
  expect(TILES).toHaveLength(12);
  expect([...new Set(classes)].sort()).toEqual([...classes].sort());
  expect(classes).toHaveLength(16);
});
