/** Names of those who may sign in, by id; and what a type means. Both are asked for once, and again where something is
 *  missing, at most every 10 s. */

import { ApiProblem, get, NotReached, SignedOut } from "../api/client";
import type { CatalogueAnswer, ShelveReason, TypeItem, UsersAnswer } from "../api/types";
import { t } from "../texts";

const AGAIN_MS = 10_000;

/** Asks for one thing, now and then. */
class Now<T> {
  value = $state.raw<T | null>(null);
  #askedAt = -Infinity;
  #isAsking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly question: () => Promise<T>) {}

  /** Ask; where that was done a moment ago, a moment later. */
  want(): void {
    if (this.#isAsking) return;
    const wait_ms = this.#askedAt + AGAIN_MS - performance.now();
    if (wait_ms > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.want();
      }, wait_ms);
      return;
    }
    this.#isAsking = true;
    this.#askedAt = performance.now();
    this.question()
      .then((value) => {
        this.value = value;
      })
      .catch((error: unknown) => {
        if (!(error instanceof NotReached || error instanceof ApiProblem || error instanceof SignedOut)) throw error;
        setTimeout(() => this.want(), AGAIN_MS);
      })
      .finally(() => {
        this.#isAsking = false;
      });
  }
}

/** In so many answers one name may be missing before nobody asks for it again: who it belongs to may have come a moment
 *  ago, or be gone for ever. */
const TIMES_MAX = 3;

class People {
  #missed = new Map<string, { answer: ReadonlyMap<string, string> | null; times: number }>();
  #users = new Now(async () => {
    const { items } = await get<UsersAnswer>("/users");
    return new Map(items.map((user) => [user.id, user.name]));
  });

  load(): void {
    this.#users.want();
  }

  /** The name of somebody; null while it is not known. */
  name(id: string): string | null {
    const answer = this.#users.value;
    const name = answer?.get(id) ?? null;
    if (name !== null) return name;
    const missed = this.#missed.get(id) ?? { answer: null, times: 0 };
    if (missed.answer !== answer) this.#missed.set(id, { answer, times: missed.times + 1 });
    if (missed.times < TIMES_MAX) queueMicrotask(() => this.#users.want());
    return null;
  }
}

class Catalogue {
  #answer = new Now(() => get<CatalogueAnswer>("/catalogue"));
  #types = $derived(new Map((this.#answer.value?.types ?? []).map((type) => [type.type, type])));

  #limits = $derived(new Map((this.#answer.value?.time_to_claim.limits ?? []).map((one) => [`${one.hazard} ${one.priority}`, one.limit_s])));

  load(): void {
    this.#answer.want();
  }

  /** Every incident type. */
  get all(): readonly TypeItem[] {
    return this.#answer.value?.types ?? [];
  }

  get dispositions() {
    return this.#answer.value?.dispositions ?? null;
  }

  get reopenReasons() {
    return this.#answer.value?.reopen_reasons ?? null;
  }

  get shelveReasons() {
    return this.#answer.value?.shelve_reasons ?? null;
  }

  /** Why somebody shelved it, in words. */
  shelveWords(reason: ShelveReason): string {
    return this.shelveReasons?.find((one) => one.code === reason)?.words ?? t.shelveReasons[reason];
  }

  /** Within how many seconds it is to be claimed, by the chosen profile; null: that says nothing about it. */
  claimLimitS(incident: { hazard: string; priority: number }): number | null {
    return this.#limits.get(`${incident.hazard} ${incident.priority}`) ?? null;
  }

  type(code: string): TypeItem | null {
    return this.#types.get(code) ?? null;
  }
}

export const people = new People();
export const catalogue = new Catalogue();
