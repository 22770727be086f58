/** The centre's own zone. Every time on a screen is told in it, wherever the screen stands; before the centre has said
 *  which it is, in this workstation's. */

const MINUTE_MS = 60_000;

export interface UtcOffset {
  /** Microseconds since 1970 UTC. */
  readonly since: number;
  readonly minutes: number;
}

let table: readonly UtcOffset[] = [];

export function useOffsets(offsets: readonly UtcOffset[]): void {
  table = [...offsets].sort((a, b) => a.since - b.since);
}

/** Minutes from UTC at a time, east is more. Before the table its first counts. */
export function offsetMinutes(ms: number): number {
  if (table.length === 0) return -new Date(ms).getTimezoneOffset();
  let found = table[0] as UtcOffset;
  for (const one of table) {
    if (one.since > ms * 1000) break;
    found = one;
  }
  return found.minutes;
}

/** A date whose UTC parts are the centre's clock face. */
export function faceOf(ms: number): Date {
  return new Date(ms + offsetMinutes(ms) * MINUTE_MS);
}

/** The moment of a clock face at the centre, given as its UTC parts. In the hour that comes twice, the first. */
export function momentOf(face: number): number {
  for (const minutes of new Set(table.length === 0 ? [] : table.map((one) => one.minutes).sort((a, b) => b - a))) {
    const at = face - minutes * MINUTE_MS;
    if (offsetMinutes(at) === minutes) return at;
  }
  const guess = face - offsetMinutes(face) * MINUTE_MS;
  return face - offsetMinutes(guess) * MINUTE_MS;
}
