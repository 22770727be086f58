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

export class CutList<T> implements Cut {
  readonly loading = new Loading<Listed<T>>();
  #question: Question<T>;
  /** How the pages before this one began, and how many rows each had. */
  #way = $state.raw<{ after: string | null; count: number }[]>([]);
  #after: string | null = null;

  constructor(question: Question<T>) {
    this.#question = question;
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

  /** Begin anew, with another question where one is given. */
  async begin(question: Question<T> = this.#question): Promise<void> {
    this.#question = question;
    this.#way = [];
    this.#after = null;
    await this.reload();
  }

  async reload(): Promise<void> {
    const after = this.#after;
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
