/** One incident, whole, as long as its detail is open: loaded again when it changes; texts and notes are read once, and
 *  again only when they changed or one is named that is not held, since each reading is a fact in the journal. */

import { ApiProblem, get, NotReached, SignedOut } from "../api/client";
import type { IncidentDetail, IncidentTexts } from "../api/types";
import { live } from "../live/live.svelte";
import type { Incident } from "../state/reducer";
import { forget, keepLoaded, keptOf } from "./kept.svelte";

/** A burst of signals loads it again at most so often. */
const SETTLE_MS = 400;
const RETRY_MS = 2_000;

export class OpenIncident {
  readonly id: string;
  answer = $state.raw<IncidentDetail | null>(null);
  texts = $state.raw<IncidentTexts | null>(null);
  trouble = $state<string | null>(null);
  textsTrouble = $state<string | null>(null);
  /** Server time in ms when `answer` was loaded. */
  loadedAt = $state<number | null>(null);
  /** The row of the live state where that is newer, else as loaded. */
  incident: Incident | null = $derived.by(() => {
    const row = live.incidents.get(this.id) ?? null;
    const loaded = this.answer?.incident ?? null;
    if (row === null || loaded === null) return row ?? loaded;
    return row.version >= loaded.version ? row : loaded;
  });

  readonly #mayReadTexts: () => boolean;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #textsTimer: ReturnType<typeof setTimeout> | null = null;
  #isReading = false;
  #mustRead = false;
  /** Notes that were named before a reading began: one that it did not bring is not asked for again. */
  readonly #asked = new Set<string>();
  #isLoading = false;
  #mustLoad = false;
  #isClosed = false;
  #stop: () => void;

  constructor(id: string, mayReadTexts: () => boolean) {
    this.id = id;
    this.#mayReadTexts = mayReadTexts;
    if (live.isStale) this.#recall();
    this.#stop = live.listen({
      changed: ({ before, after, ids }) => {
        if (ids !== null && !ids.includes(id)) return;
        const is = after.incidents.get(id)?.version ?? after.gone.get(id);
        const was = before.incidents.get(id)?.version ?? before.gone.get(id);
        if (is !== was) this.#loadSoon();
      },
      personal: (incident) => {
        if (incident !== id) return;
        this.#loadSoon(); // who was told, and who is coming, changes no version
        void this.#readTexts();
      },
    });
    void this.load();
    void this.#readTexts();
  }

  /** Something is new of it that changes no version, such as a call that somebody here had made. */
  loadSoon(): void {
    this.#loadSoon();
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#textsTimer !== null) clearTimeout(this.#textsTimer);
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
      this.loadedAt = live.serverMs();
      this.trouble = null;
      this.#keep();
      this.#readMissing();
    } catch (error) {
      if (error instanceof SignedOut) return;
      if (!(error instanceof ApiProblem || error instanceof NotReached)) throw error;
      this.trouble = error.message;
      if (isRefusal(error)) this.#drop();
      else this.#recall();
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
    if (!this.#mayReadTexts() || this.#isClosed) return;
    if (this.#isReading) {
      this.#mustRead = true;
      return;
    }
    this.#isReading = true;
    if (this.#textsTimer !== null) clearTimeout(this.#textsTimer);
    this.#textsTimer = null;
    for (const note of this.#named()) this.#asked.add(note);
    try {
      const texts = await get<IncidentTexts>(`/incidents/${encodeURIComponent(this.id)}/texts`);
      if (!this.#mayReadTexts()) return; // locked meanwhile
      this.texts = texts;
      this.textsTrouble = null;
      this.#keep();
    } catch (error) {
      if (error instanceof SignedOut) return;
      if (!(error instanceof ApiProblem || error instanceof NotReached)) throw error;
      this.textsTrouble = error.message;
      if (isRefusal(error)) {
        this.texts = null;
        this.#keep();
      } else this.#recall();
      if ((error instanceof NotReached || error.status >= 500) && !this.#isClosed) {
        this.#textsTimer = setTimeout(() => void this.#readTexts(), RETRY_MS);
      }
    } finally {
      this.#isReading = false;
      if (this.#mustRead) {
        this.#mustRead = false;
        void this.#readTexts();
      } else if (this.#textsTimer === null) this.#readMissing();
    }
  }

  /** What was loaded before in this window, where the centre does not tell. */
  #recall(): void {
    const kept = keptOf(this.id);
    if (kept === null) return;
    if (this.answer === null) {
      this.answer = kept.answer;
      this.loadedAt = kept.at;
    }
    if (this.#mayReadTexts()) this.texts ??= kept.texts;
  }

  #keep(): void {
    if (this.answer !== null && this.loadedAt !== null) keepLoaded(this.id, { answer: this.answer, texts: this.texts, at: this.loadedAt });
  }

  /** The centre shows this person the incident no more: nor does this window. */
  #drop(): void {
    forget(this.id);
    this.answer = null;
    this.texts = null;
    this.loadedAt = null;
  }

  /** The desk was locked: no text stays in the page. */
  hideTexts(): void {
    this.texts = null;
    this.textsTrouble = null;
    this.#asked.clear();
  }

  /** The desk was unlocked. */
  showTexts(): void {
    if (this.texts === null) void this.#readTexts();
  }

  #named(): string[] {
    return (this.answer?.timeline ?? []).flatMap((line) => line.note ?? []);
  }

  /** After a gap in the stream nobody may have said that texts changed; the time line tells. */
  #readMissing(): void {
    if (this.#isReading) return; // asked again once it is done
    const held = new Set(this.texts?.notes.map((note) => note.note));
    if (this.#named().some((note) => !held.has(note) && !this.#asked.has(note))) void this.#readTexts();
  }
}

/** The centre answered that this person may not see it, or that there is none. */
function isRefusal(error: ApiProblem | NotReached): boolean {
  return error instanceof ApiProblem && [403, 404, 410].includes(error.status);
}
