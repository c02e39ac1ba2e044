import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { dictionaries } from "../src/words/lang";
import "../src/words/account";
import "../src/words/desk";
import "../src/words/device";
import "../src/words/home";
import "../src/words/me";
import "../src/words/overlays";
import "../src/words/preview";
import "../src/words/runner";
import "../src/words/sharing";

test("every dictionary file is looked at here", () => {
  const files = readdirSync(join(process.cwd(), "host/src/words")).map((f) => f.replace(/\.ts$/, "")).filter((f) => f !== "lang").sort();
  assert.deepEqual(dictionaries.map((d) => d.name).sort(), files);
});

for (const { name, zh, en } of dictionaries) {
  test(`${name}: both languages say everything, and each in its own script`, () => {
    assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort());
    for (const key of Object.keys(zh)) {
      const [a, b] = [zh[key]!, en[key]!];
      assert.equal(typeof a, typeof b, key);
      if (typeof a === "function") assert.equal(a.length, (b as typeof a).length, `${key}: both take the same parameters`);
      const say = (w: typeof a, arg: string) => (typeof w === "function" ? (w as (...args: string[]) => string)(...Array<string>(w.length).fill(arg)) : w);
      const chinese = say(a, "7"), english = say(b, "7");
      assert.ok(chinese.trim() && english.trim(), `${key} is empty`);
      if (typeof a === "function") assert.ok(chinese.includes("7") && english.includes("7"), `${key} leaves out what it is told`);
      if (key === "language" || key === "languageShort") continue; // these speak of the other language, in it
      assert.match(chinese, /\p{Script=Han}/u, `${key} has no Chinese: ${chinese}`);
      assert.doesNotMatch(english, /\p{Script=Han}/u, `${key} has Chinese in its English: ${english}`);
    }
  });
}
