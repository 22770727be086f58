import { beforeEach, expect, test } from "vitest";
import { keepStep, keptStep } from "../src/queue/steps";

const ana = { user: { id: "user-3" }, expires_at: 1_000 };

beforeEach(() => {
  const held = new Map<string, string>();
  const storage = { getItem: (name: string) => held.get(name) ?? null, setItem: (name: string, value: string) => void held.set(name, value) };
  Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });
});

test("the first steps go on where they were after the window was loaded anew", () => {
  expect(keptStep(ana)).toBe("sound");
  keepStep(ana, "note");
  expect(keptStep(ana)).toBe("note");
  keepStep(ana, "closed");
  expect(keptStep(ana)).toBe("closed");
});

test("a second demo begins at the first step, though its people have the same ids", () => {
  keepStep(ana, "closed");
  expect(keptStep({ ...ana, expires_at: 2_000 })).toBe("sound");
});
