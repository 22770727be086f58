/** What takes two persons: who asks for what, and what became of it. Asked for every few seconds by whoever may have a say. */

import { ApiProblem, get, NotReached, post, SignedOut } from "../api/client";
import type { components } from "../api/schema";
import { session } from "./session.svelte";

export type Approval = components["schemas"]["ApprovalItem"];
export type TwoPersonsAct = Approval["act"];

const EVERY_MS = 2_500;
const HIDDEN_EVERY_MS = 10_000;

class Approvals {
  items = $state.raw<readonly Approval[]>([]);
  /** Server time in ms, once a second while something waits. */
  nowMs = $state(0);
  #users = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Look, until the returned function is called. */
  watch(): () => void {
    if (this.#users++ === 0) void this.#round();
    const second = setInterval(() => (this.nowMs = session.nowMs()), 1000);
    const seen = () => {
      if (document.visibilityState === "visible") void this.look();
    };
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearInterval(second);
      document.removeEventListener("visibilitychange", seen);
      if (--this.#users === 0) clearTimeout(this.#timer);
    };
  }

  async #round(): Promise<void> {
    clearTimeout(this.#timer);
    await this.look();
    if (this.#users > 0) this.#timer = setTimeout(() => void this.#round(), document.visibilityState === "visible" ? EVERY_MS : HIDDEN_EVERY_MS);
  }

  async look(): Promise<void> {
    if (!session.may("approval.use")) return;
    try {
      const { items } = await get<{ items: Approval[] }>("/approvals");
      this.nowMs = session.nowMs();
      this.items = items;
    } catch (error) {
      if (!(error instanceof ApiProblem || error instanceof NotReached || error instanceof SignedOut)) throw error;
    }
  }

  /** Ask for a second person. Raises what the client raises. */
  async ask(act: TwoPersonsAct, reason: string, subject: string | null, parameters: object): Promise<Approval> {
    const asked = await post<Approval>("/approvals", { act, reason, subject, parameters });
    this.#put(asked);
    return asked;
  }

  async answer(id: string, given: boolean): Promise<void> {
    this.#put(await post<Approval>(`/approvals/${id}/answer`, { given }));
  }

  async answerHere(id: string, who: { name: string; password: string; code: string | null }, given: boolean): Promise<Approval> {
    const answered = await post<Approval>(`/approvals/${id}/answer-here`, { ...who, given }, { timeoutS: 30 });
    this.#put(answered);
    return answered;
  }

  #put(item: Approval): void {
    this.nowMs = session.nowMs();
    const isThere = this.items.some((one) => one.id === item.id);
    this.items = isThere ? this.items.map((one) => (one.id === item.id ? item : one)) : [item, ...this.items];
  }
}

export const approvals = new Approvals();
