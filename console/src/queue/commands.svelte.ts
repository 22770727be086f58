/** Commands of this window: sent under a key of their own, until the server has answered. One that got no answer is sent
 *  again by itself for 60 s, then only when a person says so: what was right a minute ago may be wrong now. */

import { ApiProblem, newKey, NotReached, post, SignedOut } from "../api/client";
import type { PlanDetail } from "../api/incident_plans";
import type { CommandAnswer, Disposition, IncidentItem, ReopenReason, ShelveReason, WaiveReason } from "../api/types";
import { live } from "../live/live.svelte";

export type Act =
  | { readonly name: "claim"; readonly version: number; readonly take_over: boolean }
  | { readonly name: "release"; readonly version: number }
  | { readonly name: "note"; readonly text: string }
  | { readonly name: "close"; readonly version: number; readonly disposition: Disposition; readonly note: string | null; readonly waive: WaiveReason | null }
  | { readonly name: "reopen"; readonly version: number; readonly reason: ReopenReason }
  | { readonly name: "shelve"; readonly version: number; readonly reason: ShelveReason; readonly minutes: number }
  | { readonly name: "unshelve"; readonly version: number }
  | { readonly name: "merge"; readonly version: number; readonly into: string; readonly seen: number; readonly take_over: boolean }
  | { readonly name: "unmerge"; readonly version: number }
  | { readonly name: "split"; readonly version: number; readonly signals: readonly number[] }
  | { readonly name: "unsplit"; readonly version: number }
  // Of the action plan. The step that is named stands for the version: one whose turn it is no more is a conflict.
  | { readonly name: "plan/begin" }
  | { readonly name: "plan/step"; readonly step: string; readonly result: string; readonly of: string | null; readonly telephone: number | null; readonly asks: readonly string[] | null; readonly reference: string | null }
  | { readonly name: "plan/waive"; readonly step: string; readonly reason: WaiveReason; readonly all_undone: boolean }
  | { readonly name: "plan/next"; readonly step: string };

export interface Sent {
  readonly key: string;
  readonly incident: string;
  readonly number: number;
  readonly act: Act;
  readonly phase: "sending" | "not-sent" | "refused" | "conflict" | "signed-out";
  /** When a person last said that it shall be done, by the page's monotonic clock, in ms. */
  readonly saidAt: number;
  readonly problem: ApiProblem | null;
  /** Not before this: the server said how long it is busy. Same clock. */
  readonly notBefore: number;
}

export const REPLAY_S = 60;
const TIMEOUT_S = 8;

/** May this be sent again without asking? */
export function isFresh(sent: Pick<Sent, "saidAt">, nowMs: number): boolean {
  return nowMs - sent.saidAt <= REPLAY_S * 1000;
}

export function maySend(sent: Pick<Sent, "saidAt" | "notBefore">, nowMs: number): boolean {
  return isFresh(sent, nowMs) && nowMs >= sent.notBefore;
}

class Commands {
  /** What is under way or went wrong, oldest first. */
  list = $state.raw<readonly Sent[]>([]);

  /** The latest act that the server carried out for this window. */
  lastDone = $state.raw<{ readonly name: Act["name"]; readonly incident: string; readonly plan: PlanDetail | null } | null>(null);

  constructor() {
    live.listen({
      tick: () => {
        // Connected, and still something unsent that may go by itself.
        if (live.link.phase !== "live") return;
        for (const sent of this.list) if (sent.phase === "not-sent" && maySend(sent, performance.now())) void this.#send(sent);
      },
    });
  }

  /** What goes on with an incident; null where nothing does. The worst first. */
  of(incident: string): Sent | null {
    const its = this.list.filter((sent) => sent.incident === incident);
    return its.find((sent) => sent.phase !== "sending") ?? its[0] ?? null;
  }

  /** Is the same act on this incident under way? */
  isSending(incident: string, name: Act["name"]): boolean {
    return this.list.some((sent) => sent.incident === incident && sent.act.name === name && sent.phase === "sending");
  }

  /** Do it. True once the server says that it is done. */
  async run(incident: Pick<IncidentItem, "id" | "number">, act: Act): Promise<boolean> {
    if (this.isSending(incident.id, act.name)) return false;
    // A new try replaces what went wrong with the same act before.
    this.list = this.list.filter((sent) => !(sent.incident === incident.id && sent.act.name === act.name && act.name !== "note"));
    const sent: Sent = { key: newKey(), incident: incident.id, number: incident.number, act, phase: "sending", saidAt: performance.now(), problem: null, notBefore: 0 };
    this.list = [...this.list, sent];
    return this.#send(sent);
  }

  /** A person says that it shall still be done. */
  retry(sent: Sent): Promise<boolean> {
    return this.#send({ ...sent, saidAt: performance.now() });
  }

  drop(sent: Sent): void {
    this.list = this.list.filter((one) => one.key !== sent.key);
  }

  async #send(sent: Sent): Promise<boolean> {
    this.#set({ ...sent, phase: "sending", problem: null });
    const { name, ...body } = sent.act;
    try {
      const answer = await post<CommandAnswer & { readonly plan?: PlanDetail | null }>(`/incidents/${encodeURIComponent(sent.incident)}/${name}`, body, {
        idempotencyKey: sent.key,
        timeoutS: TIMEOUT_S,
      });
      live.answered(answer.incident);
      this.drop(sent);
      this.lastDone = { name, incident: sent.incident, plan: answer.plan ?? null };
      return true;
    } catch (error) {
      if (error instanceof SignedOut) {
        this.#set({ ...sent, phase: "signed-out" }); // said, and never sent again: somebody else may sit here next
        return false;
      }
      if (error instanceof ApiProblem) {
        if (error.incident !== null) live.answered(error.incident);
        // Too busy, or a fault of the centre: it may still have been done, and the same key tells.
        const isPassing = error.status >= 500 || error.status === 429;
        const notBefore = performance.now() + (error.retryAfterS ?? 0) * 1000;
        this.#set({ ...sent, phase: isPassing ? "not-sent" : error.status === 409 ? "conflict" : "refused", problem: error, notBefore });
        return false;
      }
      if (!(error instanceof NotReached)) throw error;
      this.#set({ ...sent, phase: "not-sent", problem: null });
      return false;
    }
  }

  #set(sent: Sent): void {
    this.list = this.list.map((one) => (one.key === sent.key ? sent : one));
  }
}

export const commands = new Commands();
