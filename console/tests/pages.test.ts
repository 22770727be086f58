import { readFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FILE_BYTES_MAX, readTable } from "../src/pages/import/file";
import { onTop, ROWS_MAX, shortBody } from "../src/pages/journal/entries";
import { EMPTY_SITE, siteBody, siteMistakes, siteValues } from "../src/pages/sites/site";
import { installerText, isPollsOnly, settled, storm, waysOf } from "../src/pages/unknown/unknown";
import { p } from "../src/texts/pages";
import type { EntryItem, SiteItem, UnknownItem } from "../src/api/configuration";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("a file for the import", () => {
  it("is taken as it stands where it is UTF-8, without its mark of byte order", () => {
    expect(readTable("a.csv", bytes("\ufeffname\nHøfn\n"))).toEqual({ name: "a.csv", text: "name\nHøfn\n", bytes: 14 });
  });
  it("is refused where letters would be replaced in silence", () => {
    expect(readTable("a.csv", new Uint8Array([0x6e, 0xfc, 0x0a]))).toBe("encoding");
  });
  it("is refused where it is a workbook, empty, or too large", () => {
    expect(readTable("a.xlsx", new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0]))).toBe("workbook");
    expect(readTable("a.xls", new Uint8Array([0xd0, 0xcf, 0x11, 0xe0]))).toBe("workbook");
    expect(readTable("a.csv", new Uint8Array())).toBe("empty");
    expect(readTable("a.csv", new Uint8Array(FILE_BYTES_MAX + 1))).toBe("large");
  });
});

describe("a site's form", () => {
  it("wants a name and keeps to the centre's limits, counted in characters", () => {
    expect(Object.keys(siteMistakes({ ...EMPTY_SITE, name: "  " }))).toEqual(["name"]);
    expect(siteMistakes({ ...EMPTY_SITE, name: "🔥".repeat(120), address: "a".repeat(240), directions: "a".repeat(1000) })).toEqual({});
    const long = siteMistakes({ ...EMPTY_SITE, name: "a".repeat(121), address: "a".repeat(241), directions: "a".repeat(1001) });
    expect(Object.keys(long)).toEqual(["name", "address", "directions"]);
  });
  it("sends what is empty as nothing, and directions of several lines as one", () => {
    expect(siteBody({ ...EMPTY_SITE, name: " Dock ", address: " ", directions: "Gate 2\n\nring the bell\r\n" })).toEqual({
      name: "Dock", address: null, directions: "Gate 2 / ring the bell", latitude: null, longitude: null, buildings: [], hazards: [],
      hazard_details: null, authority_ref: null, response: null, grade: null, installer: null,
    });
  });
  it("sends what stands of the place as the centre gave it, and says what it would refuse", () => {
    const place: SiteItem = {
      id: "site-1", name: "Works", address: null, directions: null, accounts: 0, version: 1, changed_at: 0, changed_by: null,
      latitude: 48.20849, longitude: -16.37208, buildings: [{ name: "Hall B", access: "gate: left" }, { name: "Pump house", access: null }],
      hazards: ["asbestos", "toxic"], hazard_details: "chlorine", authority_ref: "BMA 12", response: "guard_first", grade: 3, installer: "ACME-7",
    };
    const values = siteValues(place);
    expect([values.position, values.buildings]).toEqual(["48.20849, -16.37208", "Hall B: gate: left\nPump house"]);
    expect(siteMistakes(values)).toEqual({});
    const { id: _id, accounts: _accounts, version: _version, changed_at: _at, changed_by: _by, ...body } = place;
    expect(siteBody(values)).toEqual(body);
    for (const [field, wrong] of [
      ["position", "91, 16"], ["position", "48.2"], ["position", "48,20 16,37"], ["position", "0 0"], ["buildings", "Hall\nhall: gate"],
      ["buildings", ": gate"], ["buildings", "A | B"], ["buildings", "x".repeat(81)], ["installer", "Erika Example"], ["authority", "x".repeat(41)],
    ] as const) expect(Object.keys(siteMistakes({ ...values, [field]: wrong })), wrong).toEqual([field]);
    expect(Object.keys(siteMistakes({ ...values, hazards: [] }))).toEqual(["hazardDetails"]);
  });
});

function unknown(account: string, more: Partial<UnknownItem> = {}): UnknownItem {
  return {
    account, receiver: null, line: "0", transport: "tcp", first_at: 1_000_000, last_at: 2_000_000, signals: 1, polls: 0,
    unreadable: 0, similar: [], incidents: [], ...more,
  };
}

describe("unknown accounts", () => {
  it("keep their places while the list is asked for again; new ones go in above, those that are gone go", () => {
    const [a, b, c, d] = ["1", "2", "3", "4"].map((account) => unknown(account));
    const now = settled([a!, b!, c!], [unknown("3", { signals: 9 }), d!, unknown("1", { signals: 5 })]);
    expect(now.map((row) => [row.account, row.signals])).toEqual([["4", 1], ["1", 5], ["3", 9]]);
  });
  it("hold exactly what the centre lists, whatever was shown before", () => {
    const list = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 });
    fc.assert(
      fc.property(list, list, (before, after) => {
        const rows = (numbers: number[]) => numbers.map((number) => unknown(String(number)));
        const now = settled(rows(before), rows(after)).map((row) => Number(row.account));
        expect([...now].sort()).toEqual([...after].sort());
        const stayed = before.filter((number) => after.includes(number));
        expect(now.filter((number) => stayed.includes(number))).toEqual(stayed);
      }),
    );
  });
  it("tell one number on two lines apart", () => {
    const now = settled([unknown("1", { line: "1" })], [unknown("1", { line: "2" }), unknown("1", { line: "1" })]);
    expect(now.map((row) => row.line)).toEqual(["2", "1"]);
  });
  it("are marked where only polls came, and not where an encrypted frame came too", () => {
    expect(isPollsOnly(unknown("1", { signals: 0, polls: 3 }))).toBe(true);
    expect(isPollsOnly(unknown("1", { signals: 0, polls: 3, unreadable: 1 }))).toBe(false);
    expect(waysOf(unknown("1", { signals: 2, unreadable: 1 }))).toEqual(["plain", "unreadable"]);
  });
  it("are a storm from 21 new ones in 10 minutes on", () => {
    const now = 10_000_000_000;
    const fresh = Array.from({ length: 21 }, (_, at) => unknown(String(at), { first_at: now - 600_000_000 }));
    expect(storm(fresh, now)).toBe(21);
    expect(storm(fresh.slice(1), now)).toBe(0);
    expect(storm(fresh, now + 1)).toBe(0);
  });
  it("give the installer a text with the number, the times and what to answer, and nothing of other accounts", () => {
    const row = unknown("4711", { polls: 4, signals: 0, similar: [{ account_id: "account-1", account: "4771", site: "Bank", why: "one digit" }] });
    const text = installerText(row, "Harbour control");
    expect(text).toContain("Harbour control receives frames of account 4711");
    expect(text).toContain("Only link tests came (4)");
    expect(text).not.toContain("4771");
    expect(text).not.toContain("Bank");
  });
});

function entry(seq: number, body: unknown = {}): EntryItem {
  return { seq, id: null, at: seq, kind: "signal", v: 1, ref: null, actor: null, cause: null, body, prev: "", hash: "", derived: null };
}
const seqs = (rows: readonly EntryItem[] | null) => rows?.map((row) => row.seq);

describe("kinds of facts", () => {
  it("each have their words on the page, and no others", async () => {
    const model = await readFile(path.resolve(import.meta.dirname, "../../src/tocsin/model/journal.py"), "utf8");
    const table = /^KINDS: dict\[str, int\] = \{(.*?)^\}/ms.exec(model)?.[1] ?? "";
    const kinds = [...table.matchAll(/"([a-z_.]+)":/g)].map((found) => found[1]);
    expect(kinds.length).toBeGreaterThan(10);
    expect(Object.keys(p.journal.kinds).sort()).toEqual([...kinds].sort());
  });
});

describe("the journal while it is followed", () => {
  it("puts newer entries on top, each once", () => {
    expect(seqs(onTop([entry(3), entry(2)], [entry(5), entry(4), entry(3)], false))).toEqual([5, 4, 3, 2]);
  });
  it("begins anew where entries in between are missing", () => {
    expect(onTop([entry(3)], [entry(90), entry(89)], false)).toBeNull();
  });
  it("goes on where everything that is newer came, though nothing meets", () => {
    expect(seqs(onTop([entry(3)], [entry(9)], true))).toEqual([9, 3]);
  });
  it("never holds more rows than it may", () => {
    const many = Array.from({ length: ROWS_MAX }, (_, at) => entry(ROWS_MAX - at));
    expect(onTop(many, [entry(ROWS_MAX + 1), entry(ROWS_MAX)], false)).toHaveLength(ROWS_MAX);
  });
  it("says a body in one short line, without what is absent", () => {
    expect(shortBody({ account: "4711", code: "FA", zone: null, silent: false, exercise: true, points: [1, 2] })).toBe(
      "account 4711, code FA, exercise, points (2)",
    );
    expect(shortBody({ text: "x".repeat(500) }).length).toBeLessThanOrEqual(90);
    expect(shortBody(null)).toBe("");
  });
});
