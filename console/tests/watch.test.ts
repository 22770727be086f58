import { expect, test } from "vitest";
import { dayOf, dayWords, nextDay, spanOf } from "../src/pages/watch/days";
import { useOffsets } from "../src/state/zone";

const us = (iso: string): number => Date.parse(iso) * 1000;

test("a day of the watch log begins and ends by the centre's clock face, also where it has 23 or 25 hours", () => {
  useOffsets([{ since: us("2026-01-01T00:00:00Z"), minutes: 60 }, { since: us("2026-03-29T01:00:00Z"), minutes: 120 }, { since: us("2026-10-25T01:00:00Z"), minutes: 60 }]);
  expect(spanOf("2026-03-28")).toEqual({ since: us("2026-03-27T23:00:00Z"), until: us("2026-03-28T23:00:00Z") });
  expect(spanOf("2026-03-29")).toEqual({ since: us("2026-03-28T23:00:00Z"), until: us("2026-03-29T22:00:00Z") });
  expect(spanOf("2026-10-25")).toEqual({ since: us("2026-10-24T22:00:00Z"), until: us("2026-10-25T23:00:00Z") });
  expect(dayOf(Date.parse("2026-07-01T22:30:00Z"))).toBe("2026-07-02");
  expect([nextDay("2026-12-31", 1), nextDay("2026-03-01", -1), dayWords("2026-11-22")]).toEqual(["2027-01-01", "2026-02-28", "Sunday 2026-11-22"]);
});
