import assert from "node:assert/strict";
import { test } from "node:test";
import { Rate, Watchdog } from "../src/runner/guard";

test("messages are fine, then too many, then a flood, and counted anew each second", () => {
  let now = 1000;
  const rate = new Rate({ soft: 3, hard: 5 }, () => now);
  const burst = (n: number) => Array.from({ length: n }, () => rate.hit());
  assert.deepEqual(burst(6), ["ok", "ok", "ok", "slow", "slow", "stop"]);
  now += 999;
  assert.equal(rate.hit(), "stop");
  now += 1;
  assert.deepEqual(burst(2), ["ok", "ok"]);
});

function watched() {
  const said: string[] = [];
  const at = { now: 0 };
  const dog = new Watchdog({ ping: (n) => said.push("ping " + n), silent: () => said.push("silent"), back: () => said.push("back"), now: () => at.now, silence: 5000 });
  return { dog, said, at };
}

test("a program that answers is asked again and again, and left alone", () => {
  const { dog, said, at } = watched();
  for (let n = 1; n <= 3; n++, at.now += 1000) {
    dog.tick();
    dog.pong(n);
  }
  assert.deepEqual(said, ["ping 1", "ping 2", "ping 3"]);
});

test("a silent program is reported once, and so is its return", () => {
  const { dog, said, at } = watched();
  for (; at.now <= 8000; at.now += 1000) dog.tick();
  dog.pong(1);
  dog.tick();
  assert.deepEqual(said, ["ping 1", "silent", "back", "ping 2"]);
});

test("an answer to an older question proves nothing", () => {
  const { dog, said, at } = watched();
  dog.tick();
  dog.pong(1);
  dog.tick();
  dog.pong(1);
  at.now = 5000;
  dog.tick();
  assert.deepEqual(said, ["ping 1", "ping 2", "silent"]);
});

test("time in a hidden page does not count", () => {
  const { dog, said, at } = watched();
  dog.tick();
  dog.rest();
  at.now = 60_000;
  dog.tick();
  at.now = 64_000;
  dog.tick();
  assert.deepEqual(said, ["ping 1", "ping 2"]);
});
