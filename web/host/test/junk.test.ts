import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAddress, parsePage } from "../src/address";
import { Args, CallFailed, weigh } from "../src/bridge/arguments";
import { connectable, picturable, requestable } from "../src/bridge/domains";
import { fromDataURL } from "../src/bridge/files";
import { readMeta } from "../src/bridge/network";
import { listed, readConsent, readDisclosure } from "../src/consents";
import { readDemoCode, readMe, readPlus } from "../src/consumer";
import { deviceName } from "../src/device-name";
import { readPlan } from "../src/plus";
import { readEvent } from "../src/preview/client";
import { readLaunch } from "../src/runner/launch";
import { readChrome, readTabBar } from "../src/runner/messages";
import { readListing } from "../src/shelf";

/** A small generator with a seed, so that a failure can be repeated. */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const words = ["app", "version", "name", "entry", "base", "frame", "config", "pages", "packages", "runtime", "worker", "view", "package", "list", "icon", "title", "page", "programs", "id", "url", "errors", "type", "build", "log",
  "__proto__", "constructor", "toString", "length", "", "%", "%zz", "?", "https://api.example.com", "data:image/png;base64,!", "wss://x", "//", "\u0000", "\ud800", "中", "x".repeat(300)];

function junk(r: () => number, depth = 0): unknown {
  const pick = <T>(list: T[]): T => list[Math.floor(r() * list.length)]!;
  const kind = Math.floor(r() * (depth > 3 ? 5 : 8));
  if (kind === 0) return pick([null, undefined, true, false, NaN, Infinity, -1, 0, 1.5, 1e21]);
  if (kind === 1) return Math.floor(r() * 1e6);
  if (kind < 5) return pick(words) + (r() < 0.3 ? pick(words) : "");
  if (kind === 5) return Array.from({ length: Math.floor(r() * 6) }, () => junk(r, depth + 1));
  const out: Record<string, unknown> = {};
  for (let i = Math.floor(r() * 8); i > 0; i--) Object.defineProperty(out, pick(words), { value: junk(r, depth + 1), enumerable: true, configurable: true, writable: true });
  return out;
}

test("readers of foreign values take any junk: they answer or refuse, and fail in no other way", () => {
  const domains = { request: ["https://api.example.com"] };
  for (let seed = 0; seed < 500; seed++) {
    const r = random(seed);
    const v = junk(r), text = String(junk(r, 9)), at = `seed ${seed}`;
    for (const read of [() => readLaunch(v), () => readListing(v), () => readMe(v)]) {
      try {
        read();
      } catch (e) {
        assert.ok(e instanceof Error && !(e instanceof TypeError) && !(e instanceof RangeError), `${at}: ${String(e)}`);
      }
    }
    assert.doesNotThrow(() => { readChrome(v); readTabBar(v, () => null); weigh(v, 10_000); readMeta(text); readEvent(text, 0); fromDataURL(text); parsePage(text); }, at);
    assert.doesNotThrow(() => { readPlus(v); readDemoCode(v); listed(v).items.forEach((o) => { readConsent(o); readDisclosure(o); readPlan(o); }); deviceName(text); }, at);
    assert.doesNotThrow(() => { requestable(text, domains); connectable(text, domains); picturable(text, domains); }, at);
    try {
      parseAddress(new URL("/app/" + text, "https://host.example"));
    } catch (e) {
      assert.ok(e instanceof TypeError && String(e).includes("URL"), `${at}: ${String(e)}`); // the text was no URL at all
    }
    try {
      const a = new Args(v);
      for (const name of words) for (const read of [() => a.text(name, { max: 9, or: "" }), () => a.texts(name, { min: 0, max: 3, each: 9, or: [] }), () => a.pairs(name, { max: 3, each: 99 }), () => a.number(name, { min: 0, max: 9, or: 0 }), () => a.body(name)]) {
        try {
          read();
        } catch (e) {
          assert.ok(e instanceof CallFailed, `${at} ${name}: ${String(e)}`);
        }
      }
    } catch (e) {
      assert.ok(e instanceof CallFailed, `${at}: ${String(e)}`);
    }
  }
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
});

/** A copy of v in which one place, however deep, is something else. */
function mutated(v: unknown, r: () => number): unknown {
  if (v === null || typeof v !== "object" || r() < 0.15) return junk(r, 2);
  const keys = Object.keys(v);
  if (keys.length === 0) return junk(r, 2);
  const key = keys[Math.floor(r() * keys.length)]!;
  const copy: Record<string, unknown> = Array.isArray(v) ? ([...v] as unknown as Record<string, unknown>) : { ...(v as Record<string, unknown>) };
  copy[key] = mutated(copy[key], r);
  return copy;
}

test("a launch manifest with any one place spoilt is read or refused by name", () => {
  const whole = {
    app: "shop", version: "1", versionType: "release", name: "铺", dialect: "jd", entry: "pages/a", config: { pages: ["pages/a"], entry: "pages/a", window: {}, subPackages: [] },
    pages: { "pages/a": { package: "", view: ["common.js", "a.js"] }, "sub/b": { package: "sub", view: ["b.js"] } }, packages: { "": { logic: "main.js" }, sub: { logic: "sub.js", independent: false } },
    assets: { "a.png": "1.png" }, base: "/p/", domains: { request: ["https://x.example"] }, limits: { storage: 1, flush: 1 }, frame: "/run/f", runtime: { worker: "/p/w.js", builtins: { form: "/p/form.js" } },
  };
  let refused = 0;
  for (let seed = 0; seed < 3000; seed++) {
    try {
      readLaunch(mutated(whole, random(seed)));
    } catch (e) {
      refused++;
      assert.ok(e instanceof Error && e.message.startsWith("launch manifest: "), `seed ${seed}: ${String(e)}`);
    }
  }
  assert.ok(refused > 500 && refused < 3000, `${refused} refused`);
});
