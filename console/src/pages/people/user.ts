/** What the centre would refuse of a user's name. */

import { q } from "../../texts/people";

export const NAME_MAX = 120;

export function nameMistake(name: string): string {
  const count = [...name.trim()].length;
  return count === 0 ? q.people.nameMissing : count > NAME_MAX ? q.people.nameLong(count) : "";
}

/** The same set, in whatever order. */
export function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && [...one].sort().join() === [...other].sort().join();
}
