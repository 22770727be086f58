/** What this window shows of the queue: the filter, the selected incident, the one that is open beside it. */

import { live } from "../live/live.svelte";
import { router } from "../router.svelte";
import { session } from "../shell/session.svelte";
import { waits } from "../state/order";
import { group, type Grouped } from "../state/storm";
import type { Incident } from "../state/reducer";
import { queueParts } from "./parts.svelte";
import { urgentOutside } from "./window";

export const FILTERS = ["all", "mine", "site", "closed"] as const;
export type Filter = (typeof FILTERS)[number];

/** So long after a change of what is first, a key still means the one before: nobody reacts faster. */
const MEANT_MS = 300;

class Desk {
  filter = $state<Filter>("all");
  /** Site of the filter `site`. */
  site = $state<string | null>(null);
  /** Chosen by hand; null: whatever is most urgent. */
  selected = $state<string | null>(null);

  /** Groups of a storm that somebody opened, by key. */
  openedGroups = $state.raw<ReadonlySet<string>>(new Set());
  /** Somebody wants to see a storm one by one. */
  isOneByOne = $state(false);

  /** Chosen by hand or open beside: these are shown whatever is shut. */
  #pinned: ReadonlySet<string> = $derived(new Set([this.selected, this.opened].filter((id) => id !== null)));

  /** The queue as a storm groups it; without a storm, as it is. */
  grouped: Grouped = $derived(group(live.rows, this.filter === "all" && !this.isOneByOne ? live.stormSince : null, this.#pinned, this.openedGroups));

  /** Open incidents that the filter lets through, most urgent first; in a storm the first of each group. */
  rows: readonly Incident[] = $derived.by(() => {
    const rows = live.rows;
    if (this.filter === "mine") {
      const me = session.answer?.user.id;
      return rows.filter((row) => row.claimed_by === me || queueParts.isMine(row));
    }
    if (this.filter === "site") return rows.filter((row) => row.site_id !== null && row.site_id === this.site);
    return this.grouped.rows;
  });

  /** Urgent ones that nobody has claimed and the filter leaves out. */
  hidden: readonly Incident[] = $derived(this.filter === "all" ? [] : urgentOutside(live.rows, this.filter === "closed" ? [] : this.rows));

  /** The first that waits for somebody, else the first. */
  first: Incident | null = $derived(this.rows.find(waits) ?? this.rows[0] ?? null);

  /** The one that keys act on. */
  current: string | null = $derived(this.selected ?? this.first?.id ?? null);

  /** The incident whose reasons somebody asked for last. */
  explained = $state<string | null>(null);

  #firstBefore: string | null = null;
  #firstNow: string | null = null;
  #firstSince = 0;

  /** Note what is first now; called after each painting. */
  noteFirst(): void {
    const id = this.first?.id ?? null;
    if (id === this.#firstNow) return;
    this.#firstBefore = this.#firstNow;
    this.#firstNow = id;
    this.#firstSince = performance.now();
  }

  /** The incident that somebody means who presses a key now. */
  meant(): Incident | null {
    if (this.selected !== null) return live.state.incidents.get(this.selected) ?? null;
    const isNew = performance.now() - this.#firstSince < MEANT_MS;
    const before = isNew && this.#firstBefore !== null ? live.state.incidents.get(this.#firstBefore) : undefined;
    return before ?? (this.#firstNow === null ? null : (live.state.incidents.get(this.#firstNow) ?? null));
  }

  /** A storm is over: the next one begins as they all do. */
  calm(): void {
    this.openedGroups = new Set();
    this.isOneByOne = false;
  }

  /** Id of the incident whose detail is open. */
  get opened(): string | null {
    return router.place.page === "incidents" ? (router.place.rest[0] ?? null) : null;
  }

  open(id: string): void {
    this.selected = id;
    if (this.opened !== id) router.go(`/incidents/${encodeURIComponent(id)}`, { replace: this.opened !== null });
  }

  /** The whole queue from its top. */
  showAll(): void {
    this.filter = "all";
    this.selected = null;
  }

  shut(): void {
    if (this.opened !== null) router.go("/");
  }

  /** Open or shut the group that an incident stands for, or is in; false: it is in none. */
  unfold(id: string, isOpen: boolean): boolean {
    const { groups } = this.grouped;
    const found = groups.get(id) ?? [...groups.values()].find((one) => one.members.some((member) => member.id === id));
    if (found === undefined) return false;
    const keys = new Set(this.openedGroups);
    if (isOpen) keys.add(found.key);
    else keys.delete(found.key);
    this.openedGroups = keys;
    this.selected = isOpen ? id : found.first.id;
    return true;
  }

  /** Up or down by rows from the current one. */
  move(by: number): void {
    const at = this.rows.findIndex((row) => row.id === this.current);
    const next = this.rows[Math.min(this.rows.length - 1, Math.max(0, at + by))];
    if (next !== undefined) this.selected = next.id;
  }
}

export const desk = new Desk();
