/** Chains in words, and what was typed as a chain. */

import type { ChainItem, ChainStep, ProblemItem, StepKind } from "../../api/chains";
import { people } from "../../state/people.svelte";
import { e } from "../../texts/chains";

export const CAPABILITY = /^[a-z][a-z0-9_-]{0,29}$/;
export const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

/** Groups, rosters or desks: whatever a step names beside people. */
export type Named = { readonly id: string; readonly name: string };

export const nameOf = (user: string): string => people.name(user) ?? user;

/** `tell every responder, Rex by text message` */
export function stepWords(step: ChainStep, known: readonly Named[]): string {
  const hours = step.hours ?? null;
  const when = hours === null ? "" : e.step.hours(faceOf(hours.from_min), faceOf(hours.to_min), hours.zone);
  const by = (step.channels ?? []).length === 0 ? "" : e.step.by((step.channels ?? []).map((one) => e.channels[one] ?? one).join(", "));
  switch (step.kind) {
    case "wait":
      return e.step.wait(step.wait_s ?? 0);
    case "notify": {
      const roles = (step.roles ?? []).map((role) => e.step.everybodyWho(e.roles[role] ?? role));
      const called = (id: string, gone: string): string => known.find((one) => one.id === id)?.name ?? gone;
      const named = (step.groups ?? []).map((id) => called(id, e.step.goneGroup));
      const onCall = (step.rosters ?? []).map((id) => e.step.onCall(called(id, id)));
      const desks = (step.desks ?? []).map((id) => e.step.desk(called(id, id)));
      return e.step.notify([...onCall, ...desks, ...named, ...roles, ...(step.users ?? []).map(nameOf)].join(", ")) + by + when;
    }
    case "next_desk":
      return e.step.next_desk;
    case "supervisor":
      return e.step.supervisor + by;
    case "all":
      return e.step.all + by;
    case "webhook":
      return e.step.webhook((step.users ?? []).map(nameOf).join(", ")) + when;
  }
}

export function appliesWords(chain: ChainItem): string {
  const some = (list: readonly unknown[], words: (named: string) => string): string => (list.length === 0 ? "" : words(list.join(", ")));
  return e.appliesTo(
    some(chain.priorities, e.priorities),
    some(chain.types, e.types),
    some(chain.sites.map((one) => one.name ?? e.goneSite), e.sites),
  );
}

export function untilWords(chain: ChainItem): string {
  const wanted = chain.strength;
  if (wanted === null) return e.untilClaimed;
  return e.untilComing(wanted.coming, (wanted.needs ?? []).map((need) => e.need(need.count, need.capability)).join(", "));
}

/** `Step 2: Without a contact that works: 1 of 4 people (Rex Eriksen).` */
export function problemWords(one: ProblemItem): string {
  const words = one.about.length === 0 ? one.words : e.about(one.words, one.about.map(nameOf).join(", "));
  return one.step === null ? e.problem(words) : e.problemAt(one.step, words);
}

export function emptyStep(kind: StepKind): Required<ChainStep> {
  return { kind, wait_s: kind === "wait" ? 60 : 0, roles: [], users: [], groups: [], rosters: [], desks: [], channels: [], hours: null };
}

/** Minutes since midnight as `06:30`, and back. */
export const faceOf = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
export const minutesOf = (face: string): number => {
  const [hours, minutes] = face.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
};

/** `driver 1, medic 2`; null where it is not written so. */
export function needsOf(typed: string): { capability: string; count: number }[] | null {
  const found: { capability: string; count: number }[] = [];
  for (const part of typed.split(",").map((one) => one.trim()).filter((one) => one !== "")) {
    const read = /^(\S+)\s+([1-9][0-9]{0,2})$/.exec(part);
    if (read === null || !CAPABILITY.test(read[1] ?? "")) return null;
    found.push({ capability: read[1] ?? "", count: Number(read[2]) });
  }
  return found;
}

/** `driver, medic`; null where it is not written so. */
export function capabilitiesOf(typed: string): string[] | null {
  const found = typed.split(",").map((one) => one.trim()).filter((one) => one !== "");
  return found.every((one) => CAPABILITY.test(one)) ? found : null;
}

export const isWhole = (typed: string, least: number, most: number): boolean => /^[0-9]{1,5}$/.test(typed.trim()) && Number(typed) >= least && Number(typed) <= most;
