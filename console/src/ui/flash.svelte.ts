/** A sentence that the next page says once: what was done on the page before. */
class Flash {
  text = $state("");
  #isFresh = false;

  say(text: string): void {
    this.text = text;
    this.#isFresh = true;
  }

  /** Called by a page that opens: what the one before it left stays, what is older goes. */
  turn(): void {
    if (!this.#isFresh) this.text = "";
    this.#isFresh = false;
  }
}

export const flash = new Flash();
