/** The frame on the table: what was pasted, and how it is to be judged. It stays while other pages are looked at; a key
 *  for a trial does not. */
class Patient {
  text = $state("");
  known = $state<"any" | "centre">("any");
  clock = $state<"none" | "now" | "other">("none");
  time = $state("");
  late_s = $state("");
  early_s = $state("");
  /** Where the frame came from, where it was chosen from the refused ones. */
  from = $state("");
  /** It is to be examined as soon as the page is there. */
  isFresh = false;

  put(text: string, from: string): void {
    this.text = text;
    this.from = from;
    this.isFresh = true;
  }
}

export const patient = new Patient();
