/** Every word of the pages about personal data, in English: retention, holds, exports, requests, the scope sheet. */

const plural = (count: number, one: string, many: string): string => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

export const data = {
  title: "Personal data",
  tabs: { retention: "How long", holds: "Legal holds", waiting: "After a restore", exports: "Exports", requests: "Requests", sheet: "Scope sheet" },

  retention: {
    title: "How long personal data are kept",
    intro: "Every class of personal data that this centre can hold. What is not listed is not held. When the time is over, data erase themselves; the journal still proves what happened.",
    columns: { name: "What", kept: "Kept", here: "Here", reason: "Why so long", fields: "Fields" },
    days: (hours: number) => (hours % 24 === 0 ? plural(hours / 24, "day", "days") : plural(hours, "hour", "hours")),
    fields: (count: number) => (count === 0 ? "none in this release" : plural(count, "field", "fields")),
    longer: (words: string) => `Texts of incidents are kept for longer than 30 days, since ${words}.`,
    clock: "The computer's clock jumped: nothing is erased by time for a day.",
  },

  holds: {
    title: "Legal holds",
    intro: "Incidents whose data are kept beyond their time, each by two persons and with an end. A hold is set at its incident.",
    none: "There are none.",
    columns: { incident: "Incident", reason: "Why", set: "Set", until: "Until", state: "State" },
    now: "holds",
    lifted: (reason: string) => `lifted: ${reason}`,
    over: "over",
  },

  waiting: {
    title: "What waits after a restore",
    intro: "A backup brings back texts whose time ended after it was made. They are shown to nobody and wait a week: two persons may have set a legal hold of which the backup does not know.",
    none: "Nothing waits.",
    columns: { incident: "Incident", closed: "Closed", until: "Erased on" },
    isOpen: "not closed",
    erasing: (count: number) => `${plural(count, "incident has", "incidents have")} been let go, and will be erased within a minute.`,
    keep: "To keep one: open it, and set a legal hold. It shows its texts again then.",
    release: "Erase now what waits",
    title2: (count: number) => `Erase the texts of ${plural(count, "incident", "incidents")} now`,
    words: (count: number) => `You know of no legal hold on any of them. The texts of ${plural(count, "incident", "incidents")} are erased within a minute, for ever.`,
    done: (count: number) => `${plural(count, "incident is", "incidents are")} being erased.`,
    more: "Load more",
  },

  exports: {
    title: "Exports of the journal",
    sealed: "The journal as it is",
    sealedWords: "JSON lines with the signed heads: they verify anywhere, without our program. Nothing sealed is in them, and people are ids. The export is a fact in the journal.",
    kind: "Kind",
    all: "Every kind",
    now: "Export",
    unsealed: "With what was sealed",
    unsealedWords: "Messages, texts and user numbers of one incident, or of one account and seven days at most. Two persons decide; both stand in the journal.",
    of: "Of what",
    ofIncident: "An incident",
    ofAccount: "An account",
    incident: "Number of the incident",
    incidentHint: "As the queue shows it, without #.",
    incidentWrong: "A number.",
    incidentNone: (number: string) => `There is no incident ${number} that you may see.`,
    account: "Number of the account",
    accountWrong: "Type the account's number.",
    accountNone: (number: string) => `No account has the number ${number}.`,
    accountMany: (number: string) => `Several accounts have the number ${number}. Use the command line.`,
    since: "From (day)",
    until: "To (day)",
    daysWrong: "Two days, at most seven apart.",
    form: "As",
    forms: { jsonl: "JSON lines", csv: "a table (CSV)" },
    go: "Go on",
    words: (what: string) => `Opens what was sealed with the entries of ${what}.`,
    done: "Exported. Keep the file where only those see it who must.",
  },

  requests: {
    title: "Somebody asks what is held about them",
    intro: "Looks for one telephone number or name among contacts alone, in no other text. The answer is a sealed file and a pass phrase, shown once; two persons decide, five a day.",
    reference: "Number of the request in your files",
    referenceHint: "Such as SR-2027/12: at most four capitals, the year, a number.",
    referenceWrong: "At most four capitals, the year, a stroke or dash, and at most six digits, such as SR-2027/12.",
    what: "What they gave",
    whats: { telephone: "a telephone number", name: "a name" },
    contact: "The contact",
    contactWrong: "At least three characters.",
    go: "Go on",
    words: (reference: string) => `Request ${reference}: looks among contacts, and seals what is found.`,
    found: (count: number) => (count === 0 ? "Nothing was found. The sealed file says so." : `${plural(count, "place", "places")} found.`),
    once: "Both are shown now and never again. Hand the file over by one way and the pass phrase by another.",
    save: "Save the sealed file",
    passphrase: "Pass phrase",
  },

  sheet: {
    title: "Scope sheet",
    intro: "What this centre could be asked about, counted by month from the journal alone: no name, number, place or text. It is made to be published.",
    from: (since: string, until: string) => `From ${since} to ${until}.`,
    columns: { what: "What", total: "In all" },
    not: "not offered in this release",
    kept: "How long",
    save: "Save as a file",
    copies: (made: number, open: number) => `${plural(made, "copy of the keys was", "copies of the keys were")} made with backups; ${open.toLocaleString("en")} without an end date.`,
  },
};

export type DataTexts = typeof data;
