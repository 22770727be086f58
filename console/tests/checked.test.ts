import { beforeEach, expect, test } from "vitest";
import { readChecked, writeChecked } from "../src/sound/checked";

const ana = { user: { id: "user-ana" }, expires_at: 1_000 };

beforeEach(() => {
  const held = new Map<string, string>();
  const storage = { getItem: (name: string) => held.get(name) ?? null, setItem: (name: string, value: string) => void held.set(name, value), removeItem: (name: string) => void held.delete(name) };
  Object.defineProperty(globalThis, "sessionStorage", { value: storage, configurable: true });
});

test("a test of the sound holds for the session that made it", () => {
  writeChecked(ana, true);
  expect(readChecked(ana)).toBe(true);
});

test("whoever comes next tests anew, as does the same person in the next shift", () => {
  writeChecked(ana, true);
  expect(readChecked({ ...ana, user: { id: "user-bo" } })).toBe(false);
  expect(readChecked({ ...ana, expires_at: 2_000 })).toBe(false);
  expect(readChecked(null)).toBe(false);
});

test("it is over with a no, and with the sign-out", () => {
  writeChecked(ana, true);
  writeChecked(ana, false);
  expect(readChecked(ana)).toBe(false);
  writeChecked(ana, true);
  writeChecked(null, false);
  expect(readChecked(ana)).toBe(false);
});
