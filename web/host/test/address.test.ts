import assert from "node:assert/strict";
import { test } from "node:test";
import { meAddress, parseAddress, parsePage, programAddress } from "../src/address";

const at = (path: string) => parseAddress(new URL(path, "https://host.example"));

test("addresses of the home screen", () => {
  for (const path of ["/app/", "/app", "/", "/app/?lang=en"]) assert.deepEqual(at(path), { at: "home" }, path);
});

test("an address opens a program on a page with its query decoded", () => {
  const got = at("/app/shop?path=" + encodeURIComponent("/pages/detail/index?id=3&name=%E9%87%91&flag") + "&preview=1&scene=1007");
  assert.equal(got.at, "program");
  if (got.at !== "program") return;
  assert.equal(got.app, "shop");
  assert.equal(got.path, "pages/detail/index");
  assert.deepEqual({ ...got.query }, { id: "3", name: "金", flag: "" });
  assert.equal(got.preview, true);
  assert.equal(got.scene, 1007);
});

test("what is no address is nowhere, and never throws", () => {
  for (const path of ["/app/a/b", "/app/%", "/app/..%2f..", "/app/-x", "/application", "/app/" + "x".repeat(65), "/other", "/app/a%00b"]) {
    assert.equal(at(path).at, "nowhere", path);
  }
});

test("a scene that is none counts as a link", () => {
  for (const scene of ["", "x", "0", "99999", "1.5", "-1"]) assert.equal((at("/app/shop?scene=" + scene) as { scene: number }).scene, 1065, scene);
});

test("a query that cannot be decoded stays as it is", () => {
  assert.deepEqual({ ...parsePage("p?a=%zz&%=1&b=c=d#frag").query }, { a: "%zz", "%": "1", b: "c=d" });
});

test("a query named __proto__ is a plain entry", () => {
  const { query } = parsePage("p?__proto__=x");
  assert.equal(query["__proto__"], "x");
  assert.equal(({} as { x?: string }).x, undefined);
});

test("an address that is written can be read again", () => {
  for (const page of ["", "pages/a", "pages/a?x=1&y=%E4%B8%AD", "/pages/a?u=" + encodeURIComponent("https://x.example/?a=b&c=d")]) {
    const got = at(programAddress("shop", page, { preview: true }));
    assert.equal(got.at, "program");
    if (got.at === "program") assert.deepEqual({ path: got.path, query: got.query, preview: got.preview }, { ...parsePage(page), preview: true });
  }
});

test("the consumer's own pages", () => {
  const at = (path: string) => parseAddress(new URL(path, "https://host.example"));
  assert.deepEqual(at("/app/me"), { at: "me", page: "me", app: "" });
  assert.deepEqual(at("/app/me/"), { at: "me", page: "me", app: "" });
  for (const page of ["plus", "privacy", "devices"] as const) assert.deepEqual(at(meAddress(page)), { at: "me", page, app: "" });
  assert.deepEqual(at(meAddress("privacy", "app_1")), { at: "me", page: "privacy", app: "app_1" });
  for (const path of ["/app/me/unknown", "/app/me/plus/app_1", "/app/me/privacy/%20", "/app/me/privacy/a/b"]) assert.equal(at(path).at, "nowhere", path);
  assert.equal(at("/app/mee").at, "program");
});

test("a ticket is url-safe and not long, or none", () => {
  const ticket = (search: string) => (parseAddress(new URL("/app/shop?" + search, "https://host.example")) as { ticket: string }).ticket;
  assert.equal(ticket("ticket=abcDEF_-0123456789"), "abcDEF_-0123456789");
  for (const none of ["", "ticket=", "ticket=short", "ticket=" + "x".repeat(101), "ticket=%3Cscript%3E12345", "ticket=a%20b%20c%20d%20e"]) assert.equal(ticket(none), "", none);
});
