/** The form of one call: what stands in it, and how far that is saved. From the first letter on the centre has it. */

import { ApiProblem, newKey, NotReached, SignedOut } from "../api/client";
import { beginCall, type CallDraft, type CallFormItem, saveCall } from "../api/calls";
import { noteOf, noteValues, type NoteValues } from "../detail/help/note";

const RETRY_MS = 2_000;
const TYPING_MS = 300;

export interface CallValues {
  where: string;
  exact: string;
  position: string;
  isUnclear: boolean;
  site: { id: string; name: string } | null;
  type: string | null;
  said: string;
  /** By the number of the question, from 1. */
  answers: Record<number, { said: string; words: string }>;
  note: NoteValues;
}

export const emptyValues = (): CallValues => ({ where: "", exact: "", position: "", isUnclear: false, site: null, type: null, said: "", answers: {}, note: noteValues(null) });

const kept = (text: string): string | null => text.trim() || null;

/** Degrees as somebody types or pastes them; null: they are none. */
export function positionOf(text: string): { latitude: number; longitude: number } | null {
  const found = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text);
  if (found === null) return null;
  const [latitude, longitude] = [Number(found[1]), Number(found[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}

export function draftOf(values: CallValues): CallDraft {
  const place = values.site !== null ? "site" : values.isUnclear ? "unclear" : kept(values.where) !== null ? "told" : null;
  const answers = Object.entries(values.answers)
    .filter(([, one]) => one.said !== "" || kept(one.words) !== null)
    .map(([number, one]) => ({ number: Number(number), said: one.said === "" ? null : one.said, words: kept(one.words) }));
  const at = positionOf(values.position);
  return {
    marks: { place, site_id: values.site?.id ?? null, type: values.type },
    words: {
      where: kept(values.where), exact: kept(values.exact), said: kept(values.said), answers,
      latitude: at?.latitude ?? null, longitude: at?.longitude ?? null, note: savedNote(values.note),
    },
  } as CallDraft;
}

/** What of the note can be saved as it stands: a part that is not whole yet waits for its missing choice. */
function savedNote(values: NoteValues) {
  const note = noteOf(values);
  const isCounting = Object.values(note.persons_in_need ?? {}).some((one) => typeof one === "number" && !Number.isInteger(one));
  return {
    ...note,
    persons_in_need: note.persons_in_need === null || note.persons_in_need?.told_by === ("" as never) || isCounting ? null : note.persons_in_need,
    missing: (note.missing?.harm_feared.length ?? 0) === 0 ? null : note.missing,
  };
}

export function valuesOf(draft: CallDraft, site: string | null): CallValues {
  const { marks, words } = draft;
  const at = words?.latitude != null && words.longitude != null ? `${words.latitude}, ${words.longitude}` : "";
  return {
    where: words?.where ?? "", exact: words?.exact ?? "", position: at, isUnclear: marks?.place === "unclear",
    site: marks?.site_id == null ? null : { id: marks.site_id, name: site ?? marks.site_id },
    type: marks?.type ?? null, said: words?.said ?? "",
    answers: Object.fromEntries((words?.answers ?? []).map((one) => [one.number, { said: one.said ?? "", words: one.words ?? "" }])),
    note: noteValues(words?.note ?? null),
  };
}

export class Saving {
  id = $state.raw<string | null>(null);
  phase = $state<"empty" | "saving" | "saved" | "not-saved" | "refused" | "lost">("empty");
  savedAt = $state.raw<number | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  /** The first saving, as it was sent: sent again it is the same. */
  #first: { readonly draft: CallDraft; readonly key: string } | null = null;
  #isDirty = false;
  #isLeft = false;
  #isBusy = false;
  #isEnded = false;
  /** The form itself is on its way: what is saved now would come too late. */
  #isHeld = false;
  #under: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #read: () => CallDraft;
  readonly #onbegun: (call: CallFormItem) => void;

  constructor(read: () => CallDraft, onbegun: (call: CallFormItem) => void) {
    this.#read = read;
    this.#onbegun = onbegun;
  }

  /** A letter was typed: the first goes at once, the next ones together. */
  typed(): void {
    this.#isDirty = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#pump(), this.id === null ? 0 : TYPING_MS);
  }

  /** A field was left: that is a fact, where something was typed since the last one. */
  left(): void {
    if (!this.#isDirty && this.phase !== "saved") return;
    this.#isDirty = this.#isLeft = true;
    clearTimeout(this.#timer);
    void this.#pump();
  }

  /** The form goes from the screen: what was typed last is sent all the same. */
  leave(): void {
    if (this.#isDirty && !this.#isHeld) {
      clearTimeout(this.#timer);
      void this.#pump();
    }
    this.end();
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
  }

  /** Save nothing more for now, since the whole form is sent: the call's id, begun now where it has not. Null: it could
   *  not be stored. */
  async hold(): Promise<string | null> {
    await this.#under;
    if (this.id === null) {
      this.#isDirty = true;
      await this.#pump();
    }
    clearTimeout(this.#timer);
    this.#isHeld = this.id !== null;
    return this.id;
  }

  /** It was not taken: go on saving. */
  release(): void {
    this.#isHeld = false;
    if (this.id !== null) this.typed();
  }

  #pump(): Promise<void> {
    if (this.#isBusy || this.#isEnded || this.#isHeld) return Promise.resolve();
    this.#under = this.#save();
    return this.#under;
  }

  async #save(): Promise<void> {
    this.#isBusy = true;
    try {
      while (this.#isDirty && !this.#isEnded && !this.#isHeld) {
        const isLeft = this.#isLeft;
        this.#isDirty = this.#isLeft = false;
        if (this.phase !== "not-saved") this.phase = "saving";
        if (!(await this.#send(isLeft))) return;
      }
    } finally {
      this.#isBusy = false;
    }
  }

  async #send(isLeft: boolean): Promise<boolean> {
    const draft = this.#read();
    try {
      let call: CallFormItem;
      if (this.id === null) {
        this.#first ??= { draft, key: newKey() };
        const first = this.#first;
        call = await beginCall(first.draft, first.key);
        this.id = call.id;
        this.#onbegun(call);
        if (JSON.stringify(first.draft) !== JSON.stringify(this.#read()) || isLeft) {
          this.#isDirty = true;
          this.#isLeft ||= isLeft;
        }
      } else call = await saveCall(this.id, draft, isLeft);
      this.phase = "saved";
      this.problem = null;
      this.savedAt = Date.now();
      return true;
    } catch (error) {
      if (error instanceof SignedOut) {
        this.phase = "not-saved";
        return false;
      }
      const isPassing = error instanceof NotReached || (error instanceof ApiProblem && (error.status >= 500 || error.status === 429));
      if (isPassing) {
        this.phase = "not-saved";
        this.#isDirty = true;
        this.#isLeft ||= isLeft;
        this.#timer = setTimeout(() => void this.#pump(), RETRY_MS);
        return false;
      }
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = error;
      if (this.id === null) this.#first = null;
      this.phase = error.status === 409 || error.status === 404 ? "lost" : "refused";
      return false;
    }
  }
}
