/** Keys of the console. One list: what is listed under `?` is what works. Off while somebody types in a field. */

import { PAGES } from "../pages";
import { router } from "../router.svelte";
import { kept, keep } from "../shell/looks.svelte";
import { session } from "../shell/session.svelte";

/** What keys can do; `keys.use` gives each its deed, in the page where it makes sense. */
export const ACTS = ["next", "previous", "claim", "open", "back", "note", "close", "plan", "help", "call", "place", "regroup", "shelve", "unfold", "fold", "explain", "top", "find", "report", "talk", "silence", "lock", "keys"] as const;
export type Act = (typeof ACTS)[number];

/** As `KeyboardEvent.key` names them. */
export const DEFAULTS: Readonly<Record<Act, readonly string[]>> = {
  next: ["j", "ArrowDown"],
  previous: ["k", "ArrowUp"],
  claim: [" "],
  open: ["Enter"],
  back: ["Escape"],
  note: ["n"],
  close: ["c"],
  plan: ["p"],
  help: ["h"],
  call: ["o"],
  place: ["v"],
  regroup: ["m"],
  shelve: ["s"],
  unfold: ["ArrowRight", "+"],
  fold: ["ArrowLeft", "-"],
  explain: ["x"],
  top: ["Home"],
  find: ["/"],
  report: ["N"],
  talk: ["F2"],
  silence: ["F9"],
  lock: ["F4"],
  keys: ["?"],
};

/** After `g`, so long for the page's key. */
const GO_MS = 1_500;

/** What these keys do in a control that has the focus is the control's own affair. */
const OF_CONTROLS = new Set([" ", "Enter", "ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft", "Home"]);

/** So long after its key the page of a call may take to come; what is typed meanwhile is meant for it. */
const REPORT_MS = 1500;

/** These work while somebody types, and in front of a dialog. */
const ALWAYS = new Set(["F2", "F4", "F9"]);

/** In a part that scrolls, these scroll it. */
const OF_SCROLLING = new Set(["ArrowDown", "ArrowUp", "Home"]);

export type Deeds = Partial<Record<Act, (event: KeyboardEvent) => void>>;

class Keys {
  isSingleOn = $state(kept("tocsin.singleKeys", ["on", "off"], "on") === "on");
  /** Keys that somebody chose instead of the usual ones. */
  own = $state.raw<Readonly<Partial<Record<Act, string>>>>(read());
  #deeds: Deeds[] = [];
  #quiet = 0;
  #reportSince = -Infinity;
  #goSince = -Infinity;

  /** Until the returned function is called, keys do these; the latest who names an act has it. */
  use(deeds: Deeds): () => void {
    this.#deeds.push(deeds);
    return () => {
      this.#deeds = this.#deeds.filter((one) => one !== deeds);
    };
  }

  /** While somebody types a call: a letter that misses its field is no command, not to an incident and not to the page. */
  quieten(): () => void {
    this.#quiet += 1;
    this.#reportSince = -Infinity; // it stands: from here on it tells itself when it is gone
    return () => void (this.#quiet -= 1);
  }

  of(act: Act): readonly string[] {
    const own = this.own[act];
    return own === undefined ? DEFAULTS[act] : [own];
  }

  setSingle(isOn: boolean): void {
    this.isSingleOn = isOn;
    keep("tocsin.singleKeys", isOn ? "on" : "off");
  }

  /** Give an act another key; null: the usual ones. Whatever had that key loses it to this act. */
  remap(act: Act, key: string | null): void {
    const own = { ...this.own };
    if (key === null) delete own[act];
    else own[act] = key;
    this.own = own;
    keep("tocsin.keys", JSON.stringify(own));
  }

  start(): void {
    addEventListener("keydown", (event) => this.#pressed(event));
  }

  #pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && !isTyping(event.target instanceof Element ? event.target : null)) {
      // A call is taken by Ctrl+Enter too, which needs no single keys. Where somebody types, it sends what they typed.
      if (document.querySelector("dialog[open]") === null) this.#report(event);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isInDialog = document.querySelector("dialog[open]") !== null;
    const target = event.target instanceof Element ? event.target : null;
    if (isTyping(target) && !ALWAYS.has(event.key)) return;
    const isQuiet = this.#quiet > 0 || event.timeStamp - this.#reportSince < REPORT_MS;
    if (isQuiet && event.key !== "Escape" && !ALWAYS.has(event.key)) return;
    if (isInDialog && !ALWAYS.has(event.key)) return;
    const isSingle = event.key.length === 1 && event.key !== " ";
    if (isSingle && !this.isSingleOn) return;

    if (event.timeStamp - this.#goSince < GO_MS) {
      this.#goSince = -Infinity;
      const page = PAGES.find((one) => one.key === event.key && session.may(one.permission));
      if (page !== undefined) {
        event.preventDefault();
        router.go(`/${page.path}`);
      }
      return;
    }
    if (event.key === "g") {
      this.#goSince = event.timeStamp;
      return;
    }
    const act = this.#actOf(event.key);
    if (act === null) return;
    if (OF_CONTROLS.has(event.key) && isControl(target, event.key)) return;
    if (OF_SCROLLING.has(event.key) && target?.closest("[data-own-arrows]")) return;
    if (event.repeat && act !== "next" && act !== "previous") return;
    const deed = this.#deeds.findLast((one) => one[act] !== undefined)?.[act];
    if (deed === undefined) return;
    event.preventDefault();
    if (act === "report") this.#report(event);
    else deed(event);
  }

  #report(event: KeyboardEvent): void {
    const deed = this.#deeds.findLast((one) => one.report !== undefined)?.report;
    if (deed === undefined) return;
    this.#reportSince = event.timeStamp;
    deed(event);
  }

  #actOf(key: string): Act | null {
    return ACTS.find((act) => this.own[act] === key) ?? ACTS.find((act) => this.own[act] === undefined && DEFAULTS[act].includes(key)) ?? null;
  }
}

function isTyping(target: Element | null): boolean {
  if (target === null) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || (target instanceof HTMLElement && target.isContentEditable);
}

/** Does it have a use of its own for Space, Enter, arrows or Home? The queue's grid has none, and a button none for Home. */
function isControl(target: Element | null, key: string): boolean {
  const users = "input, select, textarea, [role=tab], [role=menuitem], [data-own-keys]";
  return target !== null && target.closest(key === "Home" ? users : `a, button, summary, ${users}`) !== null;
}

function read(): Partial<Record<Act, string>> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem("tocsin.keys") ?? "{}");
    if (typeof stored !== "object" || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter(([act, key]) => (ACTS as readonly string[]).includes(act) && typeof key === "string" && key !== ""));
  } catch {
    return {};
  }
}

export const keys = new Keys();
