import { describe, expect, test } from "vitest";
import {
  again, isOld, isOver, isOwn, KEPT_MS, mayPass, nextToSend, open, type Person, placeOfCode, received, refused, renewed, strays, takenOver, TILES, type Receipt, type Report, withoutPlace,
} from "../src/duty/reports";

const report = (id: string, over: Partial<Report> = {}): Report => ({
  id, body: { type: "303", typed_at: 1_000 }, meaning: "not breathing", place: "laundry", isSilent: false, typedAt: 1, holdUntil: 0,
  standing: "waiting", receipt: null, problem: null, owner: "user-1", ...over,
});
const receipt = (id: string, over: Partial<Receipt> = {}): Receipt => ({ report: id, received_at: 5, number: 7, is_claimed: false, closed_at: null, ...over });

const ana: Person = { id: "user-1", name: "Ana", session: "session-1" };
const bea: Person = { id: "user-2", name: "Bea", session: "session-2" };

describe("a phone that several people use", () => {
  const old = report("old");
  delete old.owner; // as older pages kept it
  const all = [report("a"), report("b", { owner: "user-2" }), report("n", { owner: null }), old, report("r", { standing: "refused" }), report("c", { standing: "received", receipt: receipt("c") })];

  test("in a person's name goes what they typed, and nothing while nobody is signed in", () => {
    const sent = (who: Person | null): (string | undefined)[] => all.map((one) => nextToSend([one], 100, who)?.id);
    expect(sent(ana)).toEqual(["a", undefined, undefined, undefined, undefined, undefined]);
    expect(sent(bea)).toEqual([undefined, "b", undefined, undefined, undefined, undefined]);
    expect(sent(null).every((one) => one === undefined)).toBe(true);
  });

  test("what the centre lacks is shown to whoever is there, and nobody's receipts to anybody else", () => {
    expect(strays(all, bea).map((one) => one.id)).toEqual(["a", "n", "old", "r"]);
    expect(strays(all, null).map((one) => one.id)).toEqual(["a", "b", "n", "old", "r"]);
    expect(all.filter((one) => isOwn(one, ana)).map((one) => one.id)).toEqual(["a", "r", "c"]);
    expect([open(all, ana), open(all, bea), open(all, null)]).toEqual([["c"], [], []]);
  });

  test("what is taken over keeps its words and its id, and says whether they are the sender's own", () => {
    const held = report("a", { standing: "refused", problem: "no", holdUntil: 9 });
    expect(takenOver(held, bea, false)).toEqual(report("a", { owner: "user-2", isHandedOver: true }));
    expect(takenOver(old, bea, true)).toEqual({ ...old, owner: "user-2", isHandedOver: false });
    expect(nextToSend([takenOver(held, bea, false)], 100, bea)?.id).toBe("a");
  });

  test("who goes leaves no name of a place in receipts, and every word in what waits", () => {
    expect(all.map(withoutPlace).map((one) => one.place)).toEqual(["laundry", "laundry", "laundry", "laundry", "laundry", ""]);
    expect([isOld(report("a"), KEPT_MS + 1), isOld(report("a"), KEPT_MS + 2)]).toEqual([false, true]);
  });
});

describe("what waits on a phone", () => {
  test("the oldest goes first, and nothing that was received or refused goes again", () => {
    const all = [report("b", { typedAt: 2 }), report("a", { typedAt: 1 }), report("c", { typedAt: 0, standing: "received" }), report("d", { typedAt: 0, standing: "refused" })];
    expect(nextToSend(all, 100, ana)?.id).toBe("a");
    expect(nextToSend([], 100, ana)).toBeNull();
  });

  test("a report waits for its position, and no longer where the clock was set back", () => {
    const held = report("a", { holdUntil: 4_000 });
    expect(nextToSend([held], 1_000, ana)).toBeNull();
    expect(nextToSend([held], 4_000, ana)?.id).toBe("a");
    expect(nextToSend([report("a", { holdUntil: 10_000_000 })], 1_000, ana)?.id).toBe("a");
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
    expect(open(all, ana)).toEqual(["a"]);
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
