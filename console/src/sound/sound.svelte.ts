/** The sound of this workstation: one window makes it, and every window knows whether anybody can hear it. It is driven by
 *  what comes in, never by timers of the page, which sleep in hidden windows. */

import { ApiProblem, NotReached, post, SignedOut } from "../api/client";
import { type Changed, idsOf, live } from "../live/live.svelte";
import { session } from "../shell/session.svelte";
import { EMPTY } from "../state/reducer";
import { isBehind } from "../state/storm";
import { t } from "../texts";
import { readChecked, writeChecked } from "./checked";
import { leadSound, type Leading, type Standing } from "./leader";
import { back, isRingWanted, levelDb, next, NO_TALK, observe, type Plan, SILENT, silence, type Talk } from "./plan";
import { type Playing, play } from "./play";
import { lengthMs, NAMES, type SoundName, SOUNDS } from "./table";

export type Trouble = "untested" | "blocked" | "broken" | null;

/** The context's clock stood still for so many ticks: nothing reaches a loudspeaker. */
const STUCK_TICKS = 3;
const SAID_MS = 6_000;

/** What this desk does by telephone; it comes behind the first rows (`shell/Talking`). */
export interface Telephone {
  talk(): Talk;
  /** On and off; what that means, in words. */
  toggle(): string;
  readonly level_db: number;
}

class SoundDesk {
  telephone: Telephone | null = null;
  /** Why nobody may hear an alarm here; null: the sound was tested and works, here or in another window. */
  trouble = $state<Trouble>("untested");
  isElsewhere = $state(false);
  /** What a key did, in words; gone after a while. */
  said = $state("");
  /** Which sound of the check plays now. */
  checking = $state<SoundName | null>(null);

  #context: AudioContext | null = null;
  #plan: Plan = SILENT;
  #playing: Playing | null = null;
  #playingName: SoundName | null = null;
  #leading: Leading | null = null;
  #isChecked = false;
  #stuck = 0;
  #clockBefore = -1;
  #saidAt = 0;
  #hasStarted = false;
  #wasInCall = false;

  start(): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    this.#isChecked = readChecked(session.answer);
    live.listen({
      changed: (change) => this.#observe(change),
      tick: () => this.#tick(),
    });
    this.#observe({ before: EMPTY, after: live.state, ids: null, isNew: false });
    this.#leading = leadSound(() => this.#standing());
    // A window that was tested and then loaded anew is mute until somebody touches it.
    const touched = () => {
      if (this.#isChecked) void this.unlock().then((isOn) => isOn && this.once("p4"));
      removeEventListener("pointerdown", touched, true);
      removeEventListener("keydown", touched, true);
    };
    addEventListener("pointerdown", touched, true);
    addEventListener("keydown", touched, true);
    this.#judge();
  }

  /** Make sound possible; needs a click or a key. True where it is. */
  async unlock(): Promise<boolean> {
    try {
      this.#context ??= this.#makeContext();
      if (this.#context.state !== "running") await this.#context.resume();
    } catch {
      this.trouble = "broken";
      return false;
    }
    this.#leading?.consider();
    this.#judge();
    return this.#context.state === "running";
  }

  #makeContext(): AudioContext {
    const context = new AudioContext({ latencyHint: "interactive" });
    context.onstatechange = () => this.#judge();
    return context;
  }

  /** Play every sound once; false where there is no sound. */
  async playAll(): Promise<boolean> {
    if (!(await this.unlock())) return false;
    for (const name of NAMES) {
      this.checking = name;
      this.once(name);
      await new Promise((resolve) => setTimeout(resolve, lengthMs(SOUNDS[name]) + 500));
      if (this.checking === null) return true; // broken off
    }
    this.checking = null;
    return true;
  }

  stopAll(): void {
    this.checking = null;
  }

  /** What the person at the desk heard; it stands in the journal. Null where it does, else why not. */
  async report(heard: boolean): Promise<string | null> {
    this.#isChecked = heard;
    writeChecked(session.answer, heard);
    this.#leading?.tick(); // one that was heard may have to take over, at once
    this.#judge();
    if (!session.may("desk.act")) return null;
    try {
      await post("/desk/sound-check", { heard });
      return null;
    } catch (error) {
      if (error instanceof ApiProblem || error instanceof NotReached || error instanceof SignedOut) return error.message;
      throw error;
    }
  }

  /** F2: somebody at this desk talks, or not any more. */
  talk(): void {
    if (this.telephone === null) return;
    this.#say(this.telephone.toggle());
    this.#turn();
  }

  /** What rings, or who talks, has changed. */
  look(): void {
    if (this.#hasStarted) this.#turn();
  }

  /** F9. */
  silence(): void {
    const { plan, what } = silence(this.#plan, this.#isLost(), this.#talk());
    this.#plan = plan;
    if (this.#playingName !== "p1") this.#stop();
    this.#say(what === "p1" ? t.sound.p1Stays : what === "silenced" ? t.sound.silenced : t.sound.nothing);
    this.#leading?.tellSilence();
  }

  #observe(change: Changed): void {
    const changes = Array.from(idsOf(change), (id) => ({
      id,
      before: change.before.incidents.get(id),
      after: change.after.incidents.get(id),
    }));
    this.#plan = observe(this.#plan, changes, performance.now() / 1000, change.isNew, (one) => isBehind(one, change.after.incidents.values(), live.stormSince));
    this.#turn();
  }

  #say(words: string): void {
    this.said = words;
    this.#saidAt = performance.now();
  }

  #talk(): Talk {
    return this.telephone?.talk() ?? NO_TALK;
  }

  #isLost(): boolean {
    return live.isStale; // signed out too: nothing that happens is heard here
  }

  #standing(): Standing {
    if (this.#context?.state !== "running" || this.#stuck >= STUCK_TICKS) return null;
    if (!this.#isChecked) return "untested";
    return live.link.phase === "signed-out" || live.link.phase === "refused" ? "ended" : "good";
  }

  #tick(): void {
    if (live.link.phase === "live") this.#plan = back(this.#plan);
    if (this.said !== "" && performance.now() - this.#saidAt > SAID_MS) this.said = "";
    const context = this.#context;
    if (context !== null && context.state === "running") {
      this.#stuck = context.currentTime === this.#clockBefore ? this.#stuck + 1 : 0;
      this.#clockBefore = context.currentTime;
    }
    this.#leading?.tick();
    this.isElsewhere = this.#leading?.isElsewhere() ?? false;
    if (this.#leading?.wasSilenced()) {
      this.#plan = silence(this.#plan, this.#isLost(), this.#talk()).plan;
      if (this.#playingName !== "p1") this.#stop();
    }
    this.#judge();
    this.#turn();
  }

  /** Begin what is due, end what is not wanted any more. */
  #turn(): void {
    const context = this.#context;
    const isMine = context !== null && context.state === "running" && (this.#leading?.isMine ?? false);
    const now = performance.now() / 1000;
    const isP1Wanted = [...this.#plan.since.values()].some((one) => one.priority === 1);
    const talk = this.#talk();
    if ((this.#playingName === "p1" || this.#playingName === "soft") && !isP1Wanted) this.#stop();
    if (this.#playingName === "ring" && !isRingWanted(this.#plan, talk)) this.#stop();
    // What is loud now would be in somebody's ear; what is due comes again, softer.
    if (talk.isInCall && !this.#wasInCall) this.#stop();
    this.#wasInCall = talk.isInCall;
    const { plan, due } = next(this.#plan, now, this.#isLost(), talk);
    if (due === null) return;
    if (!isMine) {
      // Another window sounds, or none can: what plays once was its affair.
      this.#plan = { ...this.#plan, waiting: new Set() };
      return;
    }
    this.#plan = plan;
    this.#stop();
    const level_db = levelDb(due, talk.isInCall ? (this.telephone?.level_db ?? null) : null);
    this.#playing = play(context, SOUNDS[due.name], context.currentTime + 0.005, level_db - SOUNDS[due.name].level_db);
    this.#playingName = due.name;
    performance.clearMarks("tocsin.sound");
    performance.mark("tocsin.sound", { detail: { name: due.name, level_db } });
  }

  /** Play one now; the soft one at the level of a call. */
  once(name: SoundName): void {
    if (this.#context?.state === "running") play(this.#context, SOUNDS[name], this.#context.currentTime + 0.05, name === "soft" && this.telephone !== null ? this.telephone.level_db - SOUNDS.soft.level_db : 0);
  }

  #stop(): void {
    if (this.#playing !== null && this.#context !== null && this.#playing.endsAt > this.#context.currentTime) {
      this.#playing.stop();
      this.#plan = { ...this.#plan, busyUntil: 0 };
    }
    this.#playing = null;
    this.#playingName = null;
  }

  #judge(): void {
    const state = this.#context?.state;
    if (this.isElsewhere) this.trouble = null;
    else if (this.#stuck >= STUCK_TICKS) this.trouble = "broken";
    else if (state === "running" && !this.#isChecked) this.trouble = "untested";
    else if (state === "running") this.trouble = (this.#leading?.isNobody() ?? false) ? "broken" : null;
    else this.trouble = "blocked";
  }
}

export const sound = new SoundDesk();
