import { describe, expect, test } from "vitest";
import { found, MATCHES_MAX } from "../src/queue/find";
import { fetched } from "../src/state/names";
import { item } from "./items";

const names = fetched(
  new Map(),
  ["account-1", "account-2"],
  [
    { account_id: "account-1", account: "4711", name: "Fire panel", site_id: "site-1", site: "Fábrica Norte", zones: { 1: "Office of Ana" } },
    { account_id: "account-2", account: "4712", name: null, site_id: null, site: null, zones: {} },
  ],
  1,
);
const rows = [
  item("a", { number: 47, type: "FIRE-SMOKE", account_id: "account-1", account: "4711" }),
  item("b", { number: 4, type: "TECH-MAINS", account_id: "account-2", account: "4712", claimed_by: "user-ana" }),
  item("c", { number: 48, type: "INT-OUTDOOR", account_id: null, account: "99" }),
];
const ids = (words: string): string[] => found(words, rows, names).map((match) => match.incident.id);

describe("finding an open incident", () => {
  test.each([
    ["a number, exact before those that begin with it", "4", ["b", "a", "c"]],
    ["a number with its sign", "#47", ["a", "b"]], // account 4712 begins with it too
    ["a type, from any of its words", "outdoor", ["c"]],
    ["a site, without its accents", "fabrica", ["a"]],
    ["an account's name", "fire panel", ["a"]],
    ["an account's number", "4712", ["b"]],
    ["several words, all of them", "norte smoke", ["a"]],
    ["nothing", "  ", []],
  ])("goes by %s", (_, words, expected) => {
    expect(ids(words)).toEqual(expected);
  });

  test("never goes by a person: not by who has it, nor by what a zone is called", () => {
    expect(ids("ana")).toEqual([]);
    expect(ids("user-ana")).toEqual([]);
  });

  test("gives at most a handful", () => {
    const many = Array.from({ length: 50 }, (_, index) => item(`i${index}`, { number: 1000 + index }));
    expect(found("fire", many, names)).toHaveLength(MATCHES_MAX);
  });
});
