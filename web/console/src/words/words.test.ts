import assert from "node:assert/strict";
import { test } from "node:test";
import "./account";
import "./actions";
import "./capability";
import "./common";
import "./details";
import "./door";
import "./jos";
import "./keys";
import { dictionaries } from "./lang";
import "./operator";
import "./organisation";
import "./program";
import "./reference";
import "./review";
import "./self";
import "./shell";

const say = (word: unknown): string => (typeof word === "function" ? (word as (...args: unknown[]) => string)(...Array.from({ length: word.length }, () => "7")) : String(word));

test("every word is there in both languages, and is in its language", () => {
  assert.ok(dictionaries.length >= 14);
  for (const { name, zh, en } of dictionaries) {
    assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort(), name);
    for (const key of Object.keys(zh)) {
      const z = say(zh[key]), e = say(en[key]);
      assert.ok(z.trim() && e.trim(), `${name}.${key} is empty`);
      // The switch of languages is written in the other one, for who reads only that.
      if (key !== "language" && key !== "languageShort") assert.doesNotMatch(e, /[\u4e00-\u9fff]/, `${name}.${key} in English`);
    }
  }
});
