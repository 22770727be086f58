/** Text that somebody else wrote, made harmless to look at: what cannot be seen, or turns the order of what stands
 *  beside it, is drawn as a mark with its number. Nothing of it is markup: it is set as text. */

export interface Piece {
  text: string;
  /** Stands for a character that would not be seen. */
  isMark: boolean;
}

/** C0, DEL and C1; joiners and blanks without width; everything that sets the direction; separators of lines; tags;
 *  halves of a character; what is no character. */
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\p{Cs}\p{Co}]/u;
const RUNS = new RegExp(`(${UNSEEN.source})`, "gu");
/** Marks stacked on one letter beyond these cover the lines around. */
const STACKED = /(\p{M}{3})\p{M}+/gu;

const NAMES: Record<number, string> = { 0x09: "TAB", 0x0a: "LF", 0x0d: "CR", 0x00: "NUL", 0x1b: "ESC", 0x7f: "DEL" };

function mark(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return `‹${NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, "0")}`}›`;
}

/** `isBlock`: the ends of lines are ours, of a text that we set in lines ourselves. */
export function pieces(text: string, isBlock = false): Piece[] {
  return text
    .replace(STACKED, "$1…")
    .split(RUNS)
    .filter((part) => part !== "")
    .map((part) => (UNSEEN.test(part) && !(isBlock && part === "\n") ? { text: mark(part), isMark: true } : { text: part, isMark: false }));
}
