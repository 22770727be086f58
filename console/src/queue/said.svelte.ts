/** A word to whoever pressed a key that did nothing: why not, and what would. It goes by itself. */

const SHOWN_MS = 8_000;

class Said {
  words = $state("");
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(words: string): void {
    this.words = words;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.words = ""), SHOWN_MS);
  }
}

export const said = new Said();
