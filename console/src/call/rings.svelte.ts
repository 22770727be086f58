/** Calls of the telephone system, as this console knows them: asked for when a beat says that something changed. */

import { rings, type RingItem, takeRing } from "../api/rings";
import { newKey } from "../api/client";
import { live } from "../live/live.svelte";
import { session } from "../shell/session.svelte";
import { Loading } from "../ui/loading.svelte";

/** Asked again after so long, should a change have been missed. */
const AGAIN_MS = 20_000;

class Rings {
  items = $state.raw<readonly RingItem[]>([]);
  readonly asking = new Loading<Awaited<ReturnType<typeof rings>>>();
  readonly taking = new Loading<Awaited<ReturnType<typeof takeRing>>>();
  #keys = new Map<string, string>();
  #isAgain = false;
  #fresh = new Set<string>();

  /** Look until the returned function is called. */
  watch(): () => void {
    const timer = setInterval(() => void this.look(), AGAIN_MS);
    return () => clearInterval(timer);
  }

  async look(): Promise<void> {
    if (!session.may("call.take")) return;
    if (this.asking.isBusy) {
      this.#isAgain = true;
      return;
    }
    do {
      this.#isAgain = false;
      const found = await this.asking.ask((signal) => rings(signal));
      if (found !== null) this.items = found.items;
    } while (this.#isAgain);
  }

  /** Open the form of a call: its id, or null where that was refused. The same call again is the same command. */
  async take(ring: RingItem): Promise<string | null> {
    const key = this.#keys.get(ring.id) ?? newKey();
    this.#keys.set(ring.id, key);
    const form = await this.taking.ask(() => takeRing(ring.id, key));
    if (form !== null) this.#fresh.add(form.id);
    return form?.id ?? null;
  }

  /** This window has just opened the form of a call: its first field has the focus. */
  isFresh(call: string | null): boolean {
    return call !== null && this.#fresh.has(call);
  }

  /** The ring that a form was opened of. */
  ofCall(call: string | null): RingItem | null {
    return call === null ? null : (this.items.find((one) => one.call === call) ?? null);
  }
}

export const ringing = new Rings();
/** What the last beat said of them. */
export const changed = (): number => live.rings;
