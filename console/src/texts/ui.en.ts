/** Words of the parts that several pages share: errors, lists, fields, copying. Loaded with the first page that has one. */

const plural = (count: number, one: string, many: string): string => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

export const ui = {
  loading: "Loading…",
  tryAgain: "Try again",
  cancel: "Cancel",
  close: "Close",
  /** A question that changes nothing found nobody. */
  notReached: "The centre does not answer. What you see may be old.",
  /** A change was sent and nobody answered. */
  notAnswered: "The centre does not answer. Whether it took the change is not known: look before you send it again.",
  failed: (why: string) => `This page failed: ${why}. Reload the window.`,
  mistakes: (count: number) => plural(count, "mistake", "mistakes"),
  refusedFor: "What is wrong",
  pages: "Pages of the list",
  previous: "Previous",
  next: "Next",
  range: (from: number, to: number, total: number) =>
    total === 0 ? "" : `${from.toLocaleString("en")} to ${to.toLocaleString("en")} of ${total.toLocaleString("en")}`,
  copy: "Copy",
  copied: "Copied",
  notCopied: "Not copied: mark the text and press Ctrl+C",
  optional: "not needed",
  ago: (age: string) => `${age} ago`,
  changed: "Last changed",
  people: { centre: "the centre itself", commandLine: "the command line" },
  conflict: {
    title: "Somebody else saved first",
    who: (name: string) => `${name} changed this at`,
    nothing: "Nothing of yours was saved.",
    field: "Field",
    theirs: "Saved now",
    mine: "Yours",
    untouched: "not changed by you",
    load: "Load theirs, drop mine",
    keep: "Keep mine",
    help: "Keeping puts your changes on top of theirs; fields that you did not touch stay as they left them. Nothing is stored until you save again.",
  },
  draft: {
    found: "Changes of yours that were not saved are here again.",
    drop: "Drop my changes",
    changed: (count: number) => `${plural(count, "field", "fields")} changed, not saved`,
    none: "Nothing changed",
  },
  timesIn: (zone: string) => `Times in ${zone}, as the centre has it.`,
};

export type UiTexts = typeof ui;
