/** What the centre would refuse of a password at once. It judges again, and better: what is easily guessed is refused there. */

import { q } from "../../texts/people";

export const PASSWORD_MIN = 12;

interface Typed { old: string | null; fresh: string; again: string }

export function passwordMistakes({ old, fresh, again }: Typed): Partial<Record<keyof Typed, string>> {
  const mistakes: Partial<Record<keyof Typed, string>> = {};
  if (old === "") mistakes.old = q.me.missing;
  const count = [...fresh].length;
  if (count < PASSWORD_MIN) mistakes.fresh = count === 0 ? q.me.missing : q.me.short(count);
  else if (again !== fresh) mistakes.again = again === "" ? q.me.missing : q.me.different;
  return mistakes;
}
