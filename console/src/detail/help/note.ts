/** The help note as a form: every field flat, so that two who change it see field by field where they differ. */

import type { BlockName, HelpNote } from "../../api/help";
import { faceOf, momentOf } from "../../state/zone";
import { h } from "../../texts/help";

export interface PatientValues {
  patient: "adult" | "child" | "baby";
  awake: string; breathing: string; what_happened: string; pregnant: string; allergy: string; infection_risk: string; weight_kg: string; language: string;
}

export interface NoteValues {
  told_by: string; hurt: string; trapped: string; missing_count: string; to_be_moved: string; accounted_for: string; crew_strength: string;
  patients: PatientValues[];
  harm_feared: string[]; last_place: string; last_seen_at: string; direction: string; aids: string; known_by: string;
  fleeing: string;
  v_place_now: string; v_danger_now: string; v_weapon: string; v_hurt: string; v_safe_place: string; v_safe_to_speak: string;
  h_by: string; h_ways_out: string;
  l_by: string; l_position: string; l_since: string;
  c_telephone: string; c_call_back: string; c_name: string; c_language: string; c_stands_at: string; c_recorder_reference: string;
}

export type NoteField = keyof NoteValues;
export type Kind = "count" | "short" | "line" | "words" | "telephone" | "moment" | "reference" | "choice" | "set" | "patients";

export const LIMITS = { short: 120, line: 300, words: 500, telephone: 24, reference: 40 } as const;
export const COUNT_MAX = 9_999;
export const PATIENTS_MAX = 10;

export interface FieldOf { readonly name: NoteField; readonly kind: Kind; readonly choices?: Readonly<Record<string, string>> }

/** The fields of each part, in the order in which they are asked. */
export const FIELDS: Readonly<Record<BlockName, readonly FieldOf[]>> = {
  persons_in_need: [
    { name: "told_by", kind: "choice", choices: h.note.toldBy },
    { name: "hurt", kind: "count" }, { name: "trapped", kind: "count" }, { name: "missing_count", kind: "count" }, { name: "to_be_moved", kind: "count" },
    { name: "accounted_for", kind: "count" }, { name: "crew_strength", kind: "count" },
  ],
  patients: [{ name: "patients", kind: "patients" }],
  missing: [
    { name: "harm_feared", kind: "set", choices: h.note.harms },
    { name: "last_place", kind: "line" }, { name: "last_seen_at", kind: "moment" }, { name: "direction", kind: "short" }, { name: "aids", kind: "short" }, { name: "known_by", kind: "line" },
  ],
  fleeing: [{ name: "fleeing", kind: "words" }],
  violence: [
    { name: "v_danger_now", kind: "choice", choices: h.note.yesNo }, { name: "v_weapon", kind: "choice", choices: h.note.weapon },
    { name: "v_hurt", kind: "choice", choices: h.note.yesNo }, { name: "v_safe_to_speak", kind: "choice", choices: h.note.yesNo },
    { name: "v_place_now", kind: "line" }, { name: "v_safe_place", kind: "line" },
  ],
  hold_up: [{ name: "h_by", kind: "choice", choices: h.note.holdUpBy }, { name: "h_ways_out", kind: "line" }],
  lone_worker: [{ name: "l_by", kind: "choice", choices: h.note.loneWorkerBy }, { name: "l_position", kind: "line" }, { name: "l_since", kind: "moment" }],
  caller: [
    { name: "c_telephone", kind: "telephone" }, { name: "c_call_back", kind: "telephone" }, { name: "c_name", kind: "short" }, { name: "c_language", kind: "short" },
    { name: "c_stands_at", kind: "line" }, { name: "c_recorder_reference", kind: "reference" },
  ],
};

export const NEW_PATIENT: PatientValues = {
  patient: "adult", awake: "unknown", breathing: "unknown", what_happened: "", pregnant: "unknown", allergy: "", infection_risk: "", weight_kg: "", language: "",
};

const text = (value: string | null | undefined): string => value ?? "";
const digits = (value: number | null | undefined): string => (value === null || value === undefined ? "" : String(value));
/** As a `datetime-local` field has it, on the centre's clocks. */
export const face = (at: number | null | undefined): string => (at === null || at === undefined ? "" : faceOf(at / 1000).toISOString().slice(0, 16));

export function readFace(typed: string): number | null {
  const ms = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/.test(typed) ? Date.parse(`${typed}Z`) : Number.NaN;
  return Number.isNaN(ms) ? null : momentOf(ms) * 1000;
}

const known = (value: string | undefined): string => (value === undefined || value === "unknown" ? "" : value);

export function noteValues(note: HelpNote | null): NoteValues {
  const { persons_in_need: n, missing: m, violence: v, hold_up: u, lone_worker: l, caller: c } = note ?? {};
  return {
    told_by: text(n?.told_by), hurt: digits(n?.hurt), trapped: digits(n?.trapped), missing_count: digits(n?.missing), to_be_moved: digits(n?.to_be_moved),
    accounted_for: digits(n?.accounted_for), crew_strength: digits(n?.crew_strength),
    patients: (note?.patients ?? []).map((one) => ({
      patient: one.patient, awake: one.awake ?? "unknown", breathing: one.breathing ?? "unknown", what_happened: text(one.what_happened), pregnant: one.pregnant ?? "unknown",
      allergy: text(one.allergy), infection_risk: text(one.infection_risk), weight_kg: digits(one.weight_kg), language: text(one.language),
    })),
    harm_feared: [...(m?.harm_feared ?? [])], last_place: text(m?.last_place), last_seen_at: face(m?.last_seen_at), direction: text(m?.direction), aids: text(m?.aids), known_by: text(m?.known_by),
    fleeing: text(note?.fleeing),
    v_place_now: text(v?.place_now), v_danger_now: known(v?.danger_now), v_weapon: known(v?.weapon), v_hurt: known(v?.hurt), v_safe_place: text(v?.safe_place), v_safe_to_speak: known(v?.safe_to_speak),
    h_by: text(u?.by), h_ways_out: text(u?.ways_out),
    l_by: text(l?.by), l_position: text(l?.position), l_since: face(l?.since),
    c_telephone: text(c?.telephone), c_call_back: text(c?.call_back), c_name: text(c?.name), c_language: text(c?.language), c_stands_at: text(c?.stands_at), c_recorder_reference: text(c?.recorder_reference),
  };
}

const said = (value: string): string | null => value.trim() || null;
const counted = (value: string): number | null => (value.trim() === "" ? null : Number(value));
const some = (...values: (string | number | null | undefined)[]): boolean => values.some((value) => value !== null && value !== undefined && value !== "");

/** The note that a form stands for; what is empty is left out. */
export function noteOf(values: NoteValues): HelpNote {
  const v = values;
  const needs = { hurt: counted(v.hurt), trapped: counted(v.trapped), missing: counted(v.missing_count), to_be_moved: counted(v.to_be_moved), accounted_for: counted(v.accounted_for), crew_strength: counted(v.crew_strength) };
  const violence = { place_now: said(v.v_place_now), danger_now: v.v_danger_now, weapon: v.v_weapon, hurt: v.v_hurt, safe_place: said(v.v_safe_place), safe_to_speak: v.v_safe_to_speak };
  const caller = {
    telephone: said(v.c_telephone), call_back: said(v.c_call_back), name: said(v.c_name), language: said(v.c_language), stands_at: said(v.c_stands_at), recorder_reference: said(v.c_recorder_reference),
  };
  return {
    persons_in_need: v.told_by !== "" || some(...Object.values(needs)) ? { told_by: v.told_by, ...needs } : null,
    patients: v.patients.map((one) => ({
      patient: one.patient, awake: one.awake, breathing: one.breathing, what_happened: said(one.what_happened), pregnant: one.pregnant, allergy: said(one.allergy),
      infection_risk: said(one.infection_risk), weight_kg: counted(one.weight_kg), language: said(one.language),
    })),
    missing: isMissing(v)
      ? { harm_feared: v.harm_feared, last_place: said(v.last_place), last_seen_at: readFace(v.last_seen_at), direction: said(v.direction), aids: said(v.aids), known_by: said(v.known_by) }
      : null,
    fleeing: said(v.fleeing),
    violence: some(...Object.values(violence))
      ? { ...violence, danger_now: v.v_danger_now || "unknown", weapon: v.v_weapon || "unknown", hurt: v.v_hurt || "unknown", safe_to_speak: v.v_safe_to_speak || "unknown" }
      : null,
    hold_up: v.h_by !== "" || some(said(v.h_ways_out)) ? { by: v.h_by, ways_out: said(v.h_ways_out) } : null,
    lone_worker: v.l_by !== "" || some(said(v.l_position), v.l_since) ? { by: v.l_by, position: said(v.l_position), since: readFace(v.l_since) } : null,
    caller: some(...Object.values(caller)) ? caller : null,
  } as HelpNote;
}

function isMissing(v: NoteValues): boolean {
  return v.harm_feared.length > 0 || some(said(v.last_place), v.last_seen_at, said(v.direction), said(v.aids), said(v.known_by));
}

/** What the centre would refuse, field by field. It judges again. */
export function noteMistakes(values: NoteValues, asked: readonly BlockName[]): Partial<Record<NoteField, string>> {
  const mistakes: Partial<Record<NoteField, string>> = {};
  const note = noteOf(values);
  for (const block of asked) {
    for (const { name, kind } of FIELDS[block]) {
      const value = values[name];
      if (typeof value !== "string" || value.trim() === "") continue;
      if (kind === "count" && !(/^[0-9]{1,4}$/.test(value.trim()) && Number(value) <= COUNT_MAX)) mistakes[name] = h.note.numberWrong(COUNT_MAX);
      else if (kind === "moment" && readFace(value) === null) mistakes[name] = h.note.timeWrong;
      else if (kind === "reference" && !/^[A-Za-z0-9_.:-]{1,40}$/.test(value.trim())) mistakes[name] = h.note.referenceWrong;
      else if (kind in LIMITS) {
        const max = LIMITS[kind as keyof typeof LIMITS];
        const count = [...value.trim()].length;
        if (count > max) mistakes[name] = h.note.long(count, max);
      }
    }
  }
  if (note.persons_in_need && values.told_by === "") mistakes.told_by = h.note.toldByMissing;
  if (note.missing && values.harm_feared.length === 0) mistakes.harm_feared = h.note.harmMissing;
  if (note.hold_up && values.h_by === "") mistakes.h_by = h.note.byMissing;
  if (note.lone_worker && values.l_by === "") mistakes.l_by = h.note.byMissing;
  if (values.patients.some((one) => one.weight_kg.trim() !== "" && !(/^[0-9]{1,3}$/.test(one.weight_kg.trim()) && Number(one.weight_kg) >= 1 && Number(one.weight_kg) <= 500)))
    mistakes.patients = h.note.weightWrong;
  return mistakes;
}

/** A value in words, as the panel and a conflict show it; empty: nothing was said. */
export function fieldWords(field: FieldOf, values: NoteValues): string {
  const value = values[field.name];
  if (field.kind === "patients") return (value as PatientValues[]).map(patientWords).join("; ");
  if (Array.isArray(value)) return (value as string[]).map((one) => field.choices?.[one] ?? one).join(", ");
  if (field.kind === "moment") return value.replace("T", " ");
  return field.choices?.[value] ?? value;
}

export function patientWords(one: PatientValues): string {
  const words: Record<string, Readonly<Record<string, string>>> = { awake: h.note.yesNo, breathing: h.note.breathing, pregnant: h.note.yesNo };
  const parts = [h.note.patientIs[one.patient]];
  for (const name of ["awake", "breathing", "what_happened", "pregnant", "allergy", "infection_risk", "weight_kg", "language"] as const) {
    const value = one[name];
    if (value === "" || value === "unknown") continue;
    parts.push(`${h.note.fields[name].toLowerCase()}: ${words[name]?.[value] ?? value}`);
  }
  return parts.join(", ");
}

export const FIELD_OF = new Map(Object.values(FIELDS).flat().map((field) => [field.name, field]));
