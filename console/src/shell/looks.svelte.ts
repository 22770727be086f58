/** Theme and density: how this workstation looks. Kept in the browser, told nobody. */

export const THEMES = ["dark", "night", "light"] as const;
export const DENSITIES = ["32", "36", "44"] as const;
export type Theme = (typeof THEMES)[number];
export type Density = (typeof DENSITIES)[number];

/** What was kept under a name, if it is one of the choices; storage may be switched off or hold another's words. */
export function kept<T extends string>(name: string, choices: readonly T[], otherwise: T): T {
  try {
    const value = localStorage.getItem(name);
    return choices.find((choice) => choice === value) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Not kept: it holds until the window is closed.
  }
}

class Looks {
  theme = $state<Theme>(kept("tocsin.theme", THEMES, "dark"));
  density = $state<Density>(kept("tocsin.density", DENSITIES, "36"));

  /** Height of a row of the queue, in CSS pixels. */
  get row(): number {
    return Number(this.density);
  }

  apply(): void {
    document.documentElement.dataset.theme = this.theme;
    document.documentElement.dataset.density = this.density;
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    keep("tocsin.theme", theme);
    this.apply();
  }

  setDensity(density: Density): void {
    this.density = density;
    keep("tocsin.density", density);
    this.apply();
  }
}

export const looks = new Looks();
