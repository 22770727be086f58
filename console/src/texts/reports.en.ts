/** The words of the page of reports, in English. What a report itself says comes from the centre. */

export const reports = {
  title: "Reports",
  intro: "Figures of the centre, from its journal alone. Exercises and tests are never in them, and nothing is of fewer than three people.",
  choose: "What the report is of",
  from: "First day",
  to: "Last day",
  profile: "Measured against",
  loadProfile: "Operators' load against",
  unconfirmed: (count: number, of: number) => (count === of ? "unconfirmed figures" : `${count} of ${of} unconfirmed`),
  own: "own",
  wrong: "cannot be used",
  show: "Show",
  making: "The report is being made. Nothing waits for it.",
  files: "The same as a file",
  forms: { pdf: "PDF, to print", html: "HTML", csv: "CSV", json: "JSON" },
  seen: "What is to be seen",
};

export type ReportsTexts = typeof reports;
