import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Explanation, FrameField } from "../src/api/configuration";
import { asText, blinded, crcOf, fromHex, toHex, vectorOf } from "../src/pages/frame/bytes";
import { readMoment } from "../src/pages/frame/moment";
import { pieces } from "../src/ui/shown";

const bytes = (text: string) => new TextEncoder().encode(text);

/** A frame with right check sum, and its fields by the words that stand in them. */
function frame(body: string, account: string, data: string, blocks: string[] = []): { raw: Uint8Array; fields: FrameField[] } {
  const sum = crcOf(bytes(body)).toString(16).toUpperCase().padStart(4, "0");
  const raw = bytes(`\n${sum}${body.length.toString(16).toUpperCase().padStart(4, "0")}${body}\r`);
  const text = asText(raw);
  const field = (name: FrameField["name"], part: string, from = 0): FrameField => {
    const begin = text.indexOf(part, from);
    return { name, begin, end: begin + part.length, state: "right", words: "" };
  };
  const token = /"[^"]*"/.exec(text)?.[0] ?? "";
  const fields = [
    field("start", "\n"), field("crc", sum), { ...field("length", ""), begin: 5, end: 9 }, field("token", token), field("account", account),
    field("data", data), ...blocks.map((block) => field("xdata", block)), field("end", "\r"),
  ];
  return { raw, fields };
}

describe("bytes of a frame", () => {
  it("have the standard's check sum", () => {
    expect(crcOf(bytes("123456789"))).toBe(0xbb3d);
  });
  it("come back from hex as they were", () => {
    fc.assert(fc.property(fc.uint8Array(), (raw) => { expect([...fromHex(toHex(raw))]).toEqual([...raw]); }));
  });
  it("are read as UTF-8 where they are, else each by itself", () => {
    expect(asText(bytes("Höhe"))).toBe("Höhe");
    expect(asText(new Uint8Array([0x48, 0xf6, 0x65]))).toBe("Höe");
  });
});

describe("a vector", () => {
  const { raw, fields } = frame(
    '"SIA-DCS"0007R1L2#5512[#5512|Nri2/FA014^Boiler room Meier^][XMary Smith, 12 Quay]_07:05:09,03-04-2027',
    "#5512", "#5512|Nri2/FA014^Boiler room Meier^", ["[XMary Smith, 12 Quay]"],
  );
  it("holds neither account nor texts, keeps its length, and its check sum is right", () => {
    const text = asText(blinded(raw, fields, false, true));
    for (const told of ["5512", "Boiler", "Meier", "Mary", "Smith", "Quay"]) expect(text).not.toContain(told);
    expect(text).toContain("#1234[#1234|Nri2/FA014^Xxxxxx xxxx Xxxxx^][XXxxx Xxxxx, 00 Xxxx]");
    expect(text.length).toBe(raw.length);
    const body = text.slice(9, -1);
    expect(text.slice(1, 5)).toBe(crcOf(bytes(body)).toString(16).toUpperCase().padStart(4, "0"));
  });
  it("keeps a wrong check sum as it was sent", () => {
    expect(asText(blinded(raw, fields, false, false)).slice(1, 5)).toBe(asText(raw).slice(1, 5));
  });
  it("writes a check sum of two bytes as two bytes", () => {
    const body = raw.slice(9, -1);
    const two = new Uint8Array([10, 0, 0, ...raw.slice(5)]);
    const moved = fields.map((field) => (field.name === "start" ? field : field.name === "crc" ? { ...field, begin: 1, end: 3 } : { ...field, begin: field.begin - 2, end: field.end - 2 }));
    const sum = crcOf(blinded(two, moved, false, false).slice(7, -1));
    expect([...blinded(two, moved, false, true).slice(1, 3)]).toEqual([sum >> 8, sum & 0xff]);
    expect(body.length).toBe(two.length - 8);
  });
  it("holds zeros for what is encrypted", () => {
    const sealed = frame('"*SIA-DCS"0007R1L2#5512[8F3A00C1D2E3F4A5B6C7D8E9FAFBFCFD', "#5512", "8F3A00C1D2E3F4A5B6C7D8E9FAFBFCFD");
    expect(asText(blinded(sealed.raw, sealed.fields, true, true))).toContain(`#1234[${"0".repeat(32)}`);
  });
  it("replaces another account in the data by yet another number", () => {
    const carried = frame('"SIA-DCS"0007L0#5512[#77|NBA1]', "#5512", "#77|NBA1");
    expect(asText(blinded(carried.raw, carried.fields, false, true))).toContain("#1234[#12|NBA1]");
  });
  it("is one line of JSON that the command takes", () => {
    const told = { outcome: "accepted", reason: null, encrypted: false, crc_ok: true } as unknown as Explanation;
    const line = JSON.parse(vectorOf(toHex(raw), told, fields, null)) as Record<string, unknown>;
    expect(Object.keys(line)).toEqual(["id", "raw", "now", "accounts", "key"]);
    expect(line["raw"]).toMatch(/^[0-9A-F]+$/);
  });
  it("keeps its length for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 80 }), fc.boolean(), (noise, isEncrypted) => {
        const all: FrameField[] = [
          { name: "account", begin: 2, end: 6, state: "right", words: "" }, { name: "data", begin: 6, end: 9, state: "wrong", words: "" },
          { name: "xdata", begin: 9, end: noise.length, state: "unread", words: "" },
        ];
        expect(blinded(noise, all, isEncrypted, true)).toHaveLength(noise.length);
      }),
    );
  });
});

describe("a time that somebody types", () => {
  it("is UTC where no offset stands", () => {
    expect(readMoment("2027-03-04T07:05:11Z")).toBe(1_804_143_911_000_000);
    expect(readMoment("2027-03-04 07:05:11")).toBe(readMoment("2027-03-04T07:05:11Z"));
    expect(readMoment("2027-03-04T08:05:11+01:00")).toBe(readMoment("2027-03-04T07:05:11Z"));
    expect(readMoment("2027-03-04T08:05:11+0100")).toBe(readMoment("2027-03-04T07:05:11Z"));
  });
  it("is refused where it is none", () => {
    for (const text of ["", "now", "07:05", "2027-13-01T00:00:00Z", "2027-02-30T00:00:00Z", "2027-03-04T25:00:00Z"]) expect(readMoment(text)).toBeNull();
  });
});

describe("text that somebody else wrote", () => {
  it("shows what would not be seen as a mark, and keeps the rest", () => {
    expect(pieces("a\u202eb\r\n<b>")).toEqual([
      { text: "a", isMark: false }, { text: "‹U+202E›", isMark: true }, { text: "b", isMark: false }, { text: "‹CR›", isMark: true },
      { text: "‹LF›", isMark: true }, { text: "<b>", isMark: false },
    ]);
  });
  it("marks each sign of direction, each blank without width and each tag", () => {
    const unseen = [0x00ad, 0x061c, 0x200b, 0x200e, 0x200f, 0x2028, 0x202a, 0x202d, 0x2060, 0x2066, 0x2069, 0xfeff, 0xe0041, 0x7f, 0x85];
    for (const code of unseen) expect(pieces(`a${String.fromCodePoint(code)}b`)[1]).toMatchObject({ isMark: true });
    for (const text of ["é", "ß", "漢", "🔥", "—", "\u00a0"]) expect(pieces(text)).toEqual([{ text, isMark: false }]);
  });
  it("keeps our own ends of lines in a block", () => {
    expect(pieces("a\nb", true).map((piece) => piece.text).join("")).toBe("a\nb");
  });
  it("leaves nothing that turns the order or hides, in any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const shown = pieces(text).map((piece) => piece.text).join("");
        expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u);
      }),
    );
  });
  it("cuts marks that are stacked on one letter", () => {
    expect(pieces(`a${"\u0301".repeat(50)}`)[0]?.text.length).toBeLessThan(8);
  });
});
