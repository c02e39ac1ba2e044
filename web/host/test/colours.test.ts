import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const css = readFileSync(join(process.cwd(), "host/src/host.css"), "utf8");
const block = (selector: string) => {
  const body = css.slice(css.indexOf(selector + " {")).split("}", 1)[0]!;
  return Object.fromEntries([...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((m) => [m[1]!, m[2]!]));
};
const light = block(":root");
const dark = { ...light, ...block(':root[data-theme="dark"]') };

/** Contrast as WCAG 2 defines it. */
function contrast(a: string, b: string): number {
  const luminance = (c: string) => {
    const [r, g, bl] = [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * bl!;
  };
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x! + 0.05) / (y! + 0.05);
}

for (const [name, c] of [["light", light], ["dark", dark]] as const) {
  test(`${name}: text is at least 4.5:1 on the ground it stands on`, () => {
    const pairs = [["ink", "paper"], ["ink", "card"], ["ink", "desk"], ["ink-2", "paper"], ["ink-2", "card"], ["ink-2", "desk"], ["ink-2", "desk-glow"], ["accent", "card"], ["accent-ink", "accent"], ["warn", "warn-ground"], ["error", "error-ground"], ["error", "card"]] as const;
    for (const [text, ground] of pairs) {
      const got = contrast(c[text]!, c[ground]!);
      assert.ok(got >= 4.5, `--${text} ${c[text]} on --${ground} ${c[ground]}: ${got.toFixed(2)}`);
    }
  });

  test(`${name}: the ring around what has the focus is at least 3:1`, () => {
    for (const ground of ["paper", "card"]) assert.ok(contrast(c["focus"]!, c[ground]!) >= 3, ground);
  });
}
