/** Characters of a note, as the API takes (`NOTE_CHARACTERS_MAX`). */
export const NOTE_MAX = 2_000;
