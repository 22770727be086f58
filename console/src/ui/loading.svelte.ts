/** One thing that a page asks the centre for, and how far that is. The newest question wins: an answer to an older one
 *  is dropped, whichever comes first. */

import { SignedOut } from "../api/client";

export class Loading<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<Error | null>(null);
  isBusy = $state(false);
  #abort: AbortController | null = null;

  /** Ask. The value that is there stays until another comes; null where the question failed or was overtaken. */
  async ask(question: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.isBusy = true;
    try {
      const value = await question(abort.signal);
      if (this.#abort !== abort) return null;
      this.value = value;
      this.error = null;
      return value;
    } catch (error) {
      if (this.#abort !== abort || error instanceof SignedOut) return null;
      this.error = error instanceof Error ? error : new Error(String(error));
      return null;
    } finally {
      if (this.#abort === abort) this.isBusy = false;
    }
  }

  /** Forget the question on the way, and its failure; a value stays. */
  stop(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.isBusy = false;
    this.error = null;
  }

  /** As if nothing had been asked. */
  clear(): void {
    this.stop();
    this.value = null;
  }
}
