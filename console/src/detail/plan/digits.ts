/** The digit that was pressed alone, outside a field of writing; null: none, or single keys are off. */
export function digitOf(event: KeyboardEvent, isSingleOn: boolean): number | null {
  if (!isSingleOn || event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return null;
  const target = event.target;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return null;
  if (target instanceof HTMLInputElement && !["checkbox", "radio"].includes(target.type)) return null;
  return /^[0-9]$/.test(event.key) ? Number(event.key) : null;
}

/** Lines to read out, one after another: as they were written, else sentence by sentence. */
export function linesOf(words: string): string[] {
  const lines = words.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.length > 1 ? lines : words.split(/(?<=[.!?:])\s+/).filter((line) => line !== "");
}
