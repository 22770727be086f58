import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EVENT_CHARACTERS_MAX, EventParser, type ServerEvent } from "../src/live/sse";

const line = fc.string({ maxLength: 30 }).map((text) => text.replace(/[\r\n\0]/g, ""));
const events = fc.array(
  fc.record({
    event: fc.constantFrom("delta", "beat", "reset"),
    data: fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => lines.join("\n")),
    id: fc.option(fc.tuple(fc.nat(9999), fc.nat(99999)).map(([epoch, seq]) => `${epoch}-${seq}`)),
  }),
  { maxLength: 8 },
);
const newline = fc.constantFrom("\n", "\r\n", "\r");

function written(list: ServerEvent[], end: string): string {
  return list
    .map((one) =>
      [`event: ${one.event}`, ...(one.id === null ? [] : [`id: ${one.id}`]), ...one.data.split("\n").map((data) => `data: ${data}`), "", ""].join(end),
    )
    .join(`:comment${end}`);
}

describe("the stream is read alike", () => {
  test("however it is cut into pieces", () => {
    fc.assert(
      fc.property(events, newline, fc.array(fc.nat(400)), (list, end, cuts) => {
        const text = written(list, end) + "\n"; // what follows a lone carriage return tells whether it ended the line
        const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
        const parser = new EventParser();
        const found: ServerEvent[] = [];
        let from = 0;
        for (const place of [...places, text.length]) {
          found.push(...parser.push(text.slice(from, place)));
          from = place;
        }
        expect(found).toEqual(list);
      }),
    );
  });

  test("with a byte order mark, and without the space after the colon", () => {
    expect(new EventParser().push('\uFEFFevent:beat\ndata:{"now":1}\n\n')).toEqual([{ event: "beat", data: '{"now":1}', id: null }]);
  });
});

test("an event without an end is refused before it fills the memory", () => {
  const parser = new EventParser();
  const piece = "data: " + "x".repeat(1_000_000) + "\n";
  expect(() => {
    for (let at = 0; at <= EVENT_CHARACTERS_MAX / 1_000_000; at++) parser.push(piece);
  }).toThrow(RangeError);
});

test("an event without data is none", () => {
  expect(new EventParser().push("event: beat\n\ndata: a\n\n")).toEqual([{ event: "message", data: "a", id: null }]);
});
