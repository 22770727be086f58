/** Changes to one thing of the configuration that are not saved yet, and what happens to them when somebody else saved
 *  in between. Values are plain: text, numbers, yes and no, null, and lists and objects of them. */

export type Values = object;

export function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => same((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]));
}

/** Names of the fields in which two versions differ, in the order of the first. */
export function differing<T extends Values>(one: T, other: T): (keyof T & string)[] {
  return (Object.keys(one) as (keyof T & string)[]).filter((name) => !same(one[name], other[name]));
}

/** My changes put on top of theirs: what I did not touch is as they left it. */
export function rebased<T extends Values>(base: T, mine: T, theirs: T): T {
  const result = { ...theirs };
  for (const name of differing(base, mine)) result[name] = mine[name];
  return result;
}

/** One field that somebody else changed meanwhile. */
export interface Clash<T extends Values> {
  field: keyof T & string;
  theirs: T[keyof T & string];
  mine: T[keyof T & string];
  /** Both changed it, each to another value. */
  isBoth: boolean;
}

export function clashes<T extends Values>(base: T, mine: T, theirs: T): Clash<T>[] {
  return differing(theirs, base).map((field) => ({
    field,
    theirs: theirs[field],
    mine: mine[field],
    isBoth: !same(mine[field], base[field]) && !same(mine[field], theirs[field]),
  }));
}

/** Unsaved changes outlive their page, until the window is closed: who looks something up elsewhere finds them again.
 *  No key of a panel is ever kept here. */
const kept = new Map<string, { version: number; base: Values; values: Values }>();

export function keepDraft<T extends Values>(name: string, version: number, base: T, values: T): void {
  if (same(base, values)) kept.delete(name);
  else kept.set(name, { version, base: structuredClone(base), values: structuredClone(values) });
}

export function keptDraft<T extends Values>(name: string): { version: number; base: T; values: T } | null {
  return (kept.get(name) as { version: number; base: T; values: T } | undefined) ?? null;
}

export function dropDraft(name: string): void {
  kept.delete(name);
}
