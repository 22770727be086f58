/** What a phone keeps of a report, and what becomes of it: no page and no network in here. */

import type { components } from "../api/schema";

type Schemas = components["schemas"];
export type DutyForm = Schemas["DutyForm"];
export type DutyType = Schemas["DutyType"];
export type DutyPlace = Schemas["DutyPlace"];
export type Receipt = Schemas["DutyReceipt"];
export type Body = Schemas["DutyReportBody"];

/** waiting: nobody but this phone knows of it. received: the centre has it for good. refused: it was declined, and why. */
export type Standing = "waiting" | "received" | "refused";

export interface Report {
  /** Made here, once: however often it is sent, it is one report. */
  id: string;
  /** What is sent; null once it is received: what was typed does not stay on the phone. */
  body: Omit<Body, "sent_at"> | null;
  /** What it is and where, as the list shows it. */
  meaning: string;
  place: string;
  isSilent: boolean;
  /** By the phone's clock, in ms. */
  typedAt: number;
  /** Not sent before then: its position is asked for. In ms. */
  holdUntil: number;
  standing: Standing;
  receipt: Receipt | null;
  /** Why it was refused. */
  problem: string | null;
  /** Its kind of hazard, which decides whether it takes pictures. Not of reports that older pages kept. */
  hazard?: string;
  /** How many pictures the centre has of it from here; `full`: its incident takes no more. */
  pictures?: number | "full";
  /** Why the last picture was declined. */
  pictureProblem?: string | null;
  /** The user who was signed in when it was typed; null, and of reports that older pages kept: nobody knows. */
  owner?: string | null;
  /** Whoever is signed in took it over, to send it for somebody else. */
  isHandedOver?: boolean;
}

/** Who is signed in, or was when the centre was last reached; forgotten as soon as they are not. */
export interface Person {
  id: string;
  name: string;
  /** Their session here. */
  session: string;
}

export const KEPT_MS = 24 * 3_600_000;

/** Typed by the one who is signed in, or taken over by them: in their name it goes out, and in no other. */
export const isOwn = (report: Report, who: Person | null): boolean => who !== null && report.owner === who.id;

/** What the centre does not have and that is not theirs: whoever is signed in is told, and may send it for its writer. */
export const strays = (reports: readonly Report[], who: Person | null): Report[] =>
  reports.filter((one) => one.standing !== "received" && !isOwn(one, who));

/** The present person sends it: as their own, where nobody knows who typed it, or for somebody else. */
export const takenOver = (report: Report, who: Person, isOwnWords: boolean): Report => ({
  ...again(report), owner: who.id, isHandedOver: !isOwnWords, holdUntil: 0,
});

/** Somebody's receipts, when they have gone: of places nothing is left to read. */
export const withoutPlace = (report: Report): Report => (report.standing === "received" ? { ...report, place: "" } : report);

/** So old that it may be done with: whoever is here may delete what somebody else typed. */
export const isOld = (report: Report, now: number): boolean => now - report.typedAt > KEPT_MS;

/** What goes next: the oldest of the person's own that waits, and whose time has come. */
export function nextToSend(reports: readonly Report[], now: number, who: Person | null): Report | null {
  const waiting = reports.filter((one) => one.standing === "waiting" && isOwn(one, who) && (one.holdUntil <= now || one.holdUntil > now + 60_000));
  return waiting.sort((a, b) => a.typedAt - b.typedAt)[0] ?? null;
}

/** It is with the centre. A silent call for help leaves nothing on the phone. */
export function received(report: Report, receipt: Receipt): Report | null {
  return report.isSilent ? null : { ...report, body: null, standing: "received", receipt, problem: null };
}

/** The centre declined it: sending it again would not help. */
export function refused(report: Report, problem: string): Report {
  return { ...report, standing: "refused", problem };
}

/** A person wants to try it once more. */
export const again = (report: Report): Report => ({ ...report, standing: "waiting", problem: null });

/** What news the centre has of what it received. */
export function renewed(reports: readonly Report[], receipts: readonly Receipt[]): Report[] {
  const news = new Map(receipts.map((one) => [one.report, one]));
  return reports.map((one) => (one.standing === "received" && news.has(one.id) ? { ...one, receipt: news.get(one.id)! } : one));
}

/** Those that are asked about: received, and not known to be closed. */
export const open = (reports: readonly Report[], who: Person | null): string[] =>
  reports.filter((one) => one.standing === "received" && isOwn(one, who) && one.receipt?.closed_at === null).map((one) => one.id).slice(0, 50);

/** Received a day ago: the phone forgets it. What waits or was refused stays until a person deletes it. */
export const isOver = (one: Report, now: number): boolean => one.standing === "received" && now - one.typedAt > KEPT_MS;

/** Whether trying the same again can help: whatever is not said of the report itself. */
export const mayPass = (status: number): boolean => ![400, 409, 413, 422].includes(status);

export interface Place {
  label: string;
  site_id?: string;
  code?: string;
  exact?: string;
}

/** Site and part of a code, where the phone knows the site's name; the centre proves it. */
export function placeOfCode(code: string, places: readonly DutyPlace[]): Place | null {
  const match = /^(site-\d{1,16})\.[a-z2-7]{20}(?:\.([\w-]+))?$/.exec(code);
  if (match === null) return null;
  const name = places.find((one) => one.site_id === match[1])?.name;
  const part = match[2] === undefined ? undefined : words(match[2]);
  const label = [name, part].filter(Boolean).join(", ");
  return { label, code };
}

function words(encoded: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(encoded.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Twelve tiles for the classes, in the order of the short numbers. */
export const TILES: readonly { name: string; classes: readonly string[] }[] = [
  { name: "fire", classes: ["fire", "explosion"] },
  { name: "medical", classes: ["medical"] },
  { name: "rescue", classes: ["rescue"] },
  { name: "collision", classes: ["collision"] },
  { name: "hazmat", classes: ["hazmat"] },
  { name: "flood_weather", classes: ["flood_weather"] },
  { name: "utility", classes: ["utility", "technical"] },
  { name: "intrusion", classes: ["intrusion", "theft"] },
  { name: "robbery_holdup", classes: ["robbery_holdup"] },
  { name: "violence", classes: ["violence", "trafficking_kidnap"] },
  { name: "missing_person", classes: ["missing_person"] },
  { name: "welfare_check", classes: ["welfare_check"] },
];
