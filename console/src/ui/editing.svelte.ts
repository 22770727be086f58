/** One thing of the configuration in a form: read, changed here, saved under the version that was seen. */

import { ApiProblem } from "../api/client";
import type { Micros, Problem } from "../api/types";
import { differing, dropDraft, keepDraft, keptDraft, rebased } from "./draft";
import { Loading } from "./loading.svelte";

export interface Versioned {
  version: number;
  changed_at: Micros;
  changed_by: string | null;
}

export interface Ways<I extends Versioned, V extends object> {
  /** Name of the draft: the thing's id. */
  name: string;
  read: (signal: AbortSignal) => Promise<I>;
  write: (values: V, version: number) => Promise<I>;
  /** The thing as it is now, in a refusal because somebody else changed it. */
  now: (problem: Problem) => I | null | undefined;
  /** The fields of the form. */
  values: (item: I) => V;
  /** What of it is kept when the form is left without saving; all, where this is not given. */
  keeps?: (values: V) => V;
  /** My changes on top of theirs, where fields hold more than one thing. */
  rebase?: (base: V, mine: V, theirs: V) => V;
}

export class Editing<I extends Versioned, V extends object> {
  readonly reading = new Loading<I>();
  readonly saving = new Loading<I>();
  item = $state.raw<I | null>(null);
  base = $state.raw<V | null>(null);
  values = $state<V | null>(null);
  /** What somebody else saved in between. */
  theirs = $state.raw<I | null>(null);
  hasFoundDraft = $state(false);
  isSaved = $state(false);
  #ways: Ways<I, V>;

  constructor(ways: Ways<I, V>) {
    this.#ways = ways;
  }

  get changed(): (keyof V & string)[] {
    return this.base === null || this.values === null ? [] : differing(this.base, $state.snapshot(this.values) as V);
  }

  async load(): Promise<void> {
    const item = await this.reading.ask((signal) => this.#ways.read(signal));
    if (item === null) return;
    const kept = keptDraft<V>(this.#ways.name);
    this.#take(item);
    if (kept !== null && this.base !== null) {
      // Where it was saved by another since, the version seen is the old one: saving finds the conflict.
      this.item = { ...item, version: kept.version };
      this.base = kept.base;
      this.values = kept.values;
      this.hasFoundDraft = true;
    }
  }

  #take(item: I): void {
    this.item = item;
    this.base = this.#ways.values(item);
    this.values = this.#ways.values(item);
    this.theirs = null;
    this.hasFoundDraft = false;
  }

  /** Keep what is not saved while another page is open. */
  keep(): void {
    if (this.item === null || this.base === null || this.values === null) return;
    const values = $state.snapshot(this.values) as V;
    keepDraft(this.#ways.name, this.item.version, this.base, this.#ways.keeps?.(values) ?? values);
  }

  /** Save. True where it is stored. */
  async save(): Promise<boolean> {
    if (this.item === null || this.values === null) return false;
    this.isSaved = false;
    const { version } = this.item;
    const values = $state.snapshot(this.values) as V;
    const item = await this.saving.ask(() => this.#ways.write(values, version));
    if (item === null) {
      // Another conflict, such as a name that is taken, is a refusal in words.
      const now = this.saving.error instanceof ApiProblem ? this.#ways.now(this.saving.error.problem) : null;
      if (now) {
        this.theirs = now;
        this.saving.stop();
      }
      return false;
    }
    dropDraft(this.#ways.name);
    this.#take(item);
    this.isSaved = true;
    return true;
  }

  loadTheirs(): void {
    if (this.theirs === null) return;
    dropDraft(this.#ways.name);
    this.#take(this.theirs);
  }

  keepMine(): void {
    if (this.theirs === null || this.base === null || this.values === null) return;
    const base = this.#ways.values(this.theirs);
    const values = (this.#ways.rebase ?? rebased)(this.base, $state.snapshot(this.values) as V, base);
    this.item = this.theirs;
    this.base = base;
    this.values = values;
    this.theirs = null;
  }

  /** Drop what was changed here, and look anew. */
  drop(): void {
    dropDraft(this.#ways.name);
    this.hasFoundDraft = false;
    this.saving.stop();
    void this.load();
  }

  /** The thing itself is gone: nothing of it is kept. */
  forget(): void {
    dropDraft(this.#ways.name);
    this.values = this.base;
  }
}
