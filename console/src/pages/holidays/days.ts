/** Two people who change the days of one calendar: what differs, and mine on top of theirs, day by day. */

const linesOf = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
const dateOf = (line: string): string => line.split(/\s+/, 1)[0] ?? "";

/** Lines that `text` has and `base` has not, and days that it has no more. */
export function differs(base: string, text: string): { added: string[]; gone: string[] } {
  const [before, now] = [linesOf(base), linesOf(text)];
  const dates = new Set(now.map(dateOf));
  return { added: now.filter((line) => !before.includes(line)), gone: before.map(dateOf).filter((date) => !dates.has(date)) };
}

/** Each day that I changed or took away is as I have it; all others are as they left them. */
export function rebasedDays(base: string, mine: string, theirs: string): string {
  const { added, gone } = differs(base, mine);
  const own = new Set([...added.map(dateOf), ...gone]);
  return [...linesOf(theirs).filter((line) => !own.has(dateOf(line))), ...added].sort().join("\n");
}
