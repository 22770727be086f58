import { describe, expect, it } from "vitest";
import type { AccountItem, ZoneItem } from "../src/api/configuration";
import {
  accountBody, accountMistakes, accountValues, EMPTY_ACCOUNT, keyMistake, valueWords, withoutKey, type AccountValues,
} from "../src/pages/accounts/account";
import { byNumber, draftsOf, markOf, zoneMistakes, zoneNumber, zonesToSend, zoneTypes } from "../src/pages/accounts/zones";
import { clashes, differing, dropDraft, keepDraft, keptDraft, rebased } from "../src/ui/draft";
import type { TypeItem } from "../src/api/types";

const ITEM: AccountItem = {
  id: "account-2", account: "4711", name: "Fire panel", site_id: "site-1", site: "Dock", receiver: "1", line: null,
  key: { bits: 128, form: "hex" }, carried_by: null, category: "DP3", supervision_interval_s: 0, late_max_s: -1,
  early_max_s: 30, duplicate_window_s: null, panel_time_zone: "Europe/Vienna", poll_602: true,
  profile: "ajax", partitions: "1: Shop", paths: null, zones: 3, version: 9, changed_at: 1, changed_by: null,
};
const values = (more: Partial<AccountValues> = {}): AccountValues => ({ ...structuredClone(EMPTY_ACCOUNT), account: "4711", ...more });

describe("an account's form", () => {
  it("gives back what the centre said where nothing was changed", () => {
    const { id, site, key, zones, version, changed_at, changed_by, ...row } = ITEM;
    void [id, site, key, zones, version, changed_at, changed_by];
    expect(accountBody(accountValues(ITEM))).toEqual(row);
  });
  it("shows what is switched off as off, and no second as an own limit", () => {
    const { late, early, duplicate, supervision } = accountValues({ ...ITEM, early_max_s: 0 });
    expect([late.mode, early, duplicate.mode, supervision.mode]).toEqual(["off", { mode: "own", s: "0" }, "default", "off"]);
  });
  it("says nothing of the key unless it is set or taken away", () => {
    expect(accountBody(accountValues(ITEM))).not.toHaveProperty("key");
    expect(accountBody({ ...accountValues(ITEM), key: { act: "remove", value: "left over", form: "hex" } }).key).toEqual({ act: "remove" });
    const set = { act: "set", value: "0011 2233 4455 6677 8899 AABB CCDD EEFF", form: "hex" } as const;
    expect(accountBody({ ...accountValues(ITEM), key: set }).key).toEqual({ act: "set", value: "00112233445566778899AABBCCDDEEFF", form: "hex" });
  });
  it("takes a key of characters to the character", () => {
    const key = { act: "set", value: " sixteen chars! ", form: "text" } as const;
    expect(accountBody(values({ key })).key).toEqual({ act: "set", value: " sixteen chars! ", form: "text" });
    expect(keyMistake(" sixteen chars! ", "text")).toBeNull();
  });
  it("names the length and the alphabet of a key that is none, and never the key", () => {
    const secret = "00112233445566778899AABBCCDDEEF";
    expect(keyMistake(secret, "hex")).toContain("31 digits");
    expect(keyMistake(secret, "hex")).not.toContain(secret);
    expect(keyMistake("Z".repeat(32), "hex")).toContain("no hex digit");
    expect(keyMistake("", "hex")).not.toBeNull();
    for (const length of [32, 48, 64]) expect(keyMistake("a".repeat(length), "hex")).toBeNull();
    for (const length of [16, 24, 32]) expect(keyMistake("a".repeat(length), "text")).toBeNull();
  });
  it("finds what the centre would refuse, each at its field", () => {
    const found = accountMistakes(
      values({
        account: "12 34", receiver: "R1", line: "1234567", carried_by: "x y", name: "n".repeat(121), panel_time_zone: "Vienna!",
        late: { mode: "own", s: "-1" }, early: { mode: "own", s: "1.5" }, duplicate: { mode: "own", s: "0" },
        supervision: { mode: "own", s: "9" }, key: { act: "set", value: "", form: "hex" },
      }),
      false,
    );
    expect(Object.keys(found).sort()).toEqual(
      ["account", "carried_by", "duplicate", "early", "key", "late", "line", "name", "panel_time_zone", "receiver", "supervision"],
    );
    expect(accountMistakes(values(), false)).toEqual({});
  });
  it("wants a repeat to be one for longer than a recorded message could be sent again, where there is a key", () => {
    const short = values({ duplicate: { mode: "own", s: "60" } });
    expect(accountMistakes(short, true)).toHaveProperty("duplicate");
    expect(accountMistakes({ ...short, duplicate: { mode: "own", s: "61" } }, true)).toEqual({});
    expect(accountMistakes(short, false)).toEqual({});
    expect(accountMistakes({ ...short, late: { mode: "off", s: "" } }, true)).toEqual({});
    expect(accountMistakes({ ...short, key: { act: "remove", value: "", form: "hex" } }, true)).toEqual({});
  });
  it("does not carry itself", () => {
    expect(accountMistakes(values({ account: "ab1", carried_by: "AB1" }), false)).toHaveProperty("carried_by");
  });
  it("never keeps or says a typed key", () => {
    const typed = values({ key: { act: "set", value: "00112233445566778899AABBCCDDEEFF", form: "hex" } });
    expect(JSON.stringify(withoutKey(typed))).not.toContain("0011");
    expect(valueWords("key", typed.key)).not.toContain("0011");
  });
});

describe("changes that are not saved", () => {
  const base = { name: "Dock", address: "1 Quay", directions: "" };
  it("stand on top of what somebody else saved; what was not touched is theirs", () => {
    const mine = { ...base, name: "Dock 1" };
    const theirs = { ...base, name: "Old dock", address: "2 Quay" };
    expect(rebased(base, mine, theirs)).toEqual({ name: "Dock 1", address: "2 Quay", directions: "" });
    expect(clashes(base, mine, theirs)).toEqual([
      { field: "name", theirs: "Old dock", mine: "Dock 1", isBoth: true },
      { field: "address", theirs: "2 Quay", mine: "1 Quay", isBoth: false },
    ]);
  });
  it("are no conflict where both changed the same to the same", () => {
    const same = { ...base, name: "Dock 1" };
    expect(clashes(base, same, same)).toEqual([{ field: "name", theirs: "Dock 1", mine: "Dock 1", isBoth: false }]);
  });
  it("are found again until they are saved or dropped", () => {
    keepDraft("site-1", 4, base, { ...base, name: "x" });
    expect(keptDraft("site-1")).toEqual({ version: 4, base, values: { ...base, name: "x" } });
    keepDraft("site-1", 4, base, { ...base });
    expect(keptDraft("site-1")).toBeNull();
    keepDraft("site-1", 4, base, { ...base, name: "y" });
    dropDraft("site-1");
    expect(keptDraft("site-1")).toBeNull();
  });
  it("are told field by field, whatever is inside", () => {
    expect(differing({ a: { mode: "own", s: "1" }, b: 1 }, { a: { mode: "own", s: "1" }, b: 2 })).toEqual(["b"]);
  });
});

const zone = (number: string, more: Partial<ZoneItem> = {}): ZoneItem => ({ number, name: null, type: null, priority: null, partition: null, detector: null, ...more });

describe("zones while they are changed", () => {
  it("are sent whole, without those that go", () => {
    const drafts = draftsOf([zone("1"), zone("2", { name: "Hall" }), zone("3")]);
    drafts[1]!.name = " Hall 2 ";
    drafts[2]!.isRemoved = true;
    drafts.push({ ...drafts[0]!, key: 9, number: "007", base: null });
    expect(drafts.map(markOf)).toEqual([null, "changed", "removed", "new"]);
    expect(zonesToSend(drafts)).toEqual([zone("1"), zone("2", { name: "Hall 2" }), zone("7")]);
  });
  it("are one zone with and without leading zeros", () => {
    expect(["007", "0", "000", "0A", " 12 "].map(zoneNumber)).toEqual(["7", "0", "0", "A", "12"]);
    const drafts = draftsOf([zone("7"), zone("8")]);
    drafts[1]!.number = "0007";
    expect(zoneMistakes(drafts[1]!, drafts).number).toContain("7");
    drafts[0]!.isRemoved = true;
    expect(zoneMistakes(drafts[1]!, drafts)).toEqual({});
  });
  it("stand as people count", () => {
    const drafts = draftsOf(["10", "2", "A", "1"].map((number) => zone(number)));
    expect(drafts.sort(byNumber).map((draft) => draft.number)).toEqual(["1", "2", "A", "10"]);
  });
  it("name only types that a machine may open", () => {
    const type = (name: string, hazard: string, opened_by: string) =>
      ({ type: name, hazard, opened_by, short: "", meaning: "", priority: 1, questions: [], checks: [], first_units: [] }) as TypeItem;
    const all = [
      type("FIRE-SMOKE", "fire", "any"), type("MED-CHEST", "medical", "person"), type("THEFT-SHOP", "theft", "any"),
      type("TECH-RECEIVER", "technical", "centre"), type("FIRE-ALARM", "fire", "any"),
    ];
    expect(zoneTypes(all).map(([hazard, group]) => [hazard, group.map((one) => one.type)])).toEqual([["fire", ["FIRE-SMOKE", "FIRE-ALARM"]]]);
  });
});
