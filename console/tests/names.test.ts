import { describe, expect, test } from "vitest";
import { fetched, learn, type Names, placeOf, prune, wanted } from "../src/state/names";
import { item } from "./items";

const NONE: Names = new Map();
const fire = item("fire", { account_id: "account-1", zone: "2" });

describe("names of places", () => {
  test("come with the rows of a snapshot, and are enough for those rows", () => {
    const names = learn(NONE, [item("fire", { account_id: "account-1", zone: "2", site: "Cold Store", account_name: "Fire panel", zone_name: "Hall" })]);
    expect(placeOf(names, fire)).toEqual({ main: "Cold Store", account: "Fire panel", zone: "2", zoneName: "Hall" });
    expect(wanted(names, [fire], 0)).toEqual([]);
  });

  test("are fetched for another zone of an account that came with a row", () => {
    const names = learn(NONE, [item("fire", { account_id: "account-1", zone: "2", zone_name: "Hall" })]);
    expect(wanted(names, [item("next", { account_id: "account-1", zone: "3" })], 0)).toEqual(["account-1"]);
  });

  test("that were fetched are not asked for again, not even where there are none", () => {
    const names = fetched(NONE, ["account-1", "account-2"], [{ account_id: "account-1", account: "4711", name: "Panel", site_id: null, site: null, zones: {} }], 4);
    expect(wanted(names, [fire, item("other", { account_id: "account-2" })], 4)).toEqual([]);
  });

  test("are asked for again after the configuration changed, and shown meanwhile", () => {
    const names = fetched(NONE, ["account-1"], [{ account_id: "account-1", account: "4711", name: "Panel", site_id: null, site: "Mill", zones: {} }], 4);
    expect(wanted(names, [fire], 5)).toEqual(["account-1"]);
    expect(placeOf(names, fire).main).toBe("Mill");
  });

  test("of a row never replace those that were fetched", () => {
    const names = fetched(NONE, ["account-1"], [{ account_id: "account-1", account: "4711", name: "New name", site_id: null, site: null, zones: {} }], 4);
    expect(placeOf(learn(names, [item("old", { account_id: "account-1", account_name: "Old name" })]), fire).account).toBe("New name");
  });

  test("of an unknown account there are none", () => {
    const unknown = item("unknown", { account_id: null, site_id: null });
    expect(wanted(NONE, [unknown], 9)).toEqual([]);
    expect(placeOf(NONE, unknown).main).toBeNull();
  });

  test("of accounts without an open incident are forgotten once there are too many", () => {
    const names = fetched(NONE, ["account-1", "account-2"], [], 1);
    expect([...prune(names, [fire], 1).keys()]).toEqual(["account-1"]);
    expect(prune(names, [], 2)).toBe(names);
  });
});
