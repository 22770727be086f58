/** English words of the page of imported places. */

const number = (count: number): string => count.toLocaleString("en");
const places = (count: number): string => (count === 1 ? "1 place" : `${number(count)} places`);

export const places_ = {
  intro: "Streets, gates, crossings and kilometre posts that “Where is it?” of the call form finds beside the sites. Public places alone, never lists of people.",
  back: "Import of sites, accounts and more",
  there: "What is there",
  none: "No places were imported.",
  total: (count: number, most: number) => `${places(count)} in all, ${number(most)} at most.`,
  source: "Source",
  count: "Places",
  at: "Imported",
  remove: "Remove",
  removeOf: (source: string) => `Remove ${source}`,
  removeQuestion: (source: string) => `Remove the places of ${source}?`,
  removeWords: (count: number) => `${places(count)} are not found any more. What calls say already stays as it is. To bring them back, import the file again: no backup has it.`,
  removed: (source: string) => `${source} is removed.`,
  import: "Import a file",
  readOnly: "Integrators and administrators import and remove places.",
  name: "What the source is called here",
  nameHint: "1 to 30 small letters, digits, - or _, such as gates. The same name again takes the place of what it brought before.",
  nameWrong: "Small letters, digits, - and _ alone.",
  choose: "Choose a file",
  hint: (mib: number) =>
    `CSV in UTF-8 with the columns name, near, kind, latitude, longitude; or GeoJSON with one feature a line (.geojsonseq, .geojsonl, .ndjson). At most ${mib} MiB; larger ones by the command tocsin places import.`,
  faults: {
    empty: "The file is empty. Nothing was sent.",
    large: "The file is too large to be sent. Nothing was sent. Import it by the command tocsin places import.",
    workbook: "This is a spreadsheet, not CSV. Nothing was sent. Save it as “CSV UTF-8” and choose that file.",
  },
  chosen: "Chosen:",
  look: "Look at it",
  looking: "Looking through the file. Nothing is changed yet.",
  importing: "Importing. A large file takes minutes.",
  ready: "The file is good. Nothing is changed yet.",
  done: (source: string, count: number) => `${source}: ${places(count)} are found from now on.`,
  inFile: "In the file",
  new: "New",
  same: "As before",
  gone: "Gone",
  goneWords: (count: number) => `${places(count)} of this source are not in the file, and are not found any more.`,
  leftOut: (nameless: number, long: number) => `Left out: ${number(nameless)} without a name or a place, ${number(long)} too long.`,
  apply: (count: number) => `Import ${places(count)}`,
};
