/** The words of the watch log, in English. */

const n = (count: number): string => count.toLocaleString("en");

export const watch = {
  title: "Watch log",
  intro: "What the shift writes down, between what the centre did and was told. Nothing is ever changed: who was mistaken writes a line that says so. What was written is erased after 90 days. Who reads it is in the journal.",
  write: "Write a line",
  text: "Line",
  hint: (max: number) => `Up to ${n(max)} characters. What concerns an incident belongs into its notes.`,
  correcting: (time: string) => `Puts right the line of ${time}, which stays as it is.`,
  notCorrecting: "A line of its own instead",
  submit: "Write it down",
  written: "It is written down.",
  correct: "Put right",
  correctLine: (time: string) => `Put right the line of ${time}`,
  which: "Which",
  today: "this day",
  day: "Day",
  shift: "Shift",
  noShift: "the whole day",
  shiftOf: (name: string, from: string, to: string) => `${name}, ${from} to ${to}`,
  now: "now",
  before: "The day before",
  after: "The day after",
  head: { time: "Time", who: "Who", what: "What" },
  none: "No line stands here.",
  centre: "the centre",
  erased: "What was written is erased.",
  corrects: (time: string) => `puts right the line of ${time}:`,
  correctsOther: "puts right a line that does not stand here:",
  older: "Older lines",
  newest: "Newest lines",
  export: "Export these as a table",
  exportHint: "The export is noted with your name.",
  test: "The test",
  zones: "The account's zones",
};

export type WatchTexts = typeof watch;
