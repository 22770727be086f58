/** Every sound of the console, as data: what plays it and what tests it read the same table. Fundamentals lie between 400
 *  and 900 Hz, each with harmonics up to 4,000 Hz, so that small loudspeakers and tired ears both have something to go by. */

export interface Tone {
  /** After the beginning of the pattern. */
  readonly at_ms: number;
  readonly length_ms: number;
  readonly hz: number;
}

export interface Sound {
  readonly tones: readonly Tone[];
  /** Peak, relative to full scale. */
  readonly level_db: number;
  /** From one beginning to the next; null: once. */
  readonly every_s: number | null;
  /** So long unanswered, and it becomes louder; null: never. */
  readonly louder_after_s: number | null;
}

export type SoundName = "p1" | "soft" | "p2" | "ring" | "p3" | "p4" | "overdue" | "lost";

/** Strength of each harmonic, the fundamental first. */
export const HARMONICS: readonly number[] = [1, 0.8, 0.6, 0.45, 0.3];
export const ATTACK_MS = 10;
export const RELEASE_MS = 25;
export const LOUDER_DB = 6;

const pulses = (length_ms: number, ...tones: readonly (readonly [at_ms: number, hz: number])[]): readonly Tone[] =>
  tones.map(([at_ms, hz]) => ({ at_ms, length_ms, hz }));

export const SOUNDS: Readonly<Record<SoundName, Sound>> = {
  // 3 + 2 pulses, rising; only a claim ends it.
  p1: { tones: pulses(150, [0, 440], [230, 523], [460, 622], [900, 740], [1130, 880]), level_db: -10, every_s: 5, louder_after_s: 20 },
  // The same while somebody here talks: one pulse at first; the other desks have the whole of it.
  soft: { tones: pulses(150, [0, 880]), level_db: -26, every_s: null, louder_after_s: null },
  p2: { tones: pulses(200, [0, 494], [350, 494], [700, 494]), level_db: -14, every_s: 15, louder_after_s: null },
  // A telephone: up and down, soft, and no alarm; ended by whoever answers.
  ring: { tones: pulses(130, [0, 523], [200, 659], [400, 523], [600, 659]), level_db: -22, every_s: 4, louder_after_s: null },
  p3: { tones: pulses(180, [0, 587], [330, 587]), level_db: -22, every_s: null, louder_after_s: null },
  p4: { tones: pulses(180, [0, 587]), level_db: -24, every_s: null, louder_after_s: null },
  // A falling pair: something was to be done by now.
  overdue: { tones: pulses(250, [0, 659], [330, 494]), level_db: -18, every_s: 30, louder_after_s: null },
  // Slow, low, double: what you see is old.
  lost: { tones: pulses(500, [0, 415], [800, 415]), level_db: -14, every_s: 10, louder_after_s: null },
};

export const NAMES: readonly SoundName[] = ["p1", "soft", "p2", "ring", "p3", "p4", "overdue", "lost"];

/** From the first to the end of the last tone, in ms. */
export function lengthMs(sound: Sound): number {
  return Math.max(...sound.tones.map((tone) => tone.at_ms + tone.length_ms));
}
