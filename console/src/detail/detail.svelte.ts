/** One incident, whole, as long as its detail is open: loaded again when it changes; texts and notes are read once, and
 *  again only when they changed, since each reading is a fact in the journal. */

import { ApiProblem, get, NotReached, SignedOut } from "../api/client";
import type { IncidentDetail, IncidentTexts } from "../api/types";
import { live } from "../live/live.svelte";
import type { Incident } from "../state/reducer";

/** A burst of signals loads it again at most so often. */
const SETTLE_MS = 400;
const RETRY_MS = 2_000;

export class OpenIncident {
  readonly id: string;
  answer = $state.raw<IncidentDetail | null>(null);
  texts = $state.raw<IncidentTexts | null>(null);
  trouble = $state<string | null>(null);
  textsTrouble = $state<string | null>(null);
  /** The row of the live state where that is newer, else as loaded. */
  incident: Incident | null = $derived.by(() => {
    const row = live.incidents.get(this.id) ?? null;
    const loaded = this.answer?.incident ?? null;
    if (row === null || loaded === null) return row ?? loaded;
    return row.version >= loaded.version ? row : loaded;
  });

  readonly #mayReadTexts: boolean;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isLoading = false;
  #mustLoad = false;
  #isClosed = false;
  #stop: () => void;

  constructor(id: string, mayReadTexts: boolean) {
    this.id = id;
    this.#mayReadTexts = mayReadTexts;
    this.#stop = live.listen({
      changed: ({ before, after, ids }) => {
        if (ids !== null && !ids.includes(id)) return;
        const is = after.incidents.get(id)?.version ?? after.gone.get(id);
        const was = before.incidents.get(id)?.version ?? before.gone.get(id);
        if (is !== was) this.#loadSoon();
      },
      personal: (incident) => {
        if (incident === id) void this.#readTexts();
      },
    });
    void this.load();
    void this.#readTexts();
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #loadSoon(waitMs = SETTLE_MS): void {
    if (this.#timer !== null || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.load();
    }, waitMs);
  }

  async load(): Promise<void> {
    if (this.#isLoading) {
      this.#mustLoad = true;
      return;
    }
    this.#isLoading = true;
    try {
      this.answer = await get<IncidentDetail>(`/incidents/${encodeURIComponent(this.id)}`);
      this.trouble = null;
    } catch (error) {
      if (error instanceof SignedOut) return;
      if (!(error instanceof ApiProblem || error instanceof NotReached)) throw error;
      this.trouble = error.message;
      if (error instanceof NotReached || error.status >= 500) this.#loadSoon(RETRY_MS);
    } finally {
      this.#isLoading = false;
      if (this.#mustLoad) {
        this.#mustLoad = false;
        this.#loadSoon();
      }
    }
  }

  async #readTexts(): Promise<void> {
    if (!this.#mayReadTexts || this.#isClosed) return;
    try {
      this.texts = await get<IncidentTexts>(`/incidents/${encodeURIComponent(this.id)}/texts`);
      this.textsTrouble = null;
    } catch (error) {
      if (error instanceof SignedOut) return;
      if (!(error instanceof ApiProblem || error instanceof NotReached)) throw error;
      this.textsTrouble = error.message;
    }
  }
}
