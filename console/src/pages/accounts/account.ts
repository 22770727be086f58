/** The fields of an account's form, how they become what the API takes, and what the centre would refuse (it judges
 *  again). Source: docs/reference/accounts.md. */

import type { AccountBody, AccountItem, KeyForm } from "../../api/configuration";
import { p } from "../../texts/pages";

export interface SiteChoice { id: string; name: string }

/** A length of time that has a default, may be one's own, or may be switched off. */
export interface Seconds { mode: "default" | "own" | "off"; s: string }

export interface AccountValues {
  account: string;
  name: string;
  site: SiteChoice | null;
  receiver: string;
  line: string;
  carried_by: string;
  key: { act: "keep" | "set" | "remove"; value: string; form: KeyForm };
  late: Seconds;
  early: Seconds;
  duplicate: Seconds;
  panel_time_zone: string;
  supervision: Seconds;
  category: string;
  profile: string;
  poll_602: boolean;
  partitions: string;
  paths: string;
}
export type AccountField = keyof AccountValues;
export type AccountMistakes = Partial<Record<AccountField, string>>;

export const CATEGORIES = ["SP1", "SP2", "SP3", "SP4", "SP5", "SP6", "DP1", "DP2", "DP3", "DP4"] as const;
export const DEFAULTS = { late_s: 40, early_s: 20, duplicate_s: 300 } as const;
export const LIMITS = { name: 120, supervision_s: [10, 3_888_000], stamp_s: [0, 86_400], duplicate_s: [1, 86_400] } as const;
/** -1 in the row: no check. 0 as interval: not watched. */
const NO_CHECK = -1;
const NOT_WATCHED = 0;

const DEFAULT: Seconds = { mode: "default", s: "" };
export const EMPTY_ACCOUNT: AccountValues = {
  account: "", name: "", site: null, receiver: "", line: "", carried_by: "",
  key: { act: "keep", value: "", form: "hex" },
  late: DEFAULT, early: DEFAULT, duplicate: DEFAULT, panel_time_zone: "", supervision: DEFAULT,
  category: "", profile: "", poll_602: false, partitions: "", paths: "",
};

function seconds(value: number | null, off: number | null): Seconds {
  if (value === null) return { ...DEFAULT };
  return value === off ? { mode: "off", s: "" } : { mode: "own", s: String(value) };
}

function sent({ mode, s }: Seconds, off: number | null): number | null {
  if (mode === "own") return Number(s);
  return mode === "off" ? off : null;
}

export function accountValues(item: AccountItem): AccountValues {
  return {
    account: item.account,
    name: item.name ?? "",
    site: item.site_id === null ? null : { id: item.site_id, name: item.site ?? item.site_id },
    receiver: item.receiver ?? "",
    line: item.line ?? "",
    carried_by: item.carried_by ?? "",
    key: { act: "keep", value: "", form: item.key?.form ?? "hex" },
    late: seconds(item.late_max_s, NO_CHECK),
    early: seconds(item.early_max_s, NO_CHECK),
    duplicate: seconds(item.duplicate_window_s, null),
    panel_time_zone: item.panel_time_zone ?? "",
    supervision: seconds(item.supervision_interval_s, NOT_WATCHED),
    category: item.category ?? "",
    profile: item.profile ?? "",
    poll_602: item.poll_602,
    partitions: item.partitions ?? "",
    paths: item.paths ?? "",
  };
}

export function accountBody(values: AccountValues): AccountBody {
  const { key } = values;
  return {
    account: values.account.trim(),
    name: values.name.trim() || null,
    site_id: values.site?.id ?? null,
    receiver: values.receiver.trim() || null,
    line: values.line.trim() || null,
    carried_by: values.carried_by.trim() || null,
    category: values.category || null,
    supervision_interval_s: sent(values.supervision, NOT_WATCHED),
    late_max_s: sent(values.late, NO_CHECK),
    early_max_s: sent(values.early, NO_CHECK),
    duplicate_window_s: sent(values.duplicate, null),
    panel_time_zone: values.panel_time_zone.trim() || null,
    poll_602: values.poll_602,
    profile: values.profile.trim().toLowerCase() || null,
    partitions: values.partitions.trim() || null,
    paths: values.paths.trim() || null,
    ...(key.act === "set" ? { key: { act: "set", value: keyValue(key.value, key.form), form: key.form } } : {}),
    ...(key.act === "remove" ? { key: { act: "remove" } } : {}),
  };
}

/** What is kept of a form that was left without saving: all but a key that was typed. */
export function withoutKey(values: AccountValues): AccountValues {
  return { ...values, key: { ...values.key, act: "keep", value: "" } };
}

/** Hex is often shown in groups: blanks between digits mean nothing. A text is taken to the character. */
export function keyValue(value: string, form: KeyForm): string {
  return form === "hex" ? value.replace(/[\s:-]/g, "") : value;
}

export const KEY_LENGTHS: Record<KeyForm, readonly [number, number, number]> = { hex: [32, 48, 64], text: [16, 24, 32] };

/** What is wrong with a key as it stands; null where it is one. */
export function keyMistake(value: string, form: KeyForm): string | null {
  const key = keyValue(value, form);
  if (key === "") return p.account.keyMissing;
  if (form === "hex" && !/^[0-9A-Fa-f]*$/.test(key)) return p.account.keyNoHex;
  if (form === "text" && !/^[\x20-\x7e]*$/.test(key)) return p.account.keyNoText;
  if (!KEY_LENGTHS[form].includes(key.length)) return p.account.keyLength(key.length, KEY_LENGTHS[form], form);
  return null;
}

function wholeSeconds({ mode, s }: Seconds, [min, max]: readonly [number, number]): string | undefined {
  if (mode !== "own") return undefined;
  const isWhole = /^[0-9]{1,9}$/.test(s.trim());
  return isWhole && Number(s) >= min && Number(s) <= max ? undefined : p.account.secondsRange(min, max);
}

const NUMBER = /^[A-Za-z0-9]{1,16}$/;
const HEX = /^[0-9A-Fa-f]{1,6}$/;

/** What the centre would refuse. `hasKey`: the account has one now. */
export function accountMistakes(values: AccountValues, hasKey: boolean): AccountMistakes {
  const found: AccountMistakes = {};
  const note = (field: AccountField, text: string | null | undefined) => {
    if (text !== null && text !== undefined && found[field] === undefined) found[field] = text;
  };
  if (!NUMBER.test(values.account.trim())) note("account", p.account.numberForm);
  if ([...values.name.trim()].length > LIMITS.name) note("name", p.account.nameLong);
  for (const field of ["receiver", "line"] as const) {
    if (values[field].trim() !== "" && !HEX.test(values[field].trim())) note(field, p.account.hexForm);
  }
  if (values.carried_by.trim() !== "") {
    if (!NUMBER.test(values.carried_by.trim())) note("carried_by", p.account.numberForm);
    else if (values.carried_by.trim().toUpperCase() === values.account.trim().toUpperCase()) note("carried_by", p.account.carriedBySelf);
  }
  if (values.key.act === "set") note("key", keyMistake(values.key.value, values.key.form));
  note("late", wholeSeconds(values.late, LIMITS.stamp_s));
  note("early", wholeSeconds(values.early, LIMITS.stamp_s));
  note("duplicate", wholeSeconds(values.duplicate, LIMITS.duplicate_s));
  note("supervision", wholeSeconds(values.supervision, LIMITS.supervision_s));
  if (values.panel_time_zone.trim() !== "" && !isZone(values.panel_time_zone.trim())) note("panel_time_zone", p.account.zoneForm);
  const willHaveKey = values.key.act === "set" || (hasKey && values.key.act === "keep");
  if (willHaveKey && found.late === undefined && found.early === undefined && found.duplicate === undefined) {
    const least = replayWindow(values);
    const window = sent(values.duplicate, null) ?? DEFAULTS.duplicate_s;
    if (least !== null && window <= least) note("duplicate", p.account.duplicateShort(least));
  }
  return found;
}

/** How long an encrypted message could be sent again and be taken: `late` + `early`; null where one is not checked. */
export function replayWindow(values: Pick<AccountValues, "late" | "early">): number | null {
  if (values.late.mode === "off" || values.early.mode === "off") return null;
  return (sent(values.late, NO_CHECK) ?? DEFAULTS.late_s) + (sent(values.early, NO_CHECK) ?? DEFAULTS.early_s);
}

function isZone(name: string): boolean {
  if (!/^[A-Za-z0-9_+/-]+$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A field's value in words, for a conflict. A key is never told. */
export function valueWords<F extends AccountField>(field: F, value: AccountValues[F]): string {
  const one = value as AccountValues[AccountField];
  if (one === null) return p.sitePicker.none;
  if (typeof one === "string") return one === "" ? p.account.unset : one;
  if (typeof one === "boolean") return one ? p.account.yes : p.account.no;
  if ("act" in one) return one.act === "keep" ? p.account.keyActs.keep : p.account.keyActs[one.act];
  if ("mode" in one) {
    if (one.mode === "own") return `${one.s} ${p.account.unit}`;
    return p.account.modes[field as keyof typeof p.account.modes][one.mode];
  }
  return one.name;
}
