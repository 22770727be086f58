/** What this window knows of the centre, and when it paints it: once a frame at most, however much comes in. */

import type { Beat, IncidentItem, UnknownSummary } from "../api/types";
import { arrange, count, type Counts, rearrange } from "../state/order";
import { EMPTY, type Incident, type LiveEvent, type LiveState, reduce } from "../state/reducer";
import { learn, type Names } from "../state/names";
import { ServerClock } from "./clock";
import { connectLive, type Connection } from "./connect";
import { type Link, STALE_S, type ToWindow } from "./messages";

/** What an incident did while this console was not connected. */
export interface Missed {
  readonly incident: Incident;
  readonly what: "opened" | "changed" | "closed";
}

/** Incidents are other than they were. */
export interface Changed {
  readonly before: LiveState;
  readonly after: LiveState;
  /** Which of them; null: any. */
  readonly ids: readonly string[] | null;
  /** What is new came in just now, and was not there when this window was opened. */
  readonly isNew: boolean;
}

/** The ids of whatever may have changed. */
export function idsOf({ before, after, ids }: Changed): Iterable<string> {
  return ids ?? new Set([...before.incidents.keys(), ...after.incidents.keys()]);
}

/** Called as things come in, also in a hidden window, which neither paints nor keeps time. */
export interface Listener {
  changed?(change: Changed): void;
  personal?(incident: string): void;
  tick?(): void;
}

const SETTLE_MS = 1_000;
const COUNTED_MS = 2_000;
/** Whoever holds the stream ticks once a second: after so long without a word it is not there. */
const SILENT_MS = 2_500;
/** After so long another one takes its place. */
const DEAD_MS = 10_000;
/** And no sooner than after so many looks: a computer that slept must hear its holder wake. */
const DEAD_LOOKS = 4;

class Live {
  // Painted: changed at most once a frame.
  rows = $state.raw<readonly Incident[]>([]);
  incidents = $state.raw<ReadonlyMap<string, Incident>>(EMPTY.incidents);
  /** How many are open, as shown: numbers that people read change at most every 2 s. */
  shownCounts = $state.raw<Counts>(count([]));
  names = $state.raw<Names>(new Map());
  link = $state.raw<Link>({ phase: "loading", loaded: 0, total: null, since: Date.now() });
  unknown = $state.raw<UnknownSummary | null>(null);
  missing = $state.raw<readonly string[]>([]);
  lastSignalAt = $state.raw<number | null>(null);
  /** Incidents announced in the last ten minutes, in the whole room; null before the first beat. */
  load = $state.raw<number | null>(null);
  /** An alarm flood goes on since then, in microseconds; null: none does. */
  stormSince = $state.raw<number | null>(null);
  /** Changes whenever calls of the telephone system do. */
  rings = $state(0);
  /** What became last of the calls that were made here, by incident: its time line is read again. */
  dials = $state.raw<Readonly<Record<string, string>>>({});
  config = $state(0);
  /** Server time in ms since 1970, whole seconds; null before it is known. Moves only in a window that is seen. */
  nowMs = $state<number | null>(null);
  workstationOffS = $state(0);
  /** What changed while away; null where nothing did, or it was put away. */
  missed = $state.raw<readonly Missed[] | null>(null);

  #state: LiveState = EMPTY;
  #allNames: Names = new Map();
  #clock = new ServerClock();
  #listeners = new Set<Listener>();
  #frame = 0;
  /** What changed since the last painting; null: anything. */
  #unpainted: Set<string> | null = null;
  #heardAt = performance.now();
  /** When the holder of the stream said anything, and how often it was looked for since. */
  #holderAt = performance.now();
  #looks = 0;
  #connection: Connection | null = null;
  #beforeLoss: LiveState | null = null;
  #backAt: number | null = null;
  #isConnected = false;
  #countedAt = -Infinity;
  #isCounting = false;

  /** The state as it is now, painted or not. */
  get state(): LiveState {
    return this.#state;
  }

  get isStale(): boolean {
    return this.link.phase === "lost" || this.link.phase === "refused" || this.link.phase === "signed-out";
  }

  get isLoaded(): boolean {
    return this.#state.id !== null;
  }

  /** Follow the stream for this user. `nowMs`: the server's time just now, until its first beat. */
  connect(user: string, nowMs: number): void {
    if (this.#isConnected) return;
    this.#isConnected = true;
    this.#clock.beat(nowMs, performance.now(), Date.now());
    this.#holderAt = performance.now();
    this.#connection = connectLive(user, (message) => this.#take(message));
    const second = () => {
      this.#second();
      const now = this.serverMs();
      setTimeout(second, 1000 - (now === null ? 0 : now % 1000));
    };
    second();
    document.addEventListener("visibilitychange", () => this.#second());
  }

  /** Any request found the session over: what is shown is old from now on. */
  signedOut(): void {
    if (this.link.phase !== "signed-out") this.#setLink({ phase: "signed-out" });
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Server time in ms since 1970; null before the first beat. */
  serverMs(): number | null {
    return this.#clock.now(performance.now());
  }

  /** Take a row that the server answered with: it counts at once. */
  answered(incident: IncidentItem): void {
    this.#allNames = learn(this.#allNames, [incident]);
    this.#reduce({ kind: "row", incident }, true);
  }

  #take(message: ToWindow): void {
    this.#holderAt = performance.now();
    this.#looks = 0;
    switch (message.type) {
      case "state": {
        const before = this.#state;
        if (before.id !== null && message.state.id === null) {
          this.#setLink(message.link); // a new holder that knows nothing yet: what is shown stays until it does
          return;
        }
        this.#state = message.state;
        this.#allNames = message.names;
        if (message.beat !== null) this.#beat(message.beat, false);
        this.#setLink(message.link);
        this.#tell({ before, after: this.#state, ids: null, isNew: before.id !== null });
        return;
      }
      case "page":
        this.#allNames = learn(this.#allNames, message.items);
        this.#reduce({ kind: "page", items: message.items }, false);
        return;
      case "delta":
        this.#heardAt = performance.now();
        this.#reduce({ kind: "delta", id: message.id, delta: message.delta }, true);
        for (const { personal } of message.delta.changes) {
          if (personal) for (const listener of this.#listeners) listener.personal?.(personal);
        }
        return;
      case "names":
        this.#allNames = new Map([...this.#allNames, ...message.names]);
        this.#paintSoon();
        return;
      case "beat":
        this.#beat(message.beat, true);
        return;
      case "link":
        this.#setLink(message.link);
        return;
      case "tick":
        this.#tick();
        return;
    }
  }

  #tick(): void {
    this.#watch();
    for (const listener of this.#listeners) listener.tick?.();
  }

  #reduce(event: LiveEvent, isNew: boolean): void {
    const before = this.#state;
    this.#state = reduce(before, event);
    if (this.#state === before) return;
    this.#tell({ before, after: this.#state, ids: touched(event), isNew });
  }

  #tell(change: Changed): void {
    if (change.ids === null) this.#unpainted = null;
    else if (this.#unpainted !== null) for (const id of change.ids) this.#unpainted.add(id);
    for (const listener of this.#listeners) listener.changed?.(change);
    this.#paintSoon();
  }

  #beat(beat: Beat, isFresh: boolean): void {
    this.unknown = beat.unknown;
    this.missing = beat.missing;
    this.lastSignalAt = beat.last_signal_at;
    this.load = beat.load ?? null;
    this.stormSince = beat.storm_since ?? null;
    this.rings = beat.rings ?? 0;
    if (!isFresh) return; // as old as it may be: it tells no time
    this.#heardAt = performance.now();
    this.#clock.beat(beat.now / 1000, this.#heardAt, Date.now());
    this.workstationOffS = this.#clock.workstationOffS;
    if (this.nowMs === null) this.#second();
  }

  #setLink(link: Link): void {
    const before = this.link;
    this.link = link;
    if (link.phase === "live") this.#heardAt = performance.now();
    if (link.phase === "lost" && before.phase === "live") {
      this.#beforeLoss ??= this.#state;
      this.#backAt = null;
      this.missed = null;
    } else if (link.phase === "live" && this.#beforeLoss !== null) this.#backAt = performance.now();
  }

  /** Once a second: whoever holds the stream may itself be gone; and a while after coming back, what was missed. */
  #watch(): void {
    if (this.#backAt === null || this.#beforeLoss === null || performance.now() - this.#backAt < SETTLE_MS) return;
    const missed = difference(this.#beforeLoss, this.#state);
    this.#beforeLoss = null;
    this.#backAt = null;
    this.missed = missed;
  }

  #second(): void {
    if (this.link.phase === "live" && performance.now() - this.#heardAt > (STALE_S + 1) * 1000) {
      // Not even the holder of the stream speaks: it is dead, or this computer slept.
      this.#setLink({ phase: "lost", since: Date.now() - (performance.now() - this.#heardAt), nextTryAt: null });
    }
    this.#holder();
    if (document.hidden) return;
    const now = this.serverMs();
    this.nowMs = now === null ? null : Math.floor(now / 1000) * 1000;
  }

  /** The holder of the stream may be dead. What must happen on time then hangs on this window, and soon on another holder. */
  #holder(): void {
    const silentMs = performance.now() - this.#holderAt;
    if (silentMs < SILENT_MS) return;
    this.#looks++;
    if (silentMs >= DEAD_MS && this.#looks >= DEAD_LOOKS) {
      this.#holderAt = performance.now();
      this.#looks = 0;
      this.#connection?.renew();
    }
    this.#tick();
  }

  #count(): void {
    const waitMs = COUNTED_MS - (performance.now() - this.#countedAt);
    const isFirst = this.shownCounts.open.every((one) => one === 0);
    const p1 = count(this.rows).open[1];
    if (waitMs <= 0 || isFirst || p1 !== this.shownCounts.open[1]) {
      this.#countedAt = performance.now();
      this.shownCounts = count(this.rows);
    } else if (!this.#isCounting) {
      this.#isCounting = true;
      setTimeout(() => {
        this.#isCounting = false;
        this.#count();
      }, waitMs);
    }
  }

  #paintSoon(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const { incidents, config } = this.#state;
      if (incidents !== this.incidents) {
        this.rows = this.#unpainted === null ? arrange(this.rows, incidents) : rearrange(this.rows, this.incidents, incidents, this.#unpainted);
        this.#unpainted = new Set();
        this.incidents = incidents;
        this.#count();
      }
      this.names = this.#allNames;
      this.config = config;
    });
  }
}

/** Incidents that an event tells of. */
function touched(event: LiveEvent): string[] {
  switch (event.kind) {
    case "delta":
      return event.delta.changes.flatMap((change) => change.incident?.id ?? []);
    case "row":
      return [event.incident.id];
    default:
      return event.items.map((item) => item.id);
  }
}

/** What is other in `after` than in `before`; the most urgent first. */
export function difference(before: LiveState, after: LiveState): Missed[] {
  const missed: Missed[] = [];
  for (const incident of after.incidents.values()) {
    const known = before.incidents.get(incident.id);
    if (known === undefined) missed.push({ incident, what: "opened" });
    else if (known.version !== incident.version) missed.push({ incident, what: "changed" });
  }
  for (const incident of before.incidents.values()) {
    if (!after.incidents.has(incident.id)) missed.push({ incident, what: "closed" });
  }
  return missed.sort((a, b) => a.incident.priority - b.incident.priority || a.incident.number - b.incident.number);
}

export const live = new Live();
