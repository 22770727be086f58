/** Parts that the first rows of the queue can do without. They come right behind these, unasked: the centre may be out of
 *  reach when one is wanted. One that is wanted sooner comes at once; one that does not come is asked for until it does. */

import type { Component } from "svelte";
import { said } from "../queue/said.svelte";
import { t } from "../texts";
import { session } from "./session.svelte";

/** After the first rows: they are painted before anything else is read. */
const AFTER_ROWS_MS = 100;
const RETRY_MS = 2_000;
const RETRY_MAX_MS = 60_000;

/** Style sheets that did not come. The next import would take them for loaded, and show its part bare. */
const missing = new Set<string>();

function noteStyles({ target }: Event): void {
  if (!(target instanceof HTMLLinkElement) || target.rel !== "stylesheet") return;
  missing.add(target.href);
  target.remove();
}

async function stylesAgain(): Promise<void> {
  for (const href of missing) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    await new Promise((resolve, reject) => {
      link.onload = resolve;
      link.onerror = reject;
      document.head.append(link);
    });
    missing.delete(href);
  }
}

class Part<P extends Record<string, unknown>> {
  /** Null until it is there. */
  here = $state.raw<Component<P> | null>(null);
  #waitMs = RETRY_MS;
  #isUnderWay = false;
  #isWanted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly load: () => Promise<{ default: Component<P> }>,
    private readonly permission: string | readonly string[] | null = null,
  ) {}

  /** Somebody waits for it: it is told where that takes longer than a moment. */
  want(): void {
    this.#isWanted = true;
    this.#waitMs = RETRY_MS;
    this.come();
  }

  /** Load it, unless it is there or on its way, or nothing that they may do needs it. */
  come(): void {
    if (this.here !== null || this.#isUnderWay || (this.permission !== null && !session.mayLater(this.permission))) return;
    clearTimeout(this.#timer);
    this.#isUnderWay = true;
    void this.#ask();
  }

  async #ask(): Promise<void> {
    try {
      await stylesAgain();
      this.here = (await this.load()).default;
    } catch {
      if (this.#isWanted) said.say(t.shell.partLate);
      this.#timer = setTimeout(() => this.come(), this.#waitMs);
      this.#waitMs = Math.min(this.#waitMs * 2, RETRY_MAX_MS);
    } finally {
      this.#isUnderWay = false;
    }
  }
}

export const parts = {
  approvals: new Part(() => import("./Approvals.svelte"), "approval.use"),
  /** A test that ends soon is told on every page, to those who see what starts no response. */
  onTestSoon: new Part(() => import("./OnTestSoon.svelte"), ["on_test.write", "own.tests"]),
  /** Help note, whom to call, warnings, and when the texts of an incident end. */
  help: new Part(() => import("../detail/help/Help.svelte"), ["help.read", "retention.read"]),
  /** What people reported of an incident. */
  reports: new Part(() => import("../call/Reports.svelte"), "help.read"),
  /** Its pictures. */
  stills: new Part(() => import("../detail/Stills.svelte"), "still.read"),
  /** The form of a call. */
  call: new Part(() => import("../call/CallForm.svelte"), "call.take"),
  talking: new Part(() => import("./Talking.svelte"), "call.take"),
  rings: new Part(() => import("../call/Rings.svelte"), "call.take"),
  /** What to do in an incident, step by step. */
  plan: new Part(() => import("../detail/plan/Plan.svelte"), "incident.texts"),
  /** The hold-up keys, on every page. */
  holdUp: new Part(() => import("./HoldUp.svelte"), "hold_up.press"),
  /** A shift that is handed to whoever looks, on every page. */
  shiftOffered: new Part(() => import("./ShiftOffered.svelte"), "shift.act"),
  find: new Part(() => import("../queue/Find.svelte"), "incident.read"),
  /** First steps, in the demo. */
  hints: new Part(() => import("../queue/Hints.svelte"), "incident.read"),
  keyList: new Part(() => import("../keys/KeyList.svelte")),
  soundCheck: new Part(() => import("../sound/Check.svelte")),
};

/** Load what is not there yet, once the first rows stand; until the returned function is called. */
export function comeAhead(): () => void {
  addEventListener("error", noteStyles, { capture: true });
  const timer = setTimeout(() => {
    for (const part of Object.values(parts)) part.come();
  }, AFTER_ROWS_MS);
  performance.mark("tocsin.rows"); // the bench counts what was read until here
  return () => {
    clearTimeout(timer);
    removeEventListener("error", noteStyles, { capture: true });
  };
}
