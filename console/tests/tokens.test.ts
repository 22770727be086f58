import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const css = readFileSync(path.resolve(import.meta.dirname, "../src/styles/tokens.css"), "utf8");

/** The colours of a theme, as the browser would read them. */
function theme(name: string): Record<string, string> {
  const block = new RegExp(`:root\\[data-theme="${name}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return Object.fromEntries([...block.matchAll(/--([a-z0-9-]+):\s*([^;]+);/g)].map(([, token, value]) => [token, value]));
}

type Rgb = readonly [number, number, number];

function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

const linear = (channel: number): number => (channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4);
const luminance = (colour: Rgb): number => 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [high, low] = [luminance(rgb(one)), luminance(rgb(other))].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const TEXT = 4.5;
const SHAPE = 3;
const THEMES = ["dark", "night", "light"];
const GROUNDS = ["bg0", "bg1", "bg2"];
const CHIPS = ["p1", "p2", "p3", "p4", "p5"];

const token = (colours: Record<string, string>, name: string): string => {
  const value = colours[name];
  if (value === undefined || !/^#[0-9a-f]{6}$/.test(value)) throw new Error(`--${name}: ${value}`);
  return value;
};

describe.each(THEMES)("%s", (name) => {
  const colours = theme(name);
  const at = (one: string): string => token(colours, one);

  test("text and what is said quietly are read on every ground", () => {
    for (const ground of GROUNDS) {
      for (const one of ["text", "dim"]) expect(contrast(at(one), at(ground)), `${one} on ${ground}`).toBeGreaterThanOrEqual(TEXT);
    }
  });

  test("text is read on rows of priority 1 and 2", () => {
    for (const tint of ["p1-tint", "p2-tint"]) {
      for (const one of ["text", "dim"]) expect(contrast(at(one), at(tint)), `${one} on ${tint}`).toBeGreaterThanOrEqual(TEXT);
    }
  });

  test("controls, the focus and what says that all is well are seen on every ground", () => {
    for (const ground of [...GROUNDS, "p1-tint", "p2-tint"]) {
      for (const one of ["line", "focus", "ok"]) expect(contrast(at(one), at(ground)), `${one} on ${ground}`).toBeGreaterThanOrEqual(SHAPE);
    }
  });

  test("the digit is read on every chip, and the ink on a bar of failure", () => {
    for (const chip of CHIPS) expect(contrast(at("ink"), at(chip)), chip).toBeGreaterThanOrEqual(TEXT);
  });

  test("each shape is seen on every ground, by its own colour or its border", () => {
    const edge = colours["chip-border"] ?? "";
    for (const ground of [...GROUNDS, "p1-tint", "p2-tint"]) {
      for (const chip of CHIPS) {
        const line = edge === "transparent" ? at(chip) : edge;
        expect(contrast(line, at(ground)), `${chip} on ${ground}`).toBeGreaterThanOrEqual(SHAPE);
      }
    }
  });
});

describe("the ratios of the design", () => {
  // CONSOLE.md, section 4: bg0, bg1, bg2.
  test.each([
    ["dark", "text", [15.3, 14.0, 12.3]],
    ["dark", "dim", [8.7, 8.0, 7.0]],
    ["dark", "line", [4.6, 4.2, 3.7]],
    ["dark", "focus", [9.9, 9.0, 7.9]],
    ["dark", "p1", [6.1, 5.6, 4.9]],
    ["dark", "p2", [8.8, 8.0, 7.0]],
    ["dark", "p3", [16.1, 14.7, 12.9]],
    ["dark", "p4", [8.7, 8.0, 7.0]],
    ["dark", "ok", [9.6, 8.8, 7.7]],
    ["night", "text", [10.3, 9.7, 9.0]],
    ["night", "dim", [5.4, 5.1, 4.7]],
    ["night", "line", [4.0, 3.8, 3.5]],
    ["night", "focus", [11.8, 11.2, 10.3]],
    ["night", "p1", [6.5, 6.1, 5.7]],
    ["night", "p2", [6.8, 6.4, 5.9]],
    ["night", "p3", [12.8, 12.1, 11.2]],
    ["night", "p4", [6.8, 6.4, 5.9]],
    ["night", "ok", [8.3, 7.8, 7.2]],
    ["light", "text", [16.5, 17.7, 14.7]],
    ["light", "dim", [7.1, 7.6, 6.3]],
    ["light", "line", [4.0, 4.3, 3.5]],
    ["light", "focus", [6.2, 6.7, 5.6]],
    ["light", "ok", [6.2, 6.6, 5.5]],
    ["light", "chip-border", [16.5, 17.7, 14.7]],
  ] as const)("%s %s", (name, one, ratios) => {
    const colours = theme(name);
    expect(GROUNDS.map((ground) => Math.round(contrast(token(colours, one), token(colours, ground)) * 10) / 10)).toEqual(ratios);
  });
});

/** Machado et al. 2009, severity 1.0, on linear RGB. */
const SEEN_BY = {
  everybody: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

function lab(hex: string, matrix: readonly number[]): Rgb {
  const [r, g, b] = rgb(hex).map(linear) as unknown as Rgb;
  const seen = [0, 3, 6].map((row) => Math.min(1, Math.max(0, (matrix[row] ?? 0) * r + (matrix[row + 1] ?? 0) * g + (matrix[row + 2] ?? 0) * b)));
  const [x, y, z] = [
    (0.4124564 * seen[0]! + 0.3575761 * seen[1]! + 0.1804375 * seen[2]!) / 0.95047,
    0.2126729 * seen[0]! + 0.7151522 * seen[1]! + 0.072175 * seen[2]!,
    (0.0193339 * seen[0]! + 0.119192 * seen[1]! + 0.9503041 * seen[2]!) / 1.08883,
  ].map((value) => (value > 216 / 24389 ? Math.cbrt(value) : (24389 / 27) * value / 116 + 16 / 116)) as unknown as Rgb;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe("priorities 1 to 5 are told apart by colour too", () => {
  test.each(THEMES.flatMap((name) => Object.keys(SEEN_BY).map((eyes) => [name, eyes] as const)))("%s, %s", (name, eyes) => {
    const colours = theme(name);
    const seen = CHIPS.map((chip) => lab(token(colours, chip), SEEN_BY[eyes as keyof typeof SEEN_BY]));
    const distances = seen.flatMap((one, index) => seen.slice(index + 1).map((other) => Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2])));
    // CIE76: the design has 25 for the dark theme's worst eyes and 11 for the night's; a naive set had 1.
    expect(Math.min(...distances)).toBeGreaterThanOrEqual(name === "night" ? 10 : 20);
  });
});
