// One step at a time, so that the driver can read the main thread's CPU clock before and after each.
import { glassEasel } from "./glass-easel.js";
import { minimart } from "./minimart.js";
import { react } from "./react.js";
import { vanilla } from "./vanilla.js";
import { vue } from "./vue.js";

const kinds = { vanilla, minimart, vue, react, "glass-easel": glassEasel };
const words = ["pretty", "large", "big", "small", "tall", "short", "long", "handsome", "plain", "quaint"];
let nextId = 1;
const makeRows = (n) => Array.from({ length: n }, () => {
  const id = nextId++;
  return { id, label: `${words[id % 10]} ${words[(id * 7) % 10]} ${id}` };
});

const host = document.getElementById("host");
const rows = () => host.querySelectorAll(".row");
const expect = (ok, what) => {
  if (!ok) throw new Error(`${current.kind}: ${what}`);
};
let current;

const steps = {
  mount(kind, n) {
    host.textContent = "";
    const first = makeRows(n);
    const changes = first.map((row, i) => [i, row.label + " !!!"]).filter(([i]) => i % 10 === 0);
    const relabelled = first.map((row, i) => (i % 10 ? row : { ...row, label: row.label + " !!!" }));
    const swapped = relabelled.slice();
    [swapped[1], swapped[n - 2]] = [swapped[n - 2], swapped[1]];
    const removed = swapped.filter((_, i) => i !== n >> 1);
    const plan = { first, changes, swapped, removed, second: makeRows(n) };
    current = { kind, n, ...plan, impl: kinds[kind](plan) };
    // Every kind stands in a scrolling box of the same size; ours brings its own, as a page of a mini program does.
    const box = kind === "minimart" ? host : host.appendChild(document.createElement("div"));
    if (box !== host) box.className = "page";
    return current.impl.mount(box);
  },
  create: () => current.impl.create(current.first),
  update: () => current.impl.update(current.changes),
  swap: () => current.impl.swap(current.swapped, 1, current.n - 2),
  remove: () => current.impl.remove(current.removed, current.n >> 1),
  replace: () => current.impl.replace(current.second),
  unmount: () => current.impl.unmount(),
};
const checks = {
  create: () => expect(rows().length === current.n, "not all rows were made"),
  update: () => expect(rows()[10].textContent.endsWith("!!!") && !rows()[11].textContent.endsWith("!!!"), "labels did not change"),
  swap: () => expect(rows()[1].textContent.includes(current.swapped[1].label) && rows()[current.n - 2].textContent.includes(current.swapped[current.n - 2].label), "rows did not swap"),
  remove: () => expect(rows().length === current.n - 1, "the row is still there"),
  replace: () => expect(rows().length === current.n && rows()[0].textContent.includes(current.second[0].label), "rows were not replaced"),
};

window.kinds = Object.keys(kinds);
const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
window.step = async (name, kind, n) => {
  await steps[name](kind, n);
  host.offsetHeight; // style and layout are part of the price, and so is the frame that shows it
  await frame();
};
window.check = (name) => checks[name]?.();
