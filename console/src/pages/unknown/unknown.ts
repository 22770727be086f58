/** Unknown accounts as rows: what they say at a glance, and where they stay while the list is asked for again. */

import type { NumberKey, UnknownItem } from "../../api/configuration";
import type { Micros } from "../../api/types";
import { p } from "../../texts/pages";
import { stamp, zone } from "../../ui/times";

export function keyOf(row: NumberKey): string {
  return `${row.account}/${row.receiver ?? ""}/${row.line ?? ""}`;
}

/** Only link tests came: the panel believes that it is connected, and nobody would see its alarm's place. */
export function isPollsOnly(row: UnknownItem): boolean {
  return row.polls > 0 && row.signals === 0 && row.unreadable === 0;
}

/** How its frames come, in words: encrypted frames without a key cannot be read, so they were refused. */
export function waysOf(row: UnknownItem): ("plain" | "unreadable" | "polls")[] {
  if (isPollsOnly(row)) return ["polls"];
  const ways: ("plain" | "unreadable" | "polls")[] = [];
  if (row.signals > 0) ways.push("plain");
  if (row.unreadable > 0) ways.push("unreadable");
  return ways;
}

/** The rows anew: those that were there keep their places, new ones go in above, those that are gone go. */
export function settled(shown: readonly UnknownItem[], now: readonly UnknownItem[]): UnknownItem[] {
  const fresh = new Map(now.map((row) => [keyOf(row), row]));
  const kept: UnknownItem[] = [];
  for (const row of shown) {
    const key = keyOf(row);
    const update = fresh.get(key);
    if (update === undefined) continue;
    kept.push(update);
    fresh.delete(key);
  }
  return [...fresh.values(), ...kept];
}

const STORM = 20;
const STORM_US = 600 * 1_000_000;

/** How many numbers appeared in the last 10 minutes, where that is a storm (CONSOLE.md, section 11); else 0. */
export function storm(rows: readonly UnknownItem[], now: Micros): number {
  const count = rows.filter((row) => now - row.first_at <= STORM_US).length;
  return count > STORM ? count : 0;
}

/** A text for whoever set the panel up. It leaves this screen by a person's hand alone. */
export function installerText(row: UnknownItem, centre: string): string {
  const [first, last] = [stamp(row.first_at), stamp(row.last_at)];
  const place = p.unknown.place(row.receiver, row.line);
  const lines = [
    p.unknown.text.opening(centre, row.account, place),
    p.unknown.text.times(first, last, zone(row.last_at)),
    ...waysOf(row).map((way) => p.unknown.text.ways[way](way === "polls" ? row.polls : way === "plain" ? row.signals : row.unreadable)),
    p.unknown.text.asking,
    ...p.unknown.text.questions,
  ];
  return lines.join("\n");
}
