import assert from "node:assert/strict";
import { test } from "node:test";
import { days, perDay } from "./daily";

const at = (s: string): number => new Date(s).getTime();

test("an axis is n days in a row and ends today", () => {
  assert.deepEqual(days(3, at("2026-03-01T09:00:00")), ["2026-02-27", "2026-02-28", "2026-03-01"]);
  assert.equal(new Set(days(400, at("2026-11-01T23:59:00"))).size, 400);
});

test("times are counted on their day, others are left out", () => {
  const axis = days(2, at("2026-05-02T12:00:00"));
  assert.deepEqual(perDay([at("2026-05-01T00:00:00"), at("2026-05-01T23:59:59"), at("2026-05-02T00:00:00"), at("2026-04-30T23:59:59"), 0], axis), [2, 1]);
});
