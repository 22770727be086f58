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
