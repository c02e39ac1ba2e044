import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem, problemOf } from "../api/client";
import { setLang } from "../words/lang";
import { explain, sortOut } from "./problem";

setLang("en");
const wrong = (...errors: [string, string][]): Problem => new Problem(422, "invalid", "all in one", errors.map(([field, message]) => ({ field, message })));

test("each complaint goes to its field, what has none to the form", () => {
  const { fields, rest } = sortOut(wrong(["name", "too long"], ["answers.purpose", "missing"], ["gone", "odd"], ["", "as a whole"]), ["name", "answers.purpose"]);
  assert.deepEqual([...fields], [["name", ["too long"]], ["answers.purpose", ["missing"]]]);
  assert.deepEqual(rest, ["gone: odd", "as a whole"]);
});

test("an element of a list goes to the list's field and says which it is", () => {
  const { fields } = sortOut(wrong(["request[2]", "no https"], ["request[0]", "twice"], ["limits.callsPerDay.a:b", "too much"]), ["request", "limits"]);
  assert.deepEqual(fields.get("request"), ["3: no https", "1: twice"]);
  assert.deepEqual(fields.get("limits"), ["too much"]);
});

test("a problem without fields is said as it is", () => {
  assert.deepEqual(sortOut(new Problem(409, "conflict", "it is out already"), ["name"]).rest, ["it is out already"]);
  assert.match(explain(new Problem(0, "unreachable", "")), /cannot be reached/);
  assert.match(explain(new Problem(429, "exhausted", "too often", [], "", 30)), /30 seconds/);
  assert.match(explain(new Problem(500, "internal", "our mistake", [], "req_1")), /req_1/);
  assert.equal(explain(new Error("boom")), "boom");
  for (const said of ["Failed to fetch dynamically imported module: http://x/y.js", "error loading dynamically imported module: http://x/y.js", "Importing a module script failed."]) assert.match(explain(new TypeError(said)), /did not come/);
});

test("whatever a server answers becomes a problem", () => {
  for (const text of ["", "<html>", "null", "[]", "1", '{"errors":"x"}', '{"errors":[null,1,{"field":5}]}', '{"detail":7}']) {
    const p = problemOf(502, text);
    assert.equal(p.status, 502, text);
    assert.equal(typeof p.message, "string");
    assert.ok(Array.isArray(p.errors));
    assert.ok(explain(p).length > 0);
  }
  assert.deepEqual(problemOf(422, '{"errors":[{"field":"body.name","message":"m"}]}').errors, [{ field: "name", message: "m" }]);
});
