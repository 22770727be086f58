/** The server's time, as well as its beats tell it. The workstation's own clock is not asked: it may be wrong, or set. */

const KEPT = 8;
export const OFF_S = 2;

export class ServerClock {
  /** Server time minus this page's monotonic time, in ms, of the last beats: the largest travelled fastest. */
  #offsets: number[] = [];
  #workstationOffMs = 0;

  /** Take a beat of server time `nowMs` that came when the page's monotonic clock said `monotonicMs`. */
  beat(nowMs: number, monotonicMs: number, workstationMs: number): void {
    const offset = nowMs - monotonicMs;
    const last = this.#offsets.at(-1);
    // The server's clock was set, or this computer slept: what was known is worth nothing.
    if (last !== undefined && Math.abs(offset - last) > 2_500) this.#offsets = [];
    this.#offsets = [...this.#offsets, offset].slice(-KEPT);
    this.#workstationOffMs = workstationMs - (Math.max(...this.#offsets) + monotonicMs);
  }

  /** Server time in ms since 1970; null before the first beat. */
  now(monotonicMs: number): number | null {
    return this.#offsets.length === 0 ? null : Math.max(...this.#offsets) + monotonicMs;
  }

  /** How far the workstation's clock is ahead, in s; 0 where it is near enough. */
  get workstationOffS(): number {
    const off = this.#workstationOffMs / 1000;
    return Math.abs(off) > OFF_S ? off : 0;
  }
}
