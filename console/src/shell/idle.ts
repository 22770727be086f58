/** Locks a desk that nobody touches, where this workstation is set so. Never while something urgent waits for a claim: then
 *  whoever comes must be able to claim it with one key. And tells the centre, at most once a minute, that somebody is here. */

import { waits } from "../state/order";
import { post } from "../api/client";
import { live } from "../live/live.svelte";
import { keep, kept } from "./looks.svelte";
import { session } from "./session.svelte";

export const IDLE_MINUTES = ["0", "5", "10", "20", "30"] as const;
export type IdleMinutes = (typeof IDLE_MINUTES)[number];
const NAME = "tocsin.idleLock";
const LOOK_MS = 5_000;
const TOLD_MS = 60_000;
const URGENT = 2;

export const idleMinutes = (): IdleMinutes => kept(NAME, IDLE_MINUTES, "0");
export const setIdleMinutes = (minutes: IdleMinutes): void => keep(NAME, minutes);

/** Is it time? `touchedMs` and `nowMs` are of the same clock. */
export function isIdle(minutes: number, touchedMs: number, nowMs: number, isUrgent: boolean): boolean {
  return minutes > 0 && !isUrgent && nowMs - touchedMs >= minutes * 60_000;
}

export function watchIdle(): () => void {
  let touched = performance.now();
  let told = -Infinity;
  const touch = () => {
    touched = performance.now();
    if (session.isLocked || touched - told < TOLD_MS) return;
    told = touched;
    // What does not arrive is said again with the next touch after a minute.
    void post("/session/touched").catch(() => (told = -Infinity));
  };
  const look = () => {
    if (session.isLocked) return void touch();
    const isUrgent = live.rows.some((row) => row.priority <= URGENT && waits(row));
    if (isIdle(Number(idleMinutes()), touched, performance.now(), isUrgent)) void session.lock("idle");
  };
  const timer = setInterval(look, LOOK_MS);
  const events = ["keydown", "pointerdown", "pointermove", "wheel"] as const;
  for (const name of events) addEventListener(name, touch, { capture: true, passive: true });
  return () => {
    clearInterval(timer);
    for (const name of events) removeEventListener(name, touch, { capture: true });
  };
}
