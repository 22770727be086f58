/** Holds the live stream for all windows of a workstation: loads the snapshot, follows the deltas, fetches names, comes
 *  back after a break. It runs in a SharedWorker, or in the window that leads; it never pauses. */

import { ApiProblem, address, get, NotReached, SignedOut } from "../api/client";
import type { Beat, Delta, IncidentItem, IncidentPage, PlacesAnswer } from "../api/types";
import { EMPTY, follows, type Incident, type LiveState, reduce } from "../state/reducer";
import { fetched, isSite, learn, type Names, NAMES_AT_ONCE, prune, wanted } from "../state/names";
import { type Link, STALE_S, type ToWindow } from "./messages";
import { EventParser, type ServerEvent } from "./sse";

/** Waits before trying again: 0.5, 1, 2, then every 2 s, each a quarter more or less so that consoles do not come together. */
export const BACKOFF_S = [0.5, 1, 2] as const;
const JITTER = 0.25;
const PAGE = 2_000;
const NAMES_MAX = 20_000;
const NAMES_SETTLE_MS = 50;
const NAMES_RETRY_MS = 5_000;

export function backoffS(attempt: number, random: number): number {
  const wait = BACKOFF_S[Math.min(attempt, BACKOFF_S.length - 1)] ?? 2;
  return wait * (1 + JITTER * (2 * random - 1));
}

/** Why the stream is left: `reload` loads everything anew, `again` goes on where it was. */
class Leave extends Error {
  constructor(readonly how: "reload" | "again") {
    super(how);
  }
}

export class LiveHub {
  #state: LiveState = EMPTY;
  #names: Names = new Map();
  #link: Link = { phase: "loading", loaded: 0, total: null, since: Date.now() };
  #beat: Beat | null = null;
  /** When the last thing came, and when the present try began; by the clock that is never set. */
  #heardAt = performance.now();
  #triedAt = performance.now();
  #attempt = 0;
  #isEnded = false;
  #connection: AbortController | null = null;
  #namesTimer: ReturnType<typeof setTimeout> | null = null;
  #tickTimer: ReturnType<typeof setInterval> | null = null;
  readonly #tell: (message: ToWindow) => void;

  constructor(tell: (message: ToWindow) => void) {
    this.#tell = tell;
  }

  /** All that a window needs to begin. */
  welcome(): ToWindow {
    return { type: "state", state: this.#state, names: this.#names, link: this.#link, beat: this.#beat };
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  start(): void {
    this.#tickTimer = setInterval(() => this.#tick(), 1000);
    void this.#run();
  }

  end(): void {
    this.#leave();
    if (this.#tickTimer !== null) clearInterval(this.#tickTimer);
  }

  /** The stream is over. The ticks go on: that it is over must be heard, on time. */
  #leave(): void {
    this.#isEnded = true;
    if (this.#namesTimer !== null) clearTimeout(this.#namesTimer);
    this.#connection?.abort();
  }

  async #run(): Promise<void> {
    let mustLoad = true;
    while (!this.#isEnded) {
      try {
        if (mustLoad) {
          await this.#load();
          mustLoad = false;
        }
        await this.#follow();
      } catch (error) {
        if (this.#isEnded) return;
        if (!isExpected(error)) console.error(error); // told, and tried again: nothing may end this but a sign-out
        if (error instanceof SignedOut) {
          this.#setLink({ phase: "signed-out" });
          this.#leave();
          return;
        }
        if (error instanceof ApiProblem && error.status === 403) {
          this.#setLink({ phase: "refused", why: error.message });
          this.#leave();
          return;
        }
        if (!isExpected(error) || (error instanceof Leave && error.how === "reload")) mustLoad = true;
        const waitS = backoffS(this.#attempt++, Math.random());
        if (this.#link.phase === "loading") this.#lose();
        if (this.#link.phase === "lost") this.#setLink({ ...this.#link, nextTryAt: Date.now() + waitS * 1000 });
        await new Promise((resolve) => setTimeout(resolve, waitS * 1000));
      }
    }
  }

  /** Load every open incident. What was shown before stays until all of it is there; at the first start each page shows. */
  async #load(): Promise<void> {
    const isFirst = this.#state.id === null;
    const items: IncidentItem[] = [];
    let live: string | null = null;
    let after: string | null = null;
    let names: Names = new Map(); // anew: a change may have been missed
    if (isFirst) this.#setLink({ phase: "loading", loaded: 0, total: null, since: Date.now() });
    do {
      const page: IncidentPage = await get<IncidentPage>("/incidents", { state: "open", limit: PAGE, after });
      live ??= page.live;
      items.push(...page.items);
      names = learn(names, page.items);
      after = page.next;
      if (isFirst && after !== null) {
        this.#state = reduce(this.#state, { kind: "page", items: page.items });
        this.#names = names;
        this.#tell({ type: "page", items: page.items });
        this.#setLink({ phase: "loading", loaded: items.length, total: page.total, since: Date.now() });
      }
    } while (after !== null && !this.#isEnded);
    this.#state = reduce(this.#state, { kind: "snapshot", id: live ?? "", items, config: this.#state.config });
    this.#names = names;
    this.#tell(this.welcome());
    this.#wantNames(this.#state.incidents.values());
  }

  /** Follow the stream until it breaks. */
  async #follow(): Promise<void> {
    const connection = new AbortController();
    this.#connection = connection;
    this.#triedAt = performance.now();
    try {
      const response = await fetch(address("/live"), {
        headers: { Accept: "text/event-stream", ...(this.#state.id === null ? {} : { "Last-Event-ID": this.#state.id }) },
        credentials: "same-origin",
        cache: "no-store",
        redirect: "error",
        signal: connection.signal,
      });
      if (response.status === 401) throw new SignedOut();
      if (!response.ok || response.body === null) {
        const detail = await response.text();
        if (response.status === 403) {
          throw new ApiProblem({ type: "", title: "", status: 403, code: "live.refused", detail: sentence(detail) });
        }
        throw new Leave("again");
      }
      const parser = new EventParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) throw new Leave("again");
        this.#heard();
        for (const event of parser.push(value)) this.#take(event);
      }
    } finally {
      connection.abort();
      this.#connection = null;
    }
  }

  #take(event: ServerEvent): void {
    if (event.event === "beat") {
      this.#beat = JSON.parse(event.data) as Beat;
      this.#tell({ type: "beat", beat: this.#beat });
      return;
    }
    if (event.event === "reset") throw new Leave("reload");
    if (event.event !== "delta" || event.id === null) return;
    const delta = JSON.parse(event.data) as Delta;
    const place = follows(this.#state.id, event.id, delta);
    if (place === "gap") throw new Leave("reload");
    if (place === "old") return;
    this.#state = reduce(this.#state, { kind: "delta", id: event.id, delta });
    this.#tell({ type: "delta", id: event.id, delta });
    const isReconfigured = delta.changes.some((change) => change.config);
    this.#wantNames(isReconfigured ? this.#state.incidents.values() : delta.changes.flatMap((change) => change.incident ?? []));
  }

  #heard(): void {
    this.#heardAt = performance.now();
    this.#attempt = 0;
    if (this.#link.phase !== "live") this.#setLink({ phase: "live" });
  }

  #tick(): void {
    this.#tell({ type: "tick" });
    const now = performance.now();
    if (now - this.#heardAt > STALE_S * 1000 && this.#link.phase === "live") this.#lose();
    // A dead socket says nothing: leave it.
    if (now - Math.max(this.#heardAt, this.#triedAt) > STALE_S * 1000) this.#connection?.abort(new Leave("again"));
  }

  #lose(): void {
    this.#setLink({ phase: "lost", since: Date.now() - (performance.now() - this.#heardAt), nextTryAt: null });
  }

  #setLink(link: Link): void {
    this.#link = link;
    this.#tell({ type: "link", link });
  }

  /** Fetch the names that these incidents lack, soon and together. */
  #wantNames(incidents: Iterable<Incident>, waitMs = NAMES_SETTLE_MS): void {
    if (this.#namesTimer !== null || this.#isEnded) return;
    if (wanted(this.#names, incidents, this.#state.config).length === 0) return;
    this.#namesTimer = setTimeout(() => {
      void this.#fetchNames().then((isDone) => {
        this.#namesTimer = null;
        this.#wantNames(this.#state.incidents.values(), isDone ? NAMES_SETTLE_MS : NAMES_RETRY_MS);
      });
    }, waitMs);
  }

  async #fetchNames(): Promise<boolean> {
    const { config } = this.#state;
    const ids = wanted(this.#names, this.#state.incidents.values(), config).slice(0, NAMES_AT_ONCE);
    try {
      const answer = await get<PlacesAnswer>("/places", { account_id: ids.filter((id) => !isSite(id)), site_id: ids.filter(isSite) });
      // Read at `config` or later: a newer change asks again.
      this.#names = fetched(this.#names, ids, answer.accounts, Math.max(config, answer.config), answer.sites);
      this.#names = prune(this.#names, this.#state.incidents.values(), NAMES_MAX);
      this.#tell({ type: "names", names: new Map([...this.#names].filter(([id]) => ids.includes(id))) });
      return true;
    } catch (error) {
      if (error instanceof NotReached || error instanceof ApiProblem || error instanceof SignedOut) return false;
      throw error;
    }
  }
}

/** What a bad connection makes: no reason to look for a mistake in this program. */
function isExpected(error: unknown): boolean {
  return (
    error instanceof Leave ||
    error instanceof NotReached ||
    error instanceof SignedOut ||
    error instanceof ApiProblem ||
    error instanceof TypeError || // fetch cannot reach, or the stream broke
    (error instanceof DOMException && error.name === "AbortError")
  );
}

/** The sentence of a problem, or what was said instead of one. */
function sentence(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === "string" ? detail : text;
  } catch {
    return text;
  }
}
