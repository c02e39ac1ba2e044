import assert from "node:assert/strict";
import { test } from "node:test";
import { Steps, type Entry, type HistoryLike } from "../src/steps";

/** A history like the browser's: going back is announced later. */
function browser(start = "/app/") {
  const entries: { state: Entry | null; url: string }[] = [{ state: null, url: start }];
  let at = 0, depth = 0;
  const arrivals: string[] = [], steppedBack: number[] = [];
  const history: HistoryLike = {
    get state() { return entries[at]!.state; },
    pushState(state, _, url) { entries.splice(++at, entries.length, { state, url: url ?? entries[at - 1]!.url }); },
    replaceState(state, _, url) { entries[at] = { state, url: url ?? entries[at]!.url }; },
    go(by) { setTimeout(() => { at = Math.max(0, at + by); steps.popped(); }, 2); },
  };
  const steps = new Steps(history, {
    arrive: () => { arrivals.push(entries[at]!.url); depth = 0; },
    stepBack: () => { if (depth === 0) return false; steppedBack.push(depth--); steps.guard(depth > 0); return true; },
  });
  const settled = () => new Promise((done) => setTimeout(done, 30));
  return { steps, arrivals, steppedBack, settled, back: async () => { history.go(-1); await settled(); }, deepen: (to: number) => { depth = to; steps.guard(to > 0); }, trail: () => entries.slice(0, at + 1).map((e) => e.state?.mm + " " + e.url) };
}

test("back closes a program that has nothing to go back to", async () => {
  const b = browser();
  b.steps.start("home");
  b.steps.open("/app/shop", "home");
  await b.back();
  assert.deepEqual(b.arrivals, ["/app/shop", "/app/"]);
});

test("back goes through a program's pages one by one before it closes it", async () => {
  const b = browser();
  b.steps.start("home");
  b.steps.open("/app/shop", "home");
  b.deepen(2);
  await b.back();
  assert.deepEqual(b.trail(), ["home /app/", "program /app/shop", "guard /app/shop"]);
  await b.back();
  assert.deepEqual(b.trail(), ["home /app/", "program /app/shop"]);
  assert.deepEqual(b.steppedBack, [2, 1]);
  await b.back();
  assert.deepEqual(b.trail(), ["home /app/"]);
  assert.deepEqual(b.arrivals, ["/app/shop", "/app/"]);
});

test("closing a program leads to the home below it, whether or not a guard lies on it", async () => {
  for (const depth of [0, 3]) {
    const b = browser();
    b.steps.start("home");
    b.steps.open("/app/shop", "home");
    b.deepen(depth);
    b.steps.close();
    await b.settled();
    assert.deepEqual(b.trail(), ["home /app/"]);
    assert.deepEqual(b.arrivals, ["/app/shop", "/app/"]);
    assert.deepEqual(b.steppedBack, []);
  }
});

test("a program opened by a link is replaced by home", async () => {
  const b = browser("/app/shop?path=pages/a");
  b.steps.start("program");
  b.deepen(1);
  b.steps.close();
  await b.settled();
  assert.deepEqual(b.trail(), ["home /app/"]);
});

test("a program that opens another right after a dialog closes leaves no step behind", async () => {
  const b = browser();
  b.steps.start("home");
  b.steps.open("/app/from", "home");
  b.deepen(1); // the dialog
  b.deepen(0); // answered
  b.steps.open("/app/to", "program");
  await b.settled();
  assert.deepEqual(b.trail(), ["home /app/", "program /app/to"]);
  assert.deepEqual(b.arrivals, ["/app/from", "/app/to"]);
});

test("dialogs that open and close faster than the browser goes back end as they should", async () => {
  const b = browser();
  b.steps.start("home");
  b.steps.open("/app/shop", "home");
  for (let i = 0; i < 5; i++) {
    b.deepen(1);
    b.deepen(0);
  }
  b.deepen(1);
  await b.settled();
  assert.deepEqual(b.trail(), ["home /app/", "program /app/shop", "guard /app/shop"]);
  b.deepen(0);
  b.deepen(1);
  b.deepen(0);
  b.steps.close();
  await b.settled();
  assert.deepEqual(b.trail(), ["home /app/"]);
});

test("a reload on a guard stands on the program, and keeps where it came from", async () => {
  const b = browser();
  b.steps.start("home");
  b.steps.open("/app/shop", "home");
  b.deepen(1);
  b.steps.start("program"); // the page was loaded again
  b.steps.guard(false);
  b.steps.close();
  await b.settled();
  assert.equal(b.arrivals.at(-1), "/app/shop", "one entry of the program lies below the reloaded one");
});

test("the consumer's own pages lie on each other, and up is back where they were come from", async () => {
  const b = browser();
  b.steps.start("home");
  b.steps.open("/app/me", "home", "me");
  b.steps.open("/app/me/privacy", "me", "me");
  assert.deepEqual(b.trail(), ["home /app/", "me /app/me", "me /app/me/privacy"]);
  b.steps.close("/app/me", "me");
  await b.settled();
  assert.deepEqual(b.trail(), ["home /app/", "me /app/me"]);
  b.steps.open("/app/shop", "me");
  b.steps.close();
  await b.settled();
  assert.deepEqual(b.trail(), ["home /app/", "me /app/me"]);
});

test("one of them that was opened by its address leads to what it belongs to", async () => {
  const b = browser("/app/me/plus");
  b.steps.start("me");
  b.steps.close("/app/me", "me");
  assert.deepEqual(b.trail(), ["me /app/me"]);
  b.steps.close();
  assert.deepEqual(b.trail(), ["home /app/"]);
});

test("back takes a dialog off home before it leaves", async () => {
  const b = browser();
  b.steps.start("home");
  b.deepen(1);
  assert.deepEqual(b.trail(), ["home /app/", "guard /app/"]);
  await b.back();
  assert.deepEqual([b.trail(), b.steppedBack], [["home /app/"], [1]]);
  b.deepen(1);
  b.deepen(0); // answered, and then on
  b.steps.open("/app/me", "home", "me");
  await b.settled();
  assert.deepEqual(b.trail(), ["home /app/", "me /app/me"]);
});
