/** What became of calls from this window, by incident and keyholder: ids and words of a closed list. The note in the time line
 *  is what others see. */

export const OUTCOMES = ["attends", "refuses", "busy", "no_answer"] as const;
export type Outcome = (typeof OUTCOMES)[number];
export interface Called { readonly outcome: Outcome; readonly at: number }

const INCIDENTS_MAX = 200;
const NOBODY: ReadonlyMap<string, Called> = new Map();

class CalledList {
  #all = $state.raw<ReadonlyMap<string, ReadonlyMap<string, Called>>>(new Map());

  of(incident: string): ReadonlyMap<string, Called> {
    return this.#all.get(incident) ?? NOBODY;
  }

  put(incident: string, keyholder: string, outcome: Outcome, at: number): void {
    const its = new Map(this.of(incident)).set(keyholder, { outcome, at });
    const others = [...this.#all].filter(([id]) => id !== incident).slice(1 - INCIDENTS_MAX);
    this.#all = new Map([...others, [incident, its]]);
  }
}

export const called = new CalledList();
