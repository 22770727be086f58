/** Words of the centre name people by id, as `{user-12}`: here the names go in. */

export interface Piece {
  readonly text: string;
  readonly isName: boolean;
}

export function withNames(words: string, name: (id: string) => string): Piece[] {
  return words.split(/(\{[A-Za-z0-9_.-]{1,40}\})/u).flatMap((part) => {
    if (part === "") return [];
    const id = /^\{([A-Za-z0-9_.-]{1,40})\}$/u.exec(part)?.[1];
    return [id === undefined ? { text: part, isName: false } : { text: name(id), isName: true }];
  });
}

/** Words of the time line say `, zone 2`; where that zone has a name, it goes in before. */
export function withZone(words: string, told: string, name: string | null): string {
  if (name === null) return words;
  const at = words.indexOf(`, ${told}`);
  const after = words.charAt(at + told.length + 2);
  return at < 0 || /[\p{L}\p{N}_]/u.test(after) ? words : `${words.slice(0, at)}, ${name} (${told})${words.slice(at + told.length + 2)}`;
}
