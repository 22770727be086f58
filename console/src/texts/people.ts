/** The words about people, in the language of this console. */
import { people, type PeopleTexts } from "./people.en";

export type { PeopleTexts };
export const q: PeopleTexts = people;
