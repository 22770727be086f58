/** What is read out of a plan, one line after another. */

import { expect, test } from "vitest";
import { linesOf } from "../src/detail/plan/digits";

test("a text is read out as its lines were written", () => {
  expect(linesOf("Leave the building. Now.\n\n Close the doors. ")).toEqual(["Leave the building. Now.", "Close the doors."]);
});

test("a text of one line is read out sentence by sentence, and nothing of it is lost", () => {
  expect(linesOf("Is he awake? Say: stay with him. Call 3.5 again")).toEqual(["Is he awake?", "Say:", "stay with him.", "Call 3.5 again"]);
  expect(linesOf("Wait")).toEqual(["Wait"]);
});
