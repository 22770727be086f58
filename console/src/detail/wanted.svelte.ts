/** What a key asked for in the incident that is open, until the part that does it is there: no press is lost to loading. */
export class Wanted {
  act = $state<"help" | "call" | "place" | "explain" | "plan" | null>(null);

  /** Take it, where it is this and `isReady`. In an effect: asked again when either changes. */
  take(act: "help" | "call" | "place" | "explain" | "plan", isReady: boolean): boolean {
    if (this.act !== act || !isReady) return false;
    this.act = null;
    return true;
  }
}
