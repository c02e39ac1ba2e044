import assert from "node:assert/strict";
import { test } from "node:test";
import { setLang } from "../words/lang";
import { bytes, endOfDay, moment, share, startOfDay } from "./format";

const at = (s: string): number => new Date(s).getTime();

test("times are said as people do, in their language", () => {
  setLang("zh");
  assert.equal(moment(at("2026-11-27T09:05:00"), at("2026-11-27T20:00:00")), "今天 09:05");
  assert.match(moment(at("2026-11-26T09:05:00"), at("2026-11-27T20:00:00")), /^11月26日.*09:05$/);
  assert.match(moment(at("2025-11-26T09:05:00"), at("2026-11-27T20:00:00")), /2025/);
  setLang("en");
  assert.equal(moment(at("2026-11-27T00:05:00"), at("2026-11-27T20:00:00")), "Today 00:05");
  assert.equal(moment(0), "");
  assert.equal(moment(undefined), "");
});

test("sizes and shares are short", () => {
  setLang("en");
  assert.equal(bytes(0), "0 B");
  assert.equal(bytes(999), "999 B");
  assert.equal(bytes(231_040), "231 KB");
  assert.equal(bytes(20_971_520), "21 MB");
  assert.equal(share(10_000), "1%");
  assert.equal(share(1_000_000), "100%");
  assert.equal(share(1), "0.0001%");
});

test("a day of a form begins and ends where the reader lives", () => {
  assert.equal(endOfDay("2026-11-27") - startOfDay("2026-11-27"), 86_399_000);
  assert.equal(endOfDay(""), 0);
  assert.equal(startOfDay(undefined), 0);
});
