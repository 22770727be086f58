/** Server-sent events, read from text as it comes in. Source: HTML standard, section 9.2.6. */

export interface ServerEvent {
  readonly event: string;
  readonly data: string;
  /** The id that this event carries; null where it carries none. */
  readonly id: string | null;
}

/** One event of ours is a few hundred kB at most; more than this is no stream of ours. */
export const EVENT_CHARACTERS_MAX = 8_000_000;

/** Takes pieces of text, however cut, and gives the events that are whole. */
export class EventParser {
  #rest = "";
  #event = "";
  #data: string[] = [];
  #length = 0;
  #id: string | null = null;
  #isFirst = true;

  /** Raises RangeError where an event does not end. */
  push(piece: string): ServerEvent[] {
    let text = this.#rest + piece;
    if (this.#isFirst && text !== "") {
      this.#isFirst = false;
      if (text.startsWith("\uFEFF")) text = text.slice(1);
    }
    const events: ServerEvent[] = [];
    let start = 0;
    for (;;) {
      const end = lineEnd(text, start);
      if (end === null) break;
      const found = this.#line(text.slice(start, end.at));
      if (found !== null) events.push(found);
      start = end.next;
    }
    this.#rest = text.slice(start);
    if (this.#rest.length + this.#length > EVENT_CHARACTERS_MAX) throw new RangeError("an event of the stream does not end");
    return events;
  }

  #line(line: string): ServerEvent | null {
    if (line === "") {
      const event = { event: this.#event === "" ? "message" : this.#event, data: this.#data.join("\n"), id: this.#id };
      const isEvent = this.#data.length > 0;
      this.#event = "";
      this.#data = [];
      this.#length = 0;
      this.#id = null;
      return isEvent ? event : null;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return null; // a comment
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    this.#length += value.length;
    if (field === "event") this.#event = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    return null;
  }
}

/** Where the line from `start` ends and the next begins; null while that is not known. */
function lineEnd(text: string, start: number): { at: number; next: number } | null {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) return { at, next: at + 1 };
    if (code !== 13) continue;
    if (at + 1 === text.length) return null; // a line feed may follow
    return { at, next: text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1 };
  }
  return null;
}
