/** A plan in a form: its fields, what the centre would refuse of their shape, and what differs. The server judges again. */

import type { ActionPlan, ActionPlanBody, ActionPlans, PlanStep, StepKind, Whom } from "../../api/action_plans";
import { ed } from "../../texts/plan_editor";
import { rebased, same } from "../../ui/draft";

export const NAME = /^[a-z][a-z0-9-]{0,39}$/;
export const STEP_ID = /^[a-z][a-z0-9-]{0,29}$/;
const TELEPHONE = /^[0-9+][0-9 ()/.-]{2,23}$/;
const WAYS_OUT = ["end", "queue", "handled"];
export const WORDS_MAX = 400;
export const STEPS_MAX = 40;
const SECONDS_MIN = 5;
export const SECONDS_MAX = 14_400;

export interface PlanSite {
  id: string;
  name: string;
}
export interface PlanValues {
  name: string;
  types: string[];
  sites: PlanSite[];
  hours: { from_min: number; to_min: number; zone: string } | null;
  alone: string | null;
  steps: PlanStep[];
}

export const emptyWhom = (): Whom => ({ own: [], roles: [], users: [], groups: [], rosters: [], desks: [], channels: [] });

/** A step of another kind: what that needs, and nothing of what the old one had. */
export function asKind(step: PlanStep, kind: StepKind): PlanStep {
  return {
    ...step,
    kind,
    goes: [],
    answers: kind === "question" || kind === "decision" ? "yes_no" : null,
    choices: null,
    call: kind === "call" ? "keyholders" : null,
    telephone: null,
    asks: [],
    whom: kind === "notify" ? { ...emptyWhom(), roles: ["supervisor"] } : null,
    wait_s: kind === "wait" ? 300 : 0,
    until_returned: false,
    line: kind === "message" ? "crews_informed" : null,
    limit_s: kind === "wait" ? null : step.limit_s,
    missed: kind === "wait" ? null : step.missed,
  };
}

export function emptyStep(kind: StepKind, taken: readonly PlanStep[]): PlanStep {
  const names = new Set(taken.map((one) => one.id));
  let number = taken.length + 1;
  while (names.has(`${kind}-${number}`)) number += 1;
  const bare = { id: `${kind}-${number}`, words: "", mandatory: false, limit_s: null, missed: null, next: null } as PlanStep;
  return asKind(bare, kind);
}

/** What leads to the step behind it says nothing: so a step that is moved or put between keeps the way. */
function stepValues(step: ActionPlan["steps"][number], index: number, all: ActionPlan["steps"]): PlanStep {
  const behind = all[index + 1]?.id ?? "end";
  const { id, kind, words, mandatory = false, limit_s = null, missed = null, goes = [], answers = null, choices = null } = step;
  const { call = null, telephone = null, asks = [], whom = null, wait_s = 0, until_returned = false, line = null } = step;
  const next = step.next === behind ? null : (step.next ?? null);
  const told = whom === null ? null : { ...emptyWhom(), ...whom };
  return structuredClone({ id, kind, words, mandatory, limit_s, missed, next, goes, answers, choices, call, telephone, asks, whom: told, wait_s, until_returned, line });
}

export function planValues(item: ActionPlan): PlanValues {
  return {
    name: item.name,
    types: [...item.types],
    sites: item.sites.map((one) => ({ id: one.id, name: one.name ?? ed.goneSite })),
    hours: item.hours === null ? null : { ...item.hours },
    alone: item.alone,
    steps: item.steps.map(stepValues),
  };
}

export function planBody(values: PlanValues): ActionPlanBody {
  return {
    name: values.name.trim(),
    types: values.types,
    sites: values.sites.map((one) => one.id),
    hours: values.hours,
    alone: values.alone,
    steps: values.steps.map((step) => ({ ...step, telephone: step.telephone === null || step.telephone.trim() === "" ? null : step.telephone.trim() })),
  };
}

const isSeconds = (value: number | null): boolean => value !== null && Number.isInteger(value) && value >= SECONDS_MIN && value <= SECONDS_MAX;

/** What is wrong with the shape of one step, by field. */
export function stepMistakes(step: PlanStep, all: readonly PlanStep[]): Record<string, string> {
  const found: Record<string, string> = {};
  if (!STEP_ID.test(step.id) || WAYS_OUT.includes(step.id)) found["id"] = ed.step.idWrong;
  else if (all.filter((one) => one.id === step.id).length > 1) found["id"] = ed.step.idTwice;
  if (step.words.trim() === "" || step.words.length > WORDS_MAX) found["words"] = ed.step.wordsWrong(WORDS_MAX);
  if (step.limit_s !== null && !isSeconds(step.limit_s)) found["limit"] = ed.step.secondsWrong(SECONDS_MIN, SECONDS_MAX);
  if (step.kind === "wait" && !isSeconds(step.wait_s)) found["wait"] = ed.step.secondsWrong(SECONDS_MIN, SECONDS_MAX);
  if (step.call === "number" && !TELEPHONE.test((step.telephone ?? "").trim())) found["telephone"] = ed.step.telephoneWrong;
  return found;
}

/** What is wrong with the shape of the plan beside its steps. */
export function planMistakes(values: PlanValues): Record<string, string> {
  const found: Record<string, string> = {};
  if (!NAME.test(values.name.trim())) found["name"] = ed.form.nameWrong;
  if (values.hours !== null && (values.hours.zone.trim() === "" || values.hours.from_min === values.hours.to_min)) found["hours"] = ed.form.hoursWrong;
  return found;
}

export const isShaped = (values: PlanValues): boolean =>
  Object.keys(planMistakes(values)).length === 0 && values.steps.every((step) => Object.keys(stepMistakes(step, values.steps)).length === 0);

/** What may become of a step, in the order of the keys. */
export function resultsOf(step: PlanStep, answer: ActionPlans): string[] {
  if (step.answers === "number") return answer.number;
  if (step.answers === "choice") {
    const listed = (answer.choices.find((one) => one.name === step.choices)?.answers ?? []).map((one) => one.code as string);
    return step.kind === "question" ? [...listed, "duress"] : listed;
  }
  return answer.kinds.find((one) => one.kind === step.kind)?.results ?? [];
}

/** Give a step another id: whatever leads to it leads to it still. */
export function renamed(values: PlanValues, index: number, id: string): void {
  const step = values.steps[index];
  if (step === undefined) return;
  const old = step.id;
  step.id = id;
  if (values.steps.some((one) => one.id === old)) return; // it stood there twice: the other one keeps what leads to it
  const led = (to: string | null): string | null => (to === old ? id : to);
  for (const one of values.steps) {
    one.next = led(one.next);
    for (const goes of one.goes) goes.to = led(goes.to) ?? goes.to;
    if (one.missed !== null) one.missed.go = led(one.missed.go ?? null);
  }
  values.alone = led(values.alone);
}

/** For how a plan differs from another: a field for what it is for, and one for each step. */
export function flat(values: PlanValues): Record<string, unknown> {
  const { steps, ...rest } = values;
  const order = { order: steps.map((one) => one.id) };
  return { ...rest, ...order, ...Object.fromEntries(steps.map((step) => [`step ${step.id}`, step])) };
}

/** Names of what differs: fields, and steps by their ids. */
export function differences(one: PlanValues, other: PlanValues): string[] {
  const [mine, theirs] = [flat(one), flat(other)];
  return [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].filter((name) => !same(mine[name], theirs[name]));
}

/** My changes on top of theirs, step by step: what I did not touch is as they left it. */
export function planRebased(base: PlanValues, mine: PlanValues, theirs: PlanValues): PlanValues {
  const [was, my, their] = [base, mine, theirs].map((one) => new Map(one.steps.map((step) => [step.id, step]))) as [Map<string, PlanStep>, Map<string, PlanStep>, Map<string, PlanStep>];
  const settled = (id: string): PlanStep | undefined => (same(my.get(id), was.get(id)) ? their.get(id) : my.get(id));
  const order = (one: PlanValues): string[] => one.steps.map((step) => step.id);
  const isMine = !same(order(mine), order(base));
  const ids = order(isMine ? mine : theirs);
  if (isMine) {
    const theirOrder = order(theirs);
    for (const [at, id] of theirOrder.entries()) {
      if (was.has(id) || ids.includes(id)) continue;
      const before = theirOrder[at - 1];
      ids.splice(before === undefined ? 0 : ids.indexOf(before) + 1, 0, id);
    }
  }
  const steps = ids.map(settled).filter((step) => step !== undefined);
  return { ...rebased(base, mine, theirs), steps: structuredClone(steps) };
}
