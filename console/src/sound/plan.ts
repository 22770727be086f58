/** Which sound is due: decided from what is unclaimed and when each last began. Pure; the caller tells the time. */

import type { Incident } from "../state/reducer";
import { LOUDER_DB, lengthMs, type SoundName, SOUNDS } from "./table";

interface Since {
  readonly priority: number;
  readonly at: number;
  /** The centre has told a second desk: louder here, however late this console came. */
  readonly isEscalated: boolean;
}

export interface Plan {
  /** When each unclaimed incident of priority 1 or 2 was first seen unclaimed here. */
  readonly since: ReadonlyMap<string, Since>;
  /** Open incidents of which something is overdue. */
  readonly overdue: ReadonlySet<string>;
  /** Incidents whose present sound somebody silenced, never of priority 1; with `!` before it, the sound of what is overdue;
   *  with `~`, a telephone. */
  readonly silenced: ReadonlySet<string>;
  /** Those of priority 1 of which this desk, in a call, was told by one soft pulse. */
  readonly softened: ReadonlySet<string>;
  /** Calls that ring here, as they were looked at last. */
  readonly rings: ReadonlySet<string>;
  /** Somebody knows that the connection is lost. */
  readonly isLossKnown: boolean;
  /** When each repeated sound began last. */
  readonly begun: Readonly<Partial<Record<SoundName, number>>>;
  /** Once-only sounds that wait for their turn. */
  readonly waiting: ReadonlySet<"p3" | "p4">;
  /** Until then something sounds. */
  readonly busyUntil: number;
}

export interface Due {
  readonly name: SoundName;
  readonly at: number;
  readonly moreDb: number;
}

/** What this desk does by telephone. */
export interface Talk {
  /** Somebody here talks: nothing is louder than the level that they chose, and priority 1 begins with one soft pulse. */
  readonly isInCall: boolean;
  /** Calls whose ringing is to be heard here. */
  readonly rings: ReadonlySet<string>;
}

export const NO_TALK: Talk = { isInCall: false, rings: new Set() };

/** So long unclaimed, and a desk in a call hears the whole pattern too. */
export const IN_CALL_WAIT_S = 10;

export const SILENT: Plan = { since: new Map(), overdue: new Set(), silenced: new Set(), softened: new Set(), rings: new Set(), isLossKnown: false, begun: {}, waiting: new Set(), busyUntil: 0 };
const PAUSE_S = 0.4;

/** Does an unclaimed one of it sound? What is on test, shelved or out of service, or is
 *  handled by its plan without an operator, is not announced. A call of the control
 *  room itself is seen and never heard: whoever forces a colleague may stand within earshot. */
function isAnnounced(incident: Incident): boolean {
  return incident.claimed_by === null && incident.state === "open" && incident.presentation === "shown" && !incident.is_room && incident.plan?.alone !== true;
}

/** Take what became of some incidents. `isNew`: it came in just now, so that a new one of priority 3 or 4 sounds once. */
export function observe(
  plan: Plan,
  changes: Iterable<{ readonly id: string; readonly before: Incident | undefined; readonly after: Incident | undefined }>,
  now: number,
  isNew: boolean,
  /** In a storm: does another one that waits stand for it? Then it is seen and counted, and not heard. */
  isBehind: (incident: Incident) => boolean = () => false,
): Plan {
  let since: Map<string, Since> | null = null;
  let overdue: Set<string> | null = null;
  const waiting = new Set(plan.waiting);
  const begun = { ...plan.begun };
  let silenced: Set<string> | null = null;
  let softened = plan.softened;
  for (const { id, before, after } of changes) {
    const isLoud = after !== undefined && isAnnounced(after);
    const isOverdue = after !== undefined && after.state === "open" && (after.look_again_due || (after.plan?.late === true && !after.plan.alone && after.presentation !== "shelved"));
    if (isOverdue !== (overdue ?? plan.overdue).has(id)) {
      overdue ??= new Set(plan.overdue);
      silenced ??= new Set(plan.silenced);
      silenced.delete(`!${id}`);
      if (isOverdue) {
        overdue.add(id);
        delete begun.overdue; // at once
      } else overdue.delete(id);
    }
    const known = (since ?? plan.since).get(id);
    if (isLoud && after.priority <= 2) {
      const isEscalated = after.escalated.some((one) => (one.chain ?? null) === null || (one.desks ?? []).length > 0);
      if (known?.priority === after.priority && known.isEscalated === isEscalated) continue;
      since ??= new Map(plan.since);
      since.set(id, { priority: after.priority, at: known?.priority === after.priority ? known.at : now, isEscalated });
      silenced ??= new Set(plan.silenced);
      silenced.delete(id); // what was silenced was less urgent, or more: this is another sound
      delete begun[after.priority === 1 ? "p1" : "p2"]; // at once, whatever the beat of the one before
      if (after.priority === 1) delete begun.soft;
      if (known?.priority !== after.priority && softened.has(id)) softened = new Set([...softened].filter((one) => one !== id));
      continue;
    }
    // What its plan hands on to the queue, and what comes off the shelf, is new to whoever listens.
    if (isLoud && isNew && (before === undefined || before.presentation === "shelved" || (before.plan?.alone === true && before.claimed_by === null)) && !isBehind(after)) waiting.add(after.priority === 3 ? "p3" : "p4");
    if (known !== undefined) {
      since ??= new Map(plan.since);
      since.delete(id);
      silenced ??= new Set(plan.silenced);
      silenced.delete(id);
    }
  }
  return { ...plan, since: since ?? plan.since, overdue: overdue ?? plan.overdue, silenced: silenced ?? plan.silenced, softened, waiting, begun };
}

/** Is a sound wanted at all? */
export function isWanted(plan: Plan, name: "p1" | "p2"): boolean {
  const priority = name === "p1" ? 1 : 2;
  for (const [id, one] of plan.since) if (one.priority === priority && (priority === 1 || !plan.silenced.has(id))) return true;
  return false;
}

function isOverdueWanted(plan: Plan): boolean {
  for (const id of plan.overdue) if (!plan.silenced.has(`!${id}`)) return true;
  return false;
}

/** Does a telephone that rings here sound? */
export function isRingWanted(plan: Plan, talk: Talk): boolean {
  for (const id of talk.rings) if (!plan.silenced.has(`~${id}`)) return true;
  return false;
}

/** Take which calls ring: another one sounds at once, and what was silenced and is over is forgotten. */
function ringing(plan: Plan, talk: Talk): Plan {
  if (plan.rings === talk.rings) return plan;
  const begun = { ...plan.begun };
  for (const id of talk.rings) if (!plan.rings.has(id)) delete begun.ring;
  const silenced = new Set([...plan.silenced].filter((id) => !id.startsWith("~") || talk.rings.has(id.slice(1))));
  return { ...plan, begun, silenced, rings: talk.rings };
}

/** What a desk in a call hears of priority 1: one soft pulse for each, then, unclaimed for a while, the whole pattern. */
function p1InCall(plan: Plan, now: number): "p1" | "soft" | null {
  let found: "soft" | null = null;
  for (const [id, one] of plan.since) {
    if (one.priority !== 1) continue;
    if (now - one.at >= IN_CALL_WAIT_S) return "p1";
    if (!plan.softened.has(id)) found = "soft";
  }
  return found;
}

/** Those of priority 1 that wait now: each had its pulse. */
function softenedNow(plan: Plan): ReadonlySet<string> {
  return new Set([...plan.since].filter(([, one]) => one.priority === 1).map(([id]) => id));
}

/** The sound that begins now, if any; the most urgent first, one at a time. */
export function next(before: Plan, now: number, isLost: boolean, talk: Talk = NO_TALK): { plan: Plan; due: Due | null } {
  const plan = ringing(before, talk);
  const names: SoundName[] = [];
  const p1 = talk.isInCall ? p1InCall(plan, now) : isWanted(plan, "p1") ? "p1" : null;
  if (p1 !== null) names.push(p1);
  if (isLost && !plan.isLossKnown) names.push("lost");
  if (isWanted(plan, "p2")) names.push("p2");
  if (isRingWanted(plan, talk)) names.push("ring");
  if (isOverdueWanted(plan)) names.push("overdue");
  if (plan.waiting.has("p3")) names.push("p3");
  if (plan.waiting.has("p4")) names.push("p4");
  for (const name of names) {
    const sound = SOUNDS[name];
    const last = plan.begun[name];
    const isDue = sound.every_s === null || last === undefined || now - last >= sound.every_s - 0.05;
    if (!isDue) continue;
    const isUrgent = (name === "p1" || name === "soft") && last === undefined;
    if (plan.busyUntil > now && !isUrgent) continue;
    const waiting = new Set(plan.waiting);
    if (name === "p3" || name === "p4") waiting.delete(name);
    return {
      plan: { ...plan, waiting, softened: name === "soft" ? softenedNow(plan) : plan.softened, begun: { ...plan.begun, [name]: now }, busyUntil: now + lengthMs(sound) / 1000 + PAUSE_S },
      due: { name, at: now, moreDb: talk.isInCall ? 0 : louderDb(plan, name, now) },
    };
  }
  return { plan, due: null };
}

function louderDb(plan: Plan, name: SoundName, now: number): number {
  const after = SOUNDS[name].louder_after_s;
  if (after === null || name !== "p1") return 0;
  for (const one of plan.since.values()) if (one.priority === 1 && (one.isEscalated || now - one.at >= after)) return LOUDER_DB;
  return 0;
}

/** How loud a sound is, in dB below full scale. In a call priority 1 has the level that somebody chose by ear, and anything
 *  else at most that; null: nobody talks. */
export function levelDb(due: Due, call_level_db: number | null): number {
  const usual = SOUNDS[due.name].level_db + due.moreDb;
  if (call_level_db === null) return usual;
  return due.name === "p1" || due.name === "soft" ? call_level_db : Math.min(usual, call_level_db);
}

/** F9: end the present sound of everything but priority 1; the next one sounds again. */
export function silence(plan: Plan, isLost: boolean, talk: Talk = NO_TALK): { plan: Plan; what: "p1" | "silenced" | "nothing" } {
  const silenced = new Set(plan.silenced);
  for (const [id, one] of plan.since) if (one.priority !== 1) silenced.add(id);
  for (const id of plan.overdue) silenced.add(`!${id}`);
  for (const id of talk.rings) silenced.add(`~${id}`);
  const hadSound = isWanted(plan, "p2") || isOverdueWanted(plan) || isRingWanted(plan, talk) || plan.waiting.size > 0 || (isLost && !plan.isLossKnown);
  const after: Plan = { ...plan, silenced, rings: talk.rings, waiting: new Set(), isLossKnown: plan.isLossKnown || isLost };
  return { plan: after, what: isWanted(plan, "p1") ? "p1" : hadSound ? "silenced" : "nothing" };
}

/** The connection is back: the next loss sounds again. */
export function back(plan: Plan): Plan {
  return plan.isLossKnown ? { ...plan, isLossKnown: false } : plan;
}
