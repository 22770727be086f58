/** Puts a sound of the table on the time line of an audio context: the loudspeaker's, or a test's offline one. */

import { ATTACK_MS, HARMONICS, RELEASE_MS, type Sound } from "./table";

export interface Playing {
  /** When the last tone ends, by the context's clock, in s. */
  readonly endsAt: number;
  /** Be quiet at once, without a click. */
  stop(): void;
}

const waves = new WeakMap<BaseAudioContext, PeriodicWave>();

function waveOf(context: BaseAudioContext): PeriodicWave {
  const known = waves.get(context);
  if (known !== undefined) return known;
  const wave = context.createPeriodicWave(new Float32Array(HARMONICS.length + 1), Float32Array.from([0, ...HARMONICS]));
  waves.set(context, wave);
  return wave;
}

/** Play `sound` from `at` (context's clock, s), louder by `moreDb`. */
export function play(context: BaseAudioContext, sound: Sound, at: number, moreDb = 0): Playing {
  const peak = 10 ** ((sound.level_db + moreDb) / 20);
  const all = context.createGain();
  all.connect(context.destination);
  let endsAt = at;
  const oscillators = sound.tones.map((tone) => {
    const from = at + tone.at_ms / 1000;
    const to = from + tone.length_ms / 1000;
    endsAt = Math.max(endsAt, to);
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(peak, from + ATTACK_MS / 1000);
    gain.gain.setValueAtTime(peak, to - RELEASE_MS / 1000);
    gain.gain.linearRampToValueAtTime(0, to);
    const oscillator = context.createOscillator();
    oscillator.setPeriodicWave(waveOf(context));
    oscillator.frequency.setValueAtTime(tone.hz, from);
    oscillator.connect(gain).connect(all);
    oscillator.start(from);
    oscillator.stop(to);
    oscillator.onended = () => gain.disconnect();
    return oscillator;
  });
  oscillators.at(-1)?.addEventListener("ended", () => all.disconnect());
  return {
    endsAt,
    stop() {
      all.gain.setTargetAtTime(0, context.currentTime, 0.01);
      for (const oscillator of oscillators) oscillator.stop(context.currentTime + 0.08);
    },
  };
}
