/** Theme and density: how this workstation looks. Kept in the browser, told nobody. */

import { kept, THEMES } from "./theme";

export { kept, THEMES };
export const DENSITIES = ["32", "36", "44"] as const;
export type Theme = (typeof THEMES)[number];
export type Density = (typeof DENSITIES)[number];

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
