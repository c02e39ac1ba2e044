import assert from "node:assert/strict";
import { test } from "node:test";
import { at, comeBack, match } from "./router";

test("a path is matched part by part, and values are decoded", () => {
  assert.deepEqual(match("/orgs/:org/apps/:app", "/orgs/org_1/apps/a%2Fb"), { org: "org_1", app: "a/b" });
  assert.deepEqual(match("/orgs/:org", "/orgs/x/"), { org: "x" });
  assert.equal(match("/orgs/:org", "/orgs"), null);
  assert.equal(match("/orgs/:org", "/orgs/a/b"), null);
  assert.equal(match("/orgs/:org", "/orgs/%E0%A4%A"), null); // the encoding of nothing
});

test("what is put into a path comes out of it", () => {
  for (const value of ["org_1", "a/b", "é 中", "100%", "..", "?x#y"]) assert.deepEqual(match("/o/:v/x", at("/o/:v/x", { v: value })), { v: value });
});

test("after signing in one comes back to a page of ours and no other place", () => {
  assert.equal(comeBack("/orgs/org_1/members?query=a"), "/orgs/org_1/members?query=a");
  for (const elsewhere of [null, "", "//evil.example", "/\\evil.example", "\\/evil", "https://evil.example", "javascript:alert(1)", "/a\n/b", "/ok\\..\\x", "orgs"]) assert.equal(comeBack(elsewhere), "/", String(elsewhere));
});
