/** Words of shelving, of a storm, and of their page. */

const number = (count: number): string => count.toLocaleString("en");

export const flood = {
  shelveTitle: (number_: number) => `Shelve #${number_}`,
  shelveWords: "It stays open, listed and counted, and is silent. Nobody has it then. At the end it sounds again; sooner, if more comes in.",
  shelveLives: "It is about lives: 10 minutes at most.",
  shelveLabel: "Why",
  shelveChoose: "Choose why.",
  shelveMinutes: "For how long",
  shelveSend: "Shelve it",
  intro: "What somebody put aside for a while, what repeats and is counted together, and what is left out. All of it is open or comes back by itself; nothing is dropped.",
  shelved: (count: number) => `Shelved: ${count === 0 ? "none" : number(count)}`,
  noneShelved: "Nothing is shelved. An incident is put aside in its detail (s), with a reason and an end.",
  folded: (count: number) => `Counted together, since a detector chatters: ${count === 0 ? "none" : number(count)}`,
  noneFolded: "No detector of an open incident chatters.",
  head: { number: "No.", what: "What", where: "Where", why: "Why", by: "By", until: "Until", since: "Since", signals: "Signals", acts: "Acts" },
  minutes: (minutes: number) => (minutes < 60 ? `${minutes} minutes` : minutes === 60 ? "1 hour" : `${number(minutes / 60)} hours`),
};

export type FloodTexts = typeof flood;
