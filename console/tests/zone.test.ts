import { afterEach, describe, expect, it } from "vitest";
import { clockFace } from "../src/state/format";
import { faceOf, momentOf, offsetMinutes, useOffsets } from "../src/state/zone";
import { stamp, zone } from "../src/ui/times";

// Vienna: summer time until 2026-10-25 01:00 UTC, and again from 2027-03-28 01:00 UTC.
const SUMMER = Date.UTC(2026, 2, 29, 1);
const WINTER = Date.UTC(2026, 9, 25, 1);
const AGAIN = Date.UTC(2027, 2, 28, 1);
const VIENNA = [
  { since: AGAIN * 1000, minutes: 120 },
  { since: 0, minutes: 60 },
  { since: SUMMER * 1000, minutes: 120 },
  { since: WINTER * 1000, minutes: 60 },
];

afterEach(() => useOffsets([]));

describe("times of the centre", () => {
  it("are told by its clocks before and after they are set, whatever this computer's zone is", () => {
    useOffsets(VIENNA);
    expect(clockFace(WINTER - 1000)).toBe("02:59:59");
    expect(clockFace(WINTER)).toBe("02:00:00");
    expect(zone((WINTER - 1000) * 1000)).toBe("UTC+02:00");
    expect(zone(WINTER * 1000)).toBe("UTC+01:00");
    expect(stamp(Date.UTC(2026, 11, 31, 23, 30) * 1000)).toBe("2027-01-01 00:30:00");
  });

  it("are those of the nearest offset outside the table", () => {
    useOffsets(VIENNA.slice(2));
    expect(offsetMinutes(SUMMER - 1)).toBe(120);
    expect(offsetMinutes(AGAIN + 1)).toBe(60);
  });

  it("are read back from a clock face as the moment that it showed", () => {
    useOffsets(VIENNA);
    for (const at of [SUMMER - 60_000, SUMMER, WINTER - 7_200_000, WINTER + 3_600_000, AGAIN, AGAIN + 1]) {
      expect(momentOf(faceOf(at).getTime())).toBe(at);
    }
    // The hour that comes twice: the first of the two.
    expect(momentOf(Date.UTC(2026, 9, 25, 2, 30))).toBe(WINTER - 1_800_000);
  });

  it("are this computer's until the centre has said which its zone is", () => {
    const at = Date.UTC(2026, 5, 1);
    expect(offsetMinutes(at)).toBe(-new Date(at).getTimezoneOffset());
  });
});
