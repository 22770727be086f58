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
  storm: (since: string, groups: number, count: number) => `Alarm flood since ${since}: ${number(count)} behind ${groups === 1 ? "1 that stands" : `${number(groups)} that stand`} for them`,
  noStorm: "Alarm flood: none",
  noStormWords: "More than 10 incidents in ten minutes at a staffed desk are a flood, until they are below 5. The queue then shows the first of each place and class, and counts the rest.",
  headGroup: { number: "First out", what: "What", where: "Where", since: "Since", count: "Behind it", acts: "Acts" },
  several: "several places",
  moreGroups: (count: number) => `and ${number(count)} smaller ones, in the queue.`,
  showGroup: "Show in the queue",
  load: {
    title: "Load",
    asOf: (time: string, zone: string) => `As of ${time} ${zone}.`,
    rule: (begins: number, ends: number) => `Counted are incidents that were announced. A flood is more than ${begins} in ten minutes at each staffed desk, until they are below ${ends}.`,
    whose: "Whose",
    desk: (label: string) => `This desk: ${label}`,
    room: (desks: number) => (desks === 0 ? "The whole room, no desk staffed" : desks === 1 ? "The whole room, 1 staffed desk" : `The whole room, ${number(desks)} staffed desks`),
    minute: "Last minute",
    tenMin: "Last 10 min",
    hour: "Last hour",
    target: "At most, at a staffed desk",
    over: "above",
    unconfirmed: "unconfirmed figure",
    profile: (title: string) => `Designed to measure against ${title}. Averages are never scaled. It is of the room and of this desk, never of a person.`,
  },
  head: { number: "No.", what: "What", where: "Where", why: "Why", by: "By", until: "Until", since: "Since", signals: "Signals", acts: "Acts" },
  minutes: (minutes: number) => (minutes < 60 ? `${minutes} minutes` : minutes === 60 ? "1 hour" : `${number(minutes / 60)} hours`),
};

export type FloodTexts = typeof flood;
