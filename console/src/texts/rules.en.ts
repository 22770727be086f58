/** Every word of the page of rules, in English. */

export const rules = {
  title: "Rules",
  intro: "By which numbers signals are joined, confirmed and said to chatter. They hold from the next signal on; what is open stays as it is.",
  tryFirst: "Try other numbers on the signals of the last days first, on the centre's computer:",
  command: (changed: string) => `tocsin rules dry-run --dir FOLDER --days 30${changed}`,
  readOnly: "Supervisors change them.",
  list: "Numbers",
  columns: { words: "What it says", value: "Now", shipped: "Ships", range: "Range" },
  range: (least: number, most: number) => `${least.toLocaleString("en")} to ${most.toLocaleString("en")}`,
  wrong: (least: number, most: number) => `A whole number from ${least.toLocaleString("en")} to ${most.toLocaleString("en")}.`,
  own: "changed here",
  save: "Save",
  saved: "Saved. The next signal goes by it.",
  versions: "Versions",
  noVersions: "None: everything is as it ships.",
  version: { version: "Version", at: "When", who: "Who", changed: "Other than it ships", acts: "Acts" },
  asShips: "all as they ship",
  now: "now",
  take: "Take it into the form",
  takeOne: (version: number) => `Take it into the form: version ${version}`,
  shipAll: "All as they ship",
};
export type RulesTexts = typeof rules;
