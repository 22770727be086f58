/** Parts of the queue that desks hand to each other, as the centre said last. */

import type { DeskItem, QueuePart, ShiftsAnswer } from "../api/shifts";
import type { Incident } from "../state/reducer";

class QueueParts {
  list: readonly QueuePart[] = $state.raw([]);
  desks: readonly DeskItem[] = $state.raw([]);
  /** The desk at which this person is on shift. */
  myDesk = $state<string | null>(null);
  /** Somebody wants to hand part of it over: the question stands in front of the page. */
  isHanding = $state(false);

  #deskOf: ReadonlyMap<string, string> = $derived(
    new Map(this.list.filter((part) => part.accepted_at !== null).flatMap((part) => part.incidents.map((id): [string, string] => [id, part.to_desk]))),
  );

  take(answer: ShiftsAnswer, me: string): void {
    this.list = answer.parts;
    this.desks = answer.desks;
    this.myDesk = answer.desks.find((desk) => desk.on.some((shift) => shift.user === me))?.id ?? null;
  }

  /** What stands on the desk that has it; null: it is the whole room's. */
  label(incident: Incident): string | null {
    const id = this.#deskOf.get(incident.id);
    return id === undefined || incident.state !== "open" ? null : this.labelOf(id);
  }

  labelOf(id: string): string {
    return this.desks.find((desk) => desk.id === id)?.label ?? "?";
  }

  isMine(incident: Incident): boolean {
    return this.myDesk !== null && this.#deskOf.get(incident.id) === this.myDesk;
  }
}

export const queueParts = new QueueParts();
