import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../api/account";
import { setLang } from "../words/lang";
import { actorName, detailText, details, pageOf, targetName } from "./detail";
import type { Names } from "./known";

const names: Names = {
  of: (id) => ({ app_1: "Tea", key_1: "CI", per_2: "Li" })[id],
  capability: (name) => ({ "phone-number": "Phone number" })[name] ?? name,
  privacy: (kind) => ({ membership: "PLUS membership" })[kind] ?? kind,
};
const entry = (action: string, target: string, detail: Record<string, string>): Entry => ({ id: "aud_1", actor: "per_1", actorName: "Chen", organisation: "org_1", action, target, detail, address: "", at: 0 });
const text = (action: string, target: string, detail: Record<string, string>): string => detailText(entry(action, target, detail), names, "org_1");

test("details are told in words", () => {
  setLang("en");
  assert.equal(text("release.staged", "app_1", { version: "ver_3", number: "3", share: "100000" }), "Version: #3; Share of devices: 10%");
  assert.equal(text("session.begun", "ses_1", { agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36" }), "Browser: Chrome · Linux");
  assert.equal(text("app.changed", "app_1", { privacy: '{"membership":"to greet you","gone":""}' }), "Privacy statements: PLUS membership: to greet you");
  assert.equal(text("app.domains-changed", "app_1", { domains: '{"request":["https://a.example","https://b.example"],"media":[]}' }), "Domains: Requests: https://a.example, https://b.example");
  assert.equal(text("member.role-changed", "per_2", { from: "readonly", to: "developer" }), "From: Read-only; To: Developer");
  assert.equal(text("organisation.renamed", "org_1", { from: "readonly", to: "developer" }), "From: readonly; To: developer");
  assert.equal(text("membership.plans-changed", "plans", { "plus-year": "365 days, ¥149.00" }), "plus-year: 365 days, ¥149.00");
  assert.equal(text("host.rotated", "hst_1", { overlapSeconds: "86400" }), "Overlap: 1 day");
  assert.equal(text("settings.changed", "platform", { selfSignUp: "yes → no" }), "Signing up: open to anybody → closed");
  const granted = text("capability.granted", "app_1", { capability: "phone-number", application: "cap_1", from: "1795804239545", until: "0" });
  assert.match(granted, /^Capability: Phone number; Since: .*2026.*; Until: no end$|^Capability: Phone number; Since: (?!1795).*; Until: no end$/);
  setLang("zh");
  assert.equal(text("release.staged", "app_1", { version: "ver_3", number: "3", share: "100000" }), "版本: #3; 设备比例: 10%");
});

test("what is not known stays as it is, and nothing breaks on it", () => {
  setLang("en");
  assert.equal(text("moon.landed", "moo_1", { crew: "3", log: '{"a":[1,{"b":2}],"c":null}' }), 'crew: 3; log: a: 1, {"b":2}');
  for (const value of ["{", "[", "[]", "{}", "null", "{\"a\":", "\u0000", "<b>", "9".repeat(400)]) for (const key of ["privacy", "domains", "share", "from", "until", "expires", "types", "agent", "number", "x"]) {
    for (const action of ["app.changed", "capability.granted", "member.role-changed", "host.created", "membership.plans-changed"]) assert.doesNotThrow(() => text(action, "app_1", { [key]: value }), `${action} ${key} ${value}`);
  }
  assert.deepEqual(details({ ...entry("x.y", "", {}), detail: null as never }, names, ""), []);
});

test("targets and actors are called by their names, and lead to their pages", () => {
  setLang("en");
  const uploaded = entry("version.uploaded", "ver_3", { app: "app_1", number: "3", label: "1.2.0", key: "key_1" });
  assert.equal(targetName(uploaded, names), "#3 1.2.0");
  assert.equal(pageOf("ver_3", uploaded, "org_1"), "/orgs/org_1/apps/app_1/versions/ver_3");
  assert.equal(pageOf("app_1", uploaded, ""), "/operator/programs/app_1");
  assert.equal(actorName({ ...uploaded, actor: "", actorName: "" }, names, "The platform"), "Key CI");
  assert.equal(actorName({ ...uploaded, actor: "", actorName: "", detail: {} }, names, "The platform"), "The platform");
  assert.equal(detailText({ ...uploaded, actor: "", actorName: "" }, names, "org_1"), "Program: Tea");
  assert.equal(pageOf("whe_1", entry("webhook.deleted", "whe_1", { app: "app_1" }), "org_1"), "");
  assert.equal(targetName(entry("member.removed", "per_2", {}), names), "Li");
});
