import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("../../app/globals.css", import.meta.url), "utf8");

/** The tokens of globals.css: [light, dark] by name. */
const tokens = new Map(
  [...css.matchAll(/--color-([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, [light, dark] as const],
  ),
);

/** Relative luminance of a `#rrggbb` colour (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ["canvas", "sidebar", "surface", "hover"];
const pairs: [text: string, ground: string, least: number][] = [
  ...["ink", "soft", "faint", "accent", "danger"].flatMap((text) =>
    grounds.map((ground): [string, string, number] => [text, ground, 4.5]),
  ),
  ...["ink", "soft", "accent"].map((text): [string, string, number] => [text, "pressed", 4.5]),
  ["ink", "accent-soft", 4.5],
  ["accent", "accent-soft", 4.5],
  ["faint", "accent-soft", 4.5],
  ["danger", "danger-soft", 4.5],
  ["on-accent", "accent", 4.5],
  ["on-accent", "accent-strong", 4.5],
  ["on-danger", "danger", 4.5],
  ["on-danger", "danger-strong", 4.5],
  // What is no text but must be seen: the edges of controls, and the rings of priorities (WCAG 1.4.11).
  ...["edge", "p0", "p1", "p2", "p3", "p4", "p5"].flatMap((mark) =>
    ["canvas", "surface", "hover"].map((ground): [string, string, number] => [mark, ground, 3]),
  ),
];

describe("the colours", () => {
  it.each(pairs)("let %s be read on %s (at least %s : 1), light and dark", (text, ground, least) => {
    const [one, other] = [tokens.get(text), tokens.get(ground)];
    if (!one || !other) throw new Error(`globals.css has no ${one ? ground : text}.`);
    expect(contrast(one[0], other[0])).toBeGreaterThanOrEqual(least);
    expect(contrast(one[1], other[1])).toBeGreaterThanOrEqual(least);
  });
});
