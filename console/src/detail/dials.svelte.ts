/** What became last of the calls that were made here, by incident: the detail reads its time line again. */

class Dials {
  versions = $state.raw<Readonly<Record<string, string>>>({});
}

export const dials = new Dials();
