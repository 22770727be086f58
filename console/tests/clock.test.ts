import { describe, expect, test } from "vitest";
import { withNames } from "../src/detail/people";
import { ServerClock } from "../src/live/clock";
import { age, ageWords } from "../src/state/format";

describe("the server's time", () => {
  test("is that of the beat that travelled fastest, whatever this computer's clock says", () => {
    const clock = new ServerClock();
    clock.beat(1_000_000 - 80, 500, 0); // 80 ms on its way
    clock.beat(1_002_000 - 5, 2_500, 0);
    clock.beat(1_004_000 - 300, 4_500, 0);
    expect(clock.now(10_500)).toBe(1_010_000 - 5);
  });

  test("is taken anew after this computer slept", () => {
    const clock = new ServerClock();
    clock.beat(1_000_000, 500, 0);
    clock.beat(4_600_000, 1_500, 0);
    expect(clock.now(1_500)).toBe(4_600_000);
  });

  test("is not known before the first beat", () => {
    expect(new ServerClock().now(5)).toBeNull();
  });

  test("tells how far this computer's clock is off, from 2 s on", () => {
    const clock = new ServerClock();
    clock.beat(1_000_000, 500, 1_001_900);
    expect(clock.workstationOffS).toBe(0);
    clock.beat(1_002_000, 2_500, 1_032_000);
    expect(clock.workstationOffS).toBe(30);
    clock.beat(1_004_000, 4_500, 1_000_000);
    expect(clock.workstationOffS).toBe(-4);
  });
});

describe("ages", () => {
  test.each([
    [-5_000, "00:00"],
    [24_999, "00:24"],
    [3_599_000, "59:59"],
    [3_600_000, "1:00:00"],
    [86_399_000, "23:59:59"],
    [3 * 86_400_000 + 4 * 3_600_000, "3 d 04 h"],
  ])("of %i ms is %s", (ms, words) => {
    expect(age(ms)).toBe(words);
  });

  test.each([
    [2_400, "2 s"],
    [61_000, "1 min"],
    [7_300_000, "2 h"],
    [180_000_000, "2 d"],
  ])("of %i ms is said as %s", (ms, words) => {
    expect(ageWords(ms)).toBe(words);
  });
});

describe("people in words of the centre", () => {
  const name = (id: string): string => (id === "user-12" ? "Ana {user-3}" : id);

  test("are put in by name, and a name is never read for another", () => {
    expect(withNames("{user-12} claimed it from {user-3}.", name)).toEqual([
      { text: "Ana {user-3}", isName: true },
      { text: " claimed it from ", isName: false },
      { text: "user-3", isName: true },
      { text: ".", isName: false },
    ]);
  });

  test("what is no id stays as it is", () => {
    expect(withNames("{not an id} {}", name)).toEqual([{ text: "{not an id} {}", isName: false }]);
  });
});
