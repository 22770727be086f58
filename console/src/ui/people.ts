/** Whoever did something, in words: a person's name, the command line, or the centre itself. */

import { session } from "../shell/session.svelte";
import { people } from "../state/people.svelte";
import { u } from "../texts/ui";

/** The id alone where names may not be seen, or are not there yet. */
export function whoever(actor: string | null): string {
  if (actor === null) return u.people.centre;
  if (actor === "cli") return u.people.commandLine;
  if (actor === session.answer?.user.id) return session.answer.user.name;
  return session.may("user.read") ? (people.name(actor) ?? actor) : actor;
}
