import assert from "node:assert/strict";
import { test } from "node:test";
import { Asking } from "../src/bridge/asking";
import { press } from "../src/bridge/buttons";
import type { Context } from "../src/bridge/bridge";
import { Consumer, readDemoCode, readMe, type Kind } from "../src/consumer";
import { Problem } from "../src/fetching";
import { Identity } from "../src/runner/identity";
import type { Launch } from "../src/runner/launch";
import { Overlays, UNREAD, type Dialog } from "../src/ui/overlays";

const me = { id: "csm_1", phone: "138****8000", nickname: "小满", avatar: "fox", avatarUrl: "/avatars/fox.svg", plus: { level: "none", until: 0 } };

/** A program with a consumer, a platform that answers as told, and a finger that answers sheets. */
function rig(o: { signedIn?: boolean; capabilities?: string[]; privacy?: Record<string, string>; answers?: Record<string, (body?: unknown) => unknown>; tapped?: () => boolean } = {}) {
  const asked: string[] = [], sheets: Dialog[] = [];
  let now = 0, refused = 0, session = o.signedIn !== false;
  const answers: Record<string, (body?: unknown) => unknown> = {
    "GET /me": () => { if (!session) throw new Problem(401, "unauthenticated", "sign in first"); return me; },
    "POST /session": () => { session = true; return {}; },
    "POST /programs/app/login": () => { if (!session) throw new Problem(401, "unauthenticated", "sign in first"); return { code: "c1" }; },
    ...Object.fromEntries((["profile", "phone-number", "membership"] as Kind[]).flatMap((k) => [
      [`GET /programs/app/consents/${k}`, () => ({ given: false, purpose: "因为" + k, allowed: true })],
      [`POST /programs/app/consents/${k}`, () => ({ nickName: "小满", code: "p1", level: "none", until: 0 })],
      [`POST /programs/app/disclosures/${k}`, () => ({ nickName: "小满", level: "none", until: 0 })],
    ])),
    ...o.answers,
  };
  const consumer = new Consumer(async (method, path, body) => {
    asked.push(method + " " + path);
    const answer = answers[method + " " + path];
    if (!answer) throw new Problem(404, "not_found", `no ${method} ${path}`);
    return answer(body);
  }, true);
  Object.assign(consumer, { begun: Promise.resolve(), me: session ? readMe(me) : null }); // looked for already
  const overlays = new Overlays(() => now);
  let next: (d: Dialog, answer: (v: unknown) => void) => void = (_, answer) => answer({});
  overlays.follow(() => {
    const top = overlays.dialogs.at(-1);
    if (!top || sheets.includes(top.dialog)) return;
    sheets.push(top.dialog);
    now += UNREAD;
    queueMicrotask(() => next(top.dialog, top.answer));
  });
  const launch = {
    app: "app", name: "铺", organisation: "某公司", versionType: "release", ticket: "", capabilities: o.capabilities ?? ["phone-number", "plus-membership"], gates: { getPhoneNumber: "phone-number", getPlusStatus: "plus-membership" },
    privacy: o.privacy ?? { profile: "p", "phone-number": "n", membership: "m" },
  } as unknown as Launch;
  const identity = new Identity({ launch: () => launch, overlays, consumer, asking: new Asking(o.tapped ?? (() => false)), signal: new AbortController().signal, refused: () => void refused++ });
  return {
    identity, consumer, overlays, asked, sheets, launch,
    answer: (f: typeof next) => void (next = f), pass: (ms: number) => void (now += ms), signOutElsewhere: () => void (session = false),
    get refused() { return refused; },
  };
}

const fails = (p: Promise<unknown>, words: string | RegExp) => assert.rejects(p, (e: Error) => (typeof words === "string" ? e.message === words : words.test(e.message)));

test("a consent is asked for once, and a phone number each time", async () => {
  const r = rig();
  await r.identity.disclose("profile", "会员卡", { deny: "auth deny" });
  const sheet = r.sheets[0] as Extract<Dialog, { kind: "consent" }>;
  assert.deepEqual([sheet.kind, sheet.what, sheet.organisation, sheet.purpose, sheet.words], ["consent", "profile", "某公司", "因为profile", "会员卡"]);
  const given = rig({ answers: { "GET /programs/app/consents/profile": () => ({ given: true, purpose: "p", allowed: true }), "GET /programs/app/consents/phone-number": () => ({ given: true, purpose: "p", allowed: true }) } });
  await given.identity.disclose("profile", "", { deny: "auth deny" });
  assert.equal(given.sheets.length, 0);
  assert.deepEqual(given.asked.slice(-1), ["POST /programs/app/disclosures/profile"]);
  await given.identity.disclose("phone-number", "", { anew: true, deny: "user deny" });
  assert.equal(given.sheets.length, 1);
});

test("no consent, nothing asked of the platform but what the sheet says", async () => {
  const r = rig();
  r.answer((_, answer) => answer(null));
  await fails(r.identity.disclose("profile", "", { deny: "auth deny" }), "auth deny");
  assert.deepEqual(r.asked, ["GET /programs/app/consents/profile"]);
});

test("without a statement, or when the platform says no, nobody is asked", async () => {
  const r = rig({ privacy: {} });
  await fails(r.identity.disclose("profile", "", { deny: "x" }), /no privacy statement for "profile"/);
  assert.deepEqual(r.asked, []);
  const no = rig({ answers: { "GET /programs/app/consents/membership": () => ({ given: true, purpose: "", allowed: false, reason: "程序没有能力" }) } });
  await fails(no.identity.disclose("membership", "", { deny: "x" }), "程序没有能力");
  assert.deepEqual([no.sheets.length, no.refused], [0, 1]);
});

test("the gate names the capability; what nothing gates is open", () => {
  const { identity } = rig({ capabilities: ["phone-number"] });
  identity.gate("getPhoneNumber");
  identity.gate("constructor");
  assert.throws(() => identity.gate("getPlusStatus"), /"plus-membership"/);
});

test("one question at a time, and two refusals are enough until the consumer taps", async () => {
  let tapped = false;
  const r = rig({ tapped: () => tapped });
  let answer: ((v: unknown) => void) | null = null;
  r.answer((_, a) => (answer = a));
  const first = r.identity.disclose("profile", "", { deny: "auth deny" });
  await new Promise((done) => setTimeout(done));
  await fails(r.identity.disclose("membership", "", { deny: "auth deny" }), /being asked something else/);
  answer!(null);
  await fails(first, "auth deny");
  r.answer((_, a) => a(null));
  await fails(r.identity.disclose("membership", "", { deny: "auth deny" }), "auth deny");
  for (let i = 0; i < 5; i++) await fails(r.identity.disclose("profile", "", { deny: "auth deny" }), /refused 2 times/);
  assert.equal(r.sheets.length, 2);
  tapped = true;
  r.answer((_, a) => a({}));
  await r.identity.disclose("profile", "", { deny: "auth deny" });
  tapped = false;
  await r.identity.disclose("membership", "", { deny: "auth deny" }); // who agreed is not pestered
});

test("a sheet takes no yes before it can have been read, and a no at once", async () => {
  let now = 0;
  const o = new Overlays(() => now);
  const asked = o.open({ kind: "consent", what: "profile", app: "a", name: "铺", icon: "", organisation: "", purpose: "", words: "", me: readMe(me) });
  o.dialogs[0]!.answer({});
  assert.equal(o.dialogs.length, 1, "a finger that was tapping already has agreed to nothing");
  now += UNREAD;
  o.dialogs[0]!.answer({});
  assert.deepEqual(await asked, {});
  const again = o.open({ kind: "consent", what: "profile", app: "a", name: "铺", icon: "", organisation: "", purpose: "", words: "", me: readMe(me) });
  o.cancelTop();
  assert.equal(await again, null);
  const typed = o.open({ kind: "sign-in", program: null }); // nobody signs in by a stray tap
  o.dialogs[0]!.answer({});
  assert.deepEqual(await typed, {});
});

test("while the platform asks, nothing a program can open lies over it", async () => {
  const o = new Overlays();
  const below = o.open({ kind: "modal", title: "", content: "在下面", cancel: "", confirm: "" });
  const asked = o.open({ kind: "consent", what: "profile", app: "a", name: "铺", icon: "", organisation: "", purpose: "", words: "", me: readMe(me) });
  for (const d of [
    { kind: "modal", title: "", content: "x", cancel: "", confirm: "" }, { kind: "actions", title: "", items: ["x"], color: "" }, { kind: "gallery", urls: ["x"], at: 0 },
    { kind: "share", title: "", name: "", link: "", image: null }, { kind: "sign-in", program: null },
  ] as Dialog[]) await fails(o.open(d), /being asked something/);
  assert.equal(o.dialogs.at(-1)!.dialog.kind, "consent");
  o.hideToast();
  o.showToast({ title: "允许", icon: "none", image: null, mask: true }, null);
  assert.equal(o.questioning, true, "the view draws no toast now");
  const menu = o.open({ kind: "menu", program: {} as never, canShare: false, favourite: false }); // the capsule is the consumer's
  o.clear();
  assert.deepEqual(await Promise.all([below, asked, menu]), [null, null, null]);
});

test("who is signed out signs in on the way, and all who wait are served by one sheet", async () => {
  const r = rig({ signedIn: false });
  r.answer((d, answer) => { if (d.kind === "sign-in") void r.consumer.signIn("c", "246810").then(() => answer({})); else answer({}); });
  const [a, b] = await Promise.all([r.identity.login(), r.identity.login()]);
  assert.deepEqual([a, b, r.sheets.length], [{ code: "c1" }, { code: "c1" }, 1]);
});

test("who leaves the sheet of sign-in fails the call as a cancel", async () => {
  const r = rig({ signedIn: false });
  r.answer((_, answer) => answer(null));
  await fails(r.identity.login(), "cancel");
  assert.equal(await r.identity.loggedIn(), false, "and nobody is asked for a check");
  assert.deepEqual(r.asked, []);
});

test("a session that ended elsewhere is asked for once more", async () => {
  const r = rig();
  r.signOutElsewhere();
  r.answer((d, answer) => { if (d.kind === "sign-in") void r.consumer.signIn("c", "246810").then(() => answer({})); });
  assert.deepEqual(await r.identity.login(), { code: "c1" });
  assert.equal(r.sheets.length, 1);
});

test("a consumer who became another one meanwhile has agreed to nothing", async () => {
  const r = rig();
  r.answer((_, answer) => { r.consumer.me = readMe({ ...me, id: "csm_2" }); answer({}); });
  await fails(r.identity.disclose("phone-number", "", { anew: true, deny: "user deny" }), /another one now/);
  assert.ok(!r.asked.includes("POST /programs/app/consents/phone-number"));
});

test("the server's words are the call's, and make the host look again", async () => {
  const r = rig({ answers: { "POST /programs/app/consents/phone-number": () => { throw new Problem(403, "denied", "能力已被收回"); } } });
  await fails(r.identity.disclose("phone-number", "", { anew: true, deny: "user deny" }), "能力已被收回");
  assert.equal(r.refused, 1);
});

test("a program that is not out names its ticket in what it asks", async () => {
  const r = rig({ answers: { "POST /programs/app/login?ticket=t-123": () => ({ code: "trial" }) } });
  r.launch.ticket = "t-123";
  assert.deepEqual(await r.identity.login(), { code: "trial" });
});

test("buttons that nobody knows fail in words, whatever they are called", async () => {
  const context = { identity: rig().identity } as unknown as Context;
  for (const type of ["contact", "constructor", "__proto__", "x".repeat(500)]) assert.match((await press(type, context, () => {})).errMsg, /:fail not available/);
});

test("a button's phone number", async () => {
  const told: string[] = [];
  const context = { identity: rig().identity } as unknown as Context;
  assert.deepEqual(await press("getPhoneNumber", context, (m) => told.push(m)), { errMsg: "getPhoneNumber:ok", code: "p1" });
  const none = { identity: rig({ capabilities: [] }).identity } as unknown as Context;
  assert.match((await press("getPhoneNumber", none, (m) => told.push(m))).errMsg, /getPhoneNumber:fail .*"phone-number"/);
  assert.equal(told.length, 1, "a developer is told");
});

test("a demo's code is the newest of six digits", () => {
  assert.equal(readDemoCode({ items: [{ text: "您的验证码是 111111。", at: 1 }, { text: "code 222222 holds", at: 2 }] }), "222222");
  assert.equal(readDemoCode({ items: [{ code: "333333", at: 1 }] }), "333333");
  for (const junk of [null, {}, { items: 3 }, { items: [null] }, { items: [{ text: "1234567" }] }]) assert.equal(readDemoCode(junk), "");
});
