/** A list that the centre cuts into pages: where this window is in it, and the way back. */

import type { Listed } from "../api/configuration";
import { Loading } from "./loading.svelte";

export type Question<T> = (after: string | null, signal: AbortSignal) => Promise<Listed<T>>;

/** As far as a pager needs it, whatever is listed. */
export interface Cut {
  readonly first: number;
  readonly shown: number;
  readonly total: number;
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
  previous(): void;
  next(): void;
}

interface Step {
  after: string | null;
  count: number;
}

/** Where each list was left, so that who opens one row and comes back is where they were. */
const left = new Map<string, { key: string; way: Step[]; after: string | null }>();

export class CutList<T> implements Cut {
  readonly loading = new Loading<Listed<T>>();
  #question: Question<T>;
  #name: string;
  #key = "";
  /** How the pages before this one began, and how many rows each had. */
  #way = $state.raw<Step[]>([]);
  #after: string | null = null;

  /** `name`: of the list whose place is to be remembered. */
  constructor(question: Question<T>, name = "") {
    this.#question = question;
    this.#name = name;
  }

  get items(): T[] {
    return this.loading.value?.items ?? [];
  }
  get first(): number {
    return this.#way.reduce((sum, page) => sum + page.count, 0);
  }
  get shown(): number {
    return this.items.length;
  }
  get total(): number {
    return this.loading.value?.total ?? 0;
  }
  get hasPrevious(): boolean {
    return this.#way.length > 0;
  }
  get hasNext(): boolean {
    return this.loading.value !== null && this.loading.value.next !== null;
  }

  /** Begin anew. `key` says what is asked for: the same list, asked the same, goes on where it was left. */
  async begin(key = ""): Promise<void> {
    const place = this.#name === "" ? undefined : left.get(this.#name);
    const isSame = place !== undefined && place.key === key;
    this.#key = key;
    this.#way = isSame ? place.way : [];
    this.#after = isSame ? place.after : null;
    await this.reload();
  }

  async reload(): Promise<void> {
    const after = this.#after;
    if (this.#name !== "") left.set(this.#name, { key: this.#key, way: this.#way, after });
    await this.loading.ask((signal) => this.#question(after, signal));
  }

  next(): void {
    const next = this.loading.value?.next ?? null;
    if (next === null) return;
    this.#way = [...this.#way, { after: this.#after, count: this.items.length }];
    this.#after = next;
    void this.reload();
  }

  previous(): void {
    const before = this.#way.at(-1);
    if (before === undefined) return;
    this.#way = this.#way.slice(0, -1);
    this.#after = before.after;
    void this.reload();
  }
}
