/** Calls of the telephone system, as this console knows them: asked for when a beat says that something changed. */

import { dial, type DialItem, type DialWhom, type RingItem, rings, takeRing } from "../api/rings";
import { newKey } from "../api/client";
import { live } from "../live/live.svelte";
import { session } from "../shell/session.svelte";
import { Loading } from "../ui/loading.svelte";

/** Asked again after so long, should a change have been missed. */
const AGAIN_MS = 20_000;

class Rings {
  items = $state.raw<readonly RingItem[]>([]);
  /** Calls that whoever is signed in had the telephone system make, the oldest first. */
  dials = $state.raw<readonly DialItem[]>([]);
  /** Does the telephone system call for this desk? */
  dialling = $state.raw<Awaited<ReturnType<typeof rings>>["dialling"]>("off");
  /** Somebody at this desk talks, until then at most, by the centre's clock in microseconds; null: nobody does. */
  inCallUntil = $state.raw<number | null>(null);
  /** Calls whose ringing is to be heard here. */
  sounding = $state.raw<ReadonlySet<string>>(new Set());
  readonly asking = new Loading<Awaited<ReturnType<typeof rings>>>();
  readonly taking = new Loading<Awaited<ReturnType<typeof takeRing>>>();
  #keys = new Map<string, string>();
  #isAgain = false;
  #fresh = new Set<string>();

  /** Look now and then, until the returned function is called; `changed` says when besides. */
  watch(): () => void {
    const timer = setInterval(() => void this.look(), AGAIN_MS);
    return () => clearInterval(timer);
  }

  async look(): Promise<void> {
    if (!session.may("call.take")) {
      this.#forget();
      return;
    }
    if (this.asking.isBusy) {
      this.#isAgain = true;
      return;
    }
    do {
      this.#isAgain = false;
      const found = await this.asking.ask((signal) => rings(signal));
      if (found !== null) {
        this.items = found.items;
        this.dials = found.dials;
        const versions: Record<string, string> = {};
        for (const one of found.dials) versions[one.incident] = `${versions[one.incident] ?? ""} ${one.version}`;
        live.dials = versions;
        this.dialling = found.dialling;
        this.inCallUntil = found.in_call_until;
        this.sounding = new Set(found.items.filter((one) => one.sounds).map((one) => one.id));
      }
    } while (this.#isAgain);
  }

  /** Nobody is signed in here, or the desk is locked: whoever comes is shown what is theirs. */
  #forget(): void {
    if (this.items.length + this.dials.length > 0) [this.items, this.dials] = [[], []];
    if (this.sounding.size > 0) this.sounding = new Set();
    this.dialling = "off";
    this.inCallUntil = null;
  }

  /** Have the telephone system call; what became of it. The same `key` again is the same call. */
  async dial(incident: string, whom: DialWhom, key: string): Promise<DialItem> {
    const made = await dial(incident, whom, key);
    this.dials = [...this.dials.filter((one) => one.id !== made.id), made];
    return made;
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
