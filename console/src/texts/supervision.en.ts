/** The words of the board of supervision, in English. */

const n = (count: number): string => count.toLocaleString("en");

export const supervision = {
  title: "Supervision",
  intro: "Who is silent, how badly, and is it them or us. Polls are stored nowhere; only who goes missing and who comes back stands in the journal.",
  asOf: (time: string, zone: string) => `as of ${time} ${zone}`,
  total: { watched: "watched", not_yet: "not supervised yet", missing: "missing", one_path_lost: "one path lost", all_paths_lost: "all paths lost", late: "late", second_never_heard: "second path never heard" },
  head: { category: "Category", watched: "Watched", on_time: "On time", late: "Late", missing: "Missing", one_path: "One path", all_paths: "All paths", second_never: "Second never heard", not_yet: "Not yet", limit: "Limit", oldest: "Oldest missing" },
  categories: "By category",
  noCategory: "none",
  noCategoryWords: "By its interval, set or learnt; no category.",
  unconfirmed: "unconfirmed figure",
  second: (limit: string) => `second path ${limit}`,
  nobody: "No account is set up yet.",
  moved: (time: string) => `Deadlines were moved by ${time} since the start, for outages of ours.`,
  downtime: (time: string) => `${time} of it was the restart.`,
  grace: "The file of last-seen times was lost: whoever was not heard since has one full period from the start on.",
  common: {
    receiver: (missing: number) => `${n(missing)} are missing, most of all that is watched: look at our own receiver first.`,
    transport: (missing: number, what: string) => `${n(missing)} that came by ${what} went missing together: look at our own side first.`,
    network: (missing: number, what: string) => `${n(missing)} missing came behind network ${what}.`,
  },
  oneNetwork: "that is not known since the restart",
  incident: (number: number | null) => (number === null ? "its incident" : `incident #${number}`),
  shownAs: "Shown as one:",
  accounts: "Accounts",
  filter: { state: "State", category: "Category", receiver: "Receiver (R)", network: "Network", any: "Every one", needed: "What needs a person", all: "All" },
  networkHint: "Such as 203.0.113.0/24",
  states: {
    on_time: "on time", late: "late", missing: "missing", one_path_lost: "one path lost", all_paths_lost: "all paths lost",
    second_never_heard: "second path never heard", grace: "in grace", learning: "learning", never_heard: "never heard", off: "not supervised",
  },
  marks: {
    on_time: "●", late: "◔", missing: "■", one_path_lost: "◧", all_paths_lost: "▣", second_never_heard: "◐", grace: "◌", learning: "…", never_heard: "○", off: "–",
  },
  row: { state: "State", account: "Account", site: "Site", category: "Category", interval: "Interval", limit: "Limit", paths: "Last heard", since: "Missing since", incident: "Incident" },
  learnt: "learnt",
  fix: (account: string) => `Fix the interval of ${account}`,
  fixShort: "fix",
  tight: "one lost poll raises a false fault: its polls come further apart than half of the limit",
  tightShort: "tight",
  movedOne: "deadline moved",
  onTest: "on test until",
  outOfServiceCount: (count: number) => (count === 1 ? "1 zone out of service" : `${n(count)} zones out of service`),
  onTestCount: (count: number) => (count === 1 ? "1 place on test" : `${n(count)} places on test`),
  paths: { only: "", primary: "first path", alternative: "second path" },
  never: "never",
  ago: (age: string) => `${age} ago`,
  none: "Nobody is missing or late.",
  noneFound: "No account is so.",
  toIncident: (number: number | null) => (number === null ? "closed" : `#${number}`),
};

export type SupervisionTexts = typeof supervision;
