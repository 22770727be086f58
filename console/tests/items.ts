import type { IncidentItem } from "../src/api/types";

/** An open, unclaimed fire alarm, with what a test wants otherwise. */
export function item(id: string, otherwise: Partial<IncidentItem> = {}): IncidentItem {
  return {
    account: "4711",
    account_id: "account-1",
    account_name: null,
    claimed_at: null,
    claimed_by: null,
    closed_at: null,
    closed_by: null,
    code: "FA",
    condition: "active",
    confirmed: false,
    disposition: null,
    exercise: false,
    hazard: "fire",
    id,
    last_at: 1_000_000,
    number: 1,
    opened_at: 1_000_000,
    origin: "signal",
    presentation: "shown",
    priority: 1,
    reason: "code",
    signals: 1,
    silent: false,
    site: null,
    site_id: "site-1",
    state: "open",
    type: "FIRE-ALARM",
    version: 1,
    zone: "1",
    zone_name: null,
    ...otherwise,
  };
}
