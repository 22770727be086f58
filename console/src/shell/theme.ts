/** What this browser was told of its looks. Kept in the browser, told nobody. */

export const THEMES = ["dark", "night", "light"] as const;

/** What was kept under a name, if it is one of the choices; storage may be switched off or hold another's words. */
export function kept<T extends string>(name: string, choices: readonly T[], otherwise: T): T {
  try {
    const value = localStorage.getItem(name);
    return choices.find((choice) => choice === value) ?? otherwise;
  } catch {
    return otherwise;
  }
}
