import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HelpNote } from "../src/api/help";
import { FIELDS, fieldWords, FIELD_OF, NEW_PATIENT, noteMistakes, noteOf, noteValues, patientWords } from "../src/detail/help/note";
import { clashes, rebased } from "../src/ui/draft";
import { h } from "../src/texts/help";

const ALL = Object.keys(FIELDS) as (keyof typeof FIELDS)[];
const NOTE = {
  persons_in_need: { told_by: "caller", hurt: 2, trapped: null, missing: 0, to_be_moved: null, accounted_for: null, crew_strength: null },
  patients: [{ patient: "child", awake: "no", breathing: "not_normally", what_happened: "fell", pregnant: "unknown", allergy: null, infection_risk: null, weight_kg: 30, language: null }],
  missing: { harm_feared: ["cold", "drowning"], last_place: "the pier", last_seen_at: 1_790_000_040_000_000, direction: null, aids: null, known_by: null },
  fleeing: "a white van",
  violence: { place_now: null, danger_now: "yes", weapon: "unknown", hurt: "unknown", safe_place: null, safe_to_speak: "no" },
  hold_up: { by: "phrase", ways_out: null },
  lone_worker: { by: "no_movement", position: "tank 4", since: null },
  caller: { telephone: "+43 1 5550101", call_back: null, name: null, language: null, stands_at: null, recorder_reference: "R-17" },
} as unknown as HelpNote;

describe("a help note as a form", () => {
  it("comes out as it went in", () => {
    expect(noteOf(noteValues(NOTE))).toEqual(NOTE);
  });

  it("is empty where nothing was said: no part stands for nothing", () => {
    expect(noteOf(noteValues(null))).toEqual({
      persons_in_need: null, patients: [], missing: null, fleeing: null, violence: null, hold_up: null, lone_worker: null, caller: null,
    });
  });

  it("has words for every field and every choice", () => {
    for (const field of ALL.flatMap((block) => FIELDS[block])) {
      expect((h.note.fields as Record<string, string>)[field.name], field.name).toBeTruthy();
      expect(FIELD_OF.get(field.name)).toBe(field);
    }
    expect(ALL.map((block) => h.note.blocks[block]).every(Boolean)).toBe(true);
  });

  it("asks who told numbers, what harm is feared, and how an alarm was raised", () => {
    const values = { ...noteValues(null), hurt: "2", last_place: "pier", h_ways_out: "back door", l_position: "tank 4" };
    expect(noteMistakes(values, ALL)).toEqual({
      told_by: h.note.toldByMissing, harm_feared: h.note.harmMissing, h_by: h.note.byMissing, l_by: h.note.byMissing,
    });
  });

  it("refuses what is no number, too long, no time, no reference", () => {
    const values = {
      ...noteValues(null), told_by: "crew", hurt: "two", trapped: "10000", c_name: "x".repeat(121), c_recorder_reference: "a b", last_seen_at: "noon", harm_feared: ["cold"],
      patients: [{ ...NEW_PATIENT, weight_kg: "501" }],
    };
    expect(Object.keys(noteMistakes(values, ALL)).sort()).toEqual(["c_name", "c_recorder_reference", "hurt", "last_seen_at", "patients", "trapped"]);
  });

  it("shows two who change it field by field where they differ, and keeps what each touched alone", () => {
    const base = noteValues(NOTE);
    const mine = { ...base, hurt: "3", c_telephone: "+43 1 5550202" };
    const theirs = { ...base, hurt: "4", fleeing: "a white van, towards the bridge" };
    expect(clashes(base, mine, theirs).map((one) => [one.field, one.isBoth])).toEqual([["hurt", true], ["fleeing", false]]);
    const kept = rebased(base, mine, theirs);
    expect([kept.hurt, kept.c_telephone, kept.fleeing]).toEqual(["3", "+43 1 5550202", "a white van, towards the bridge"]);
  });

  it("says a patient in words, without what is not known", () => {
    expect(patientWords({ ...NEW_PATIENT, breathing: "no", weight_kg: "90" })).toBe("adult, breathing: no, weight to carry, kg: 90");
  });

  it("never throws, whatever is typed", () => {
    const text = fc.string({ maxLength: 40 });
    fc.assert(
      fc.property(fc.record({ hurt: text, last_seen_at: text, l_since: text, c_recorder_reference: text, fleeing: text, h_by: text }), (typed) => {
        const values = { ...noteValues(null), ...typed };
        noteMistakes(values, ALL);
        for (const field of FIELD_OF.values()) fieldWords(field, values);
        noteOf(values);
      }),
    );
  });
});
