/** The call form's pure parts: which types somebody means, what may be the same, and what is sent of a form. */

import { describe, expect, it } from "vitest";
import type { TypeItem } from "../src/api/types";
import { draftOf, emptyValues, positionOf, valuesOf } from "../src/call/draft.svelte";
import { matching, sameAs } from "../src/call/same";
import { item } from "./items";

const type = (type: string, short: string, meaning: string, opened_by: TypeItem["opened_by"] = "person", priority: TypeItem["priority"] = 1): TypeItem => ({
  type, short, meaning, opened_by, priority, hazard: "medical", questions: [], checks: [], first_units: [],
});
const TYPES = [
  type("MED-CHEST", "306", "Pain or pressure in the chest"),
  type("RESC-CHEST", "499", "Nothing of the kind", "person", 2),
  type("MED-BREATHING", "305", "Hard to breathe, choking or severe allergic reaction"),
  type("TECH-OVERDUE", "801", "Chest of silence", "centre", 3),
];
const names = (typed: string): string[] => matching(typed, TYPES).map((one) => one.type);
const NOW = 1_800_000_000_000;
const at = (minutes: number): number => (NOW - minutes * 60_000) * 1000;

describe("types", () => {
  it("are found by three digits, by their word and by words of their meaning, and the centre's own never", () => {
    expect(names("306")).toEqual(["MED-CHEST"]);
    expect(names("30")).toEqual(["MED-CHEST", "MED-BREATHING"]);
    expect(names("chest")).toEqual(["MED-CHEST", "RESC-CHEST"]);
    expect(names("chok all")).toEqual(["MED-BREATHING"]);
    expect(names("med-ch")).toEqual(["MED-CHEST", "MED-BREATHING"]);
    expect(names("silence")).toEqual([]);
    expect(names(" ")).toEqual([]);
  });
});

describe("what may be the same", () => {
  const here = item("here", { site_id: "site-1", opened_at: at(600) });
  const newer = item("newer", { site_id: "site-1", opened_at: at(1) });
  const there = item("there", { site_id: "site-2", opened_at: at(1) });
  const told = item("told", { site_id: null, told_place: "unclear", opened_at: at(59) });
  const long = item("long", { site_id: null, told_place: "told", opened_at: at(61) });
  const room = item("room", { site_id: "site-1", is_room: true, opened_at: at(1) });
  const rows = [here, newer, there, told, long, room];
  const found = (site: string | null, isTold: boolean): string[] => sameAs(rows, site, isTold, NOW).map((one) => one.incident.id);

  it("is open at the same site, however old, newest first, and never the room's own call for help", () => {
    expect(found("site-1", false)).toEqual([newer.id, here.id]);
  });
  it("is of the last hour where places are told in words, and nothing before a place was named", () => {
    expect(found(null, true)).toEqual([told.id]);
    expect(found(null, false)).toEqual([]);
  });
});

describe("the form", () => {
  it("is the same again after it was saved and read", () => {
    const values = { ...emptyValues(), where: "7 Lane", isUnclear: true, position: "54.3, -10.1", type: "MED-CHEST", said: "pain", answers: { 2: { said: "no", words: "since noon" } } };
    values.note.c_telephone = "+1 202 555 0143";
    const draft = draftOf(values);
    expect(draft.marks).toEqual({ place: "unclear", site_id: null, type: "MED-CHEST" });
    expect(valuesOf(draft, null)).toEqual(values);
  });
  it("has a place in words, at a site, or none yet", () => {
    expect(draftOf(emptyValues()).marks?.place).toBeNull();
    expect(draftOf({ ...emptyValues(), where: "7 Lane" }).marks?.place).toBe("told");
    expect(draftOf({ ...emptyValues(), site: { id: "site-1", name: "Pier" } }).marks).toEqual({ place: "site", site_id: "site-1", type: null });
  });
  it("saves what is whole, and keeps a part that lacks its choice in the window", () => {
    const values = emptyValues();
    values.note.hurt = "2";
    expect(draftOf(values).words?.note?.persons_in_need).toBeNull();
    values.note.told_by = "caller";
    expect(draftOf(values).words?.note?.persons_in_need?.hurt).toBe(2);
  });
  it("knows degrees from other numbers", () => {
    expect(positionOf("54.3233, 10.1394")).toEqual({ latitude: 54.3233, longitude: 10.1394 });
    for (const wrong of ["", "54.3", "95, 10", "10, 190", "north"]) expect(positionOf(wrong)).toBeNull();
  });
});
