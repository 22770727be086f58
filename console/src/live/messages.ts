/** What the one who holds the stream tells the windows of this workstation, and they it. Plain data: it crosses threads. */

import type { Beat, Delta, IncidentItem } from "../api/types";
import type { Names } from "../state/names";
import type { LiveState } from "../state/reducer";

/** How the connection is. Times are of `Date.now()` at this workstation, in ms. */
export type Link =
  | { readonly phase: "loading"; readonly loaded: number; readonly total: number | null; readonly since: number }
  | { readonly phase: "live" }
  /** Nothing came for 5 s, or the connection broke; `since` is when the last came. */
  | { readonly phase: "lost"; readonly since: number; readonly nextTryAt: number | null }
  | { readonly phase: "refused"; readonly why: string }
  | { readonly phase: "signed-out" };

export type ToWindow =
  | { readonly type: "state"; readonly state: LiveState; readonly names: Names; readonly link: Link; readonly beat: Beat | null }
  | { readonly type: "page"; readonly items: readonly IncidentItem[] }
  | { readonly type: "delta"; readonly id: string; readonly delta: Delta }
  | { readonly type: "names"; readonly names: Names }
  | { readonly type: "beat"; readonly beat: Beat }
  | { readonly type: "link"; readonly link: Link }
  /** Once a second, also while all windows are hidden: what must happen on time hangs on this. */
  | { readonly type: "tick" };

export type FromWindow = { readonly type: "hello" } | { readonly type: "here" } | { readonly type: "bye" };

export const STALE_S = 5;
