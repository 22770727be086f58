/** Every word of the shell, the queue and the detail, in English. Short, plain, verb first; no "please", no exclamation
 *  marks. Pages that are loaded later have their own file beside this one (`pages.en.ts`). A text that is missing does
 *  not compile. */

const plural = (count: number, one: string, many: string): string => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

export const en = {
  product: "Tocsin",

  shell: {
    skip: "Skip to the page",
    pages: "Pages",
    loading: "Loading…",
    pageFailed: "This page could not be loaded. The centre may have been updated: reload the window.",
    reload: "Reload",
    unreachable: "The centre cannot be reached. Trying again every 2 s. Use the phone.",
    sessionRefused: (why: string) => `The centre does not let this window in: ${why}`,
    tryAgain: "Try again",
    noSuchPage: "There is no such page.",
    toQueue: "To the queue",
    signedInAs: (name: string) => `Signed in as ${name}`,
    signOut: "Sign out",
    theme: "Theme",
    themes: { dark: "Dark", night: "Night", light: "Light" },
    density: "Rows",
    densities: { "32": "Small", "36": "Medium", "44": "Large" },
    keys: "Keys",
    clock: "Server time",
    insecure: "Without HTTPS: anyone on this network can read what you see.",
  },

  pages: {
    queue: "Queue",
    sites: "Sites",
    accounts: "Accounts",
    import: "Import",
    unknown: "Unknown accounts",
    frame: "Frame doctor",
    journal: "Journal",
  },

  count: { plural },
};

export type Texts = typeof en;
