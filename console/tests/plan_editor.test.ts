import { describe, expect, test } from "vitest";
import type { ActionPlan } from "../src/api/action_plans";
import { asKind, differences, emptyStep, isShaped, planBody, planRebased, planValues, renamed, stepMistakes, type PlanValues } from "../src/pages/action_plans/plan";

const step = (id: string, more: object = {}): ActionPlan["steps"][number] => ({ id, kind: "check", words: `Do ${id}.`, next: null, ...more });
const plan = (...steps: ActionPlan["steps"]): PlanValues =>
  planValues({
    id: "action-plan-1", name: "fire-alarm", shipped: false, steps, types: [], sites: [], hours: null, alone: null, for_types: [], problems: [], version: 1, hash: "", changed_at: null, changed_by: null,
  } as ActionPlan);
const ids = (values: PlanValues): string[] => values.steps.map((one) => one.id);

describe("a plan in a form", () => {
  test("what leads to the step behind it keeps the way when a step is put between", () => {
    const values = plan(step("a", { next: "b" }), step("b", { next: "end" }), step("c", { next: "end" }));
    expect(values.steps.map((one) => one.next)).toEqual([null, "end", null]);
    values.steps.splice(1, 0, emptyStep("check", values.steps));
    expect(planBody(values).steps[0]?.next).toBeNull();
  });

  test("a step that is called otherwise is led to still", () => {
    const values = plan(step("a", { goes: [{ result: "done", to: "c" }] }), step("b", { limit_s: 9, missed: { do: "go", go: "c" } }), step("c", { next: "a" }));
    values.alone = "c";
    renamed(values, 2, "z");
    expect([values.steps[0]?.goes[0]?.to, values.steps[1]?.missed?.go, values.alone]).toEqual(["z", "z", "z"]);
  });

  test("another kind has nothing of the old one, and what it needs itself", () => {
    const values = plan(step("a", { kind: "call", call: "number", telephone: "112", goes: [{ result: "busy", to: "end" }], limit_s: 30 }));
    const made = asKind(values.steps[0]!, "wait");
    expect([made.call, made.telephone, made.goes, made.limit_s, made.wait_s > 0]).toEqual([null, null, [], null, true]);
  });

  test("words, names and times that the centre would refuse are said at once", () => {
    const [one, two] = plan(step("a", { words: " " }), step("a", { limit_s: 2 })).steps as [PlanValues["steps"][number], PlanValues["steps"][number]];
    expect(Object.keys(stepMistakes(one, [one, two]))).toEqual(["id", "words"]);
    expect(Object.keys(stepMistakes(two, [two]))).toEqual(["limit"]);
    expect(Object.keys(stepMistakes({ ...two, limit_s: Number.NaN }, [two]))).toEqual(["limit"]);
    expect(isShaped(plan(step("a")))).toBe(true);
  });

  test("mine on top of theirs keeps every step that I did not touch as they left it", () => {
    const base = plan(step("a"), step("b"), step("c"));
    const mine = plan(step("a", { words: "Mine." }), step("new"), step("b"));
    const theirs = plan(step("a"), step("b", { words: "Theirs." }), step("more"), step("c"));
    const both = planRebased(base, mine, theirs);
    expect(ids(both)).toEqual(["a", "new", "b", "more"]);
    expect(both.steps.map((one) => one.words)).toEqual(["Mine.", "Do new.", "Theirs.", "Do more."]);
    expect(differences(theirs, both)).toEqual(["order", "step a", "step c", "step new"]);
  });
});
