import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Leading, leadSound, type Standing } from "../src/sound/leader";

/** A window of the workstation: with real locks and a real channel, and a clock that the test moves. */
class Window {
  standing: Standing = "good";
  readonly leading: Leading = leadSound(() => this.standing);
}

let windows: Window[] = [];
const open = (standing: Standing = "good"): Window => {
  const made = new Window();
  made.standing = standing;
  windows.push(made);
  return made;
};

/** What was said and granted is taken. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Seconds go by; those windows that hear ticks do what is due. */
async function pass(seconds: number, ...ticking: Window[]): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    vi.advanceTimersByTime(1_000);
    for (const one of ticking) one.leading.tick();
    await settle();
  }
}

const leaders = (): number[] => windows.flatMap((one, index) => (one.leading.isMine ? [index] : []));

const hasLocks = Object.getOwnPropertyDescriptor(Navigator.prototype, "locks");

describe.each(["with locks", "by word of mouth"])("the window that sounds, %s", (how) => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
    if (how === "by word of mouth") delete (Navigator.prototype as { locks?: unknown }).locks;
    windows = [];
  });
  afterEach(async () => {
    for (const one of windows) one.leading.end();
    await settle();
    vi.useRealTimers();
    if (hasLocks !== undefined) Object.defineProperty(Navigator.prototype, "locks", hasLocks);
  });

  test("is one of those that can, and the others know", async () => {
    const [first, second] = [open(), open()];
    await pass(8, first, second);
    expect(leaders()).toHaveLength(1);
    expect(windows.filter((one) => one.leading.isElsewhere())).toHaveLength(1);
  });

  test("is another one once it gets no ticks, whatever it holds", async () => {
    const first = open();
    await pass(3, first);
    expect(leaders()).toEqual([0]);
    const second = open();
    await pass(4, second);
    expect(second.leading.isMine || second.leading.isNobody()).toBe(true); // never mute without a word
    await pass(4, second);
    expect(second.leading.isMine).toBe(true);
    await pass(3, first, second);
    expect(leaders()).toHaveLength(1);
  });

  test("is another one once its session is over, and goes on where there is no other", async () => {
    const first = open();
    await pass(3, first);
    first.standing = "ended";
    await pass(8, first);
    expect(leaders()).toEqual([0]);
    const second = open();
    await pass(4, first, second);
    expect(leaders()).toEqual([1]);
    expect(first.leading.isElsewhere()).toBe(true);
  });

  test("is another one once its sound is broken", async () => {
    const [first, second] = [open(), open(null)];
    await pass(3, first, second);
    expect(second.leading.isElsewhere()).toBe(true);
    first.standing = null;
    await pass(4, first, second);
    expect(leaders()).toEqual([]);
    expect(windows.some((one) => one.leading.isElsewhere())).toBe(false);
    second.standing = "good";
    await pass(6, first, second);
    expect(leaders()).toEqual([1]);
  });

  test("that nobody heard sounds as a last resort, hides no warning elsewhere, and gives way to one that was heard", async () => {
    const [first, second] = [open("untested"), open(null)];
    await pass(6, first, second);
    expect(leaders()).toEqual([0]);
    expect(second.leading.isElsewhere()).toBe(false);
    second.standing = "good";
    await pass(4, first, second);
    expect(leaders()).toEqual([1]);
  });

  test("is not here and not elsewhere: said, once a few seconds went by", async () => {
    const only = open(null);
    await pass(2, only);
    expect(only.leading.isNobody()).toBe(false);
    await pass(3, only);
    expect(only.leading.isNobody()).toBe(true);
  });
});
