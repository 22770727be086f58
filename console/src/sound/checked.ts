/** Whether the person of this session heard the sounds of this computer. Kept for this window, and for this session alone:
 *  whoever comes next tests anew. */

import type { SessionAnswer } from "../api/types";

const CHECKED = "tocsin.sound-checked";
type Whose = { readonly user: Pick<SessionAnswer["user"], "id">; readonly expires_at: number };

const words = (session: Whose): string => `${session.user.id} ${session.expires_at}`;

export function readChecked(session: Whose | null): boolean {
  try {
    return session !== null && sessionStorage.getItem(CHECKED) === words(session);
  } catch {
    return false;
  }
}

export function writeChecked(session: Whose | null, heard: boolean): void {
  try {
    if (session !== null && heard) sessionStorage.setItem(CHECKED, words(session));
    else sessionStorage.removeItem(CHECKED);
  } catch {
    // Asked again after the next loading.
  }
}
