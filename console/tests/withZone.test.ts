import { expect, test } from "vitest";
import { withZone } from "../src/detail/people";
import { capital } from "../src/state/format";

test("a zone of the time line gets its name, and no other number does", () => {
  expect(withZone("FA Fire alarm, zone 2. Joined: the same zone.", "zone 2", "Stairs")).toBe("FA Fire alarm, Stairs (zone 2). Joined: the same zone.");
  expect(withZone("FA Fire alarm, zone 21.", "zone 2", "Stairs")).toBe("FA Fire alarm, zone 21.");
  expect(withZone("FA Fire alarm.", "zone 2", "Stairs")).toBe("FA Fire alarm.");
  expect(withZone("FA Fire alarm, zone 2.", "zone 2", null)).toBe("FA Fire alarm, zone 2.");
});

test("a sentence begins with a capital", () => {
  expect(capital("unwanted alarm")).toBe("Unwanted alarm");
  expect(capital("")).toBe("");
});
