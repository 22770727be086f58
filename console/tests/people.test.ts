import { describe, expect, it } from "vitest";
import { passwordMistakes } from "../src/pages/me/password";
import { pathOf } from "../src/pages/me/qr";
import { nameMistake, sameSet } from "../src/pages/people/user";
import { isRight, keyholderMistakes, keyholderValues } from "../src/pages/sites/keyholder";
import { isIdle } from "../src/shell/idle";
import { q } from "../src/texts/people";
import { parameterWords } from "../src/ui/twoPersons";

describe("a new password", () => {
  it("is long enough, typed twice alike, and asks for the old one where there is one", () => {
    const good = "four words of mine";
    expect(passwordMistakes({ old: null, fresh: good, again: good })).toEqual({});
    expect(passwordMistakes({ old: "", fresh: good, again: good })).toEqual({ old: q.me.missing });
    expect(passwordMistakes({ old: null, fresh: "short", again: "short" })).toEqual({ fresh: q.me.short(5) });
    expect(passwordMistakes({ old: null, fresh: good, again: `${good}x` })).toEqual({ again: q.me.different });
  });

  it("is counted in characters, as the centre counts", () => {
    expect(passwordMistakes({ old: null, fresh: "🔔".repeat(12), again: "🔔".repeat(12) })).toEqual({});
  });
});

describe("a QR code", () => {
  it("is drawn with every dark module and no light one", () => {
    const rows = ["0110", "1001", "1111"];
    const drawn = rows.map((row) => Array.from(row, () => "0"));
    for (const [, x, y, width] of pathOf(rows).matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
      for (let at = 0; at < Number(width); at++) (drawn[Number(y)] as string[])[Number(x) + at] = "1";
    }
    expect(drawn.map((row) => row.join(""))).toEqual(rows);
  });
});

describe("a desk that nobody touches", () => {
  it("is locked after its minutes, never while something urgent waits, and never where that is off", () => {
    expect(isIdle(5, 0, 300_000, false)).toBe(true);
    expect(isIdle(5, 0, 299_999, false)).toBe(false);
    expect(isIdle(5, 0, 900_000, true)).toBe(false);
    expect(isIdle(0, 0, 9e9, false)).toBe(false);
  });
});

describe("users and keyholders", () => {
  it("have a name that is not empty and not too long", () => {
    expect([nameMistake(" "), nameMistake("Ana"), nameMistake("x".repeat(121))]).toEqual([q.people.nameMissing, "", q.people.nameLong(121)]);
  });

  it("roles are a set: their order is none", () => {
    expect(sameSet(["operator", "auditor"], ["auditor", "operator"])).toBe(true);
    expect(sameSet(["operator"], ["operator", "auditor"])).toBe(false);
  });

  it("a keyholder has a name and a number that can be dialled", () => {
    const values = keyholderValues(null);
    expect(isRight(keyholderMistakes(values))).toBe(false);
    expect(isRight(keyholderMistakes({ ...values, name: "Edda", telephones: ["+43 (1) 555-01/01", "", ""] }))).toBe(true);
    expect(isRight(keyholderMistakes({ ...values, name: "Edda", telephones: ["call me", "", ""] }))).toBe(false);
  });
});

describe("what two persons agree on", () => {
  it("is told by numbers and days, once each, without its reason and the incident that stands beside it", () => {
    const until = Date.UTC(2027, 1, 20, 12) * 1000;
    expect(parameterWords({ subject: "incident-4", shown: { incident: "incident-4", reason: "complaint", until } })).toBe("until: 2027-02-20");
    expect(parameterWords({ subject: null, shown: { count: 3, account_id: null } })).toBe("count: 3");
  });
});
