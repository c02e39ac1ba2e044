import { defined, details, equal, finger, key, mouse, ok, stage, test, type, until, wait, type Stage } from "./harness";

const el = (id: string) => document.getElementById(id)!;
const handlers = (...types: string[]) => Object.fromEntries(types.map((t) => [t, ["on" + t, 0] as [string, number]]));

/** Elements with ids, each with static attributes and events. */
async function controls(html: string, stat: Record<string, { a?: Record<string, unknown>; e?: string[] }>, data: Record<string, unknown> = {}): Promise<Stage> {
  const s = stage();
  s.unit("p", (R) => {
    const probe = document.createElement("template");
    probe.innerHTML = html;
    const paths: number[][] = [];
    const entries: [number, object][] = [];
    for (const id in stat) {
      const path: number[] = [];
      for (let at: Node = probe.content.querySelector("#" + id)!; at !== probe.content; at = at.parentNode!) path.unshift(Array.from(at.parentNode!.childNodes).indexOf(at as ChildNode));
      entries.push([paths.push(path) - 1, { a: stat[id]!.a, e: handlers(...(stat[id]!.e || [])) }]);
    }
    return { b: R.b(html, paths, entries as any, (b, f, c) => { (c || R.u1(f.u, "v")) && "v" in f.d && R.a(b, 0, 0, "value", f.d.v, R.g1(f.u, "v")); }) };
  });
  s.page("p", data);
  await defined("form");
  return s;
}

test("typing into an input is told, Enter confirms, and the program's value is shown", async () => {
  const s = await controls('<mm-input id="i" style="height:40px"></mm-input>', { i: { a: { placeholder: "name", maxlength: 8, "model:value": ["a", "b"] }, e: ["input", "focus", "blur", "confirm"] } }, { v: "x" });
  const input = el("i").querySelector("input")!;
  equal([input.value, input.maxLength], ["x", 8]);
  await mouse.click(el("i"));
  await type("yz");
  equal(details(s, "input").map((d) => d.value), ["xyz"]);
  await type("!");
  ok(s.sent.some((m) => "w" in m && m.w[0] === 1 && m.w[1].join() === "a,b" && m.w[2] === "xyz!"), "two-way");
  await key("Enter", "\r");
  equal([details(s, "confirm"), document.activeElement === input], [[{ value: "xyz!" }], false]);
  s.set(1, [["v"], "0123456789"]);
  equal(input.value, "01234567");
  s.set(1, [["v"], "0123"]);
  equal(input.value, "0123");
});

test("what comes back late or unchanged from the program does not undo what was typed since", async () => {
  const s = await controls('<mm-input id="i"></mm-input>', { i: { e: ["input"] } }, { v: "" });
  const input = el("i").querySelector("input")!;
  input.focus();
  await type("a");
  await type("b");
  s.set(1, [["v"], "a"]);
  equal(input.value, "ab", "late echo");
  s.set(1, [["v"], "ab"]);
  equal(input.value, "ab");
  await type("c");
  s.set(1, [["v"], "ab"]);
  equal(input.value, "abc", "the value the program had set before is no news");
  s.set(1, [["v"], "a-b"]);
  equal(input.value, "a-b", "another one is");
});

test("kinds of input, password, disabled, focus from data", async () => {
  const s = await controls('<mm-input id="n"></mm-input><mm-input id="p"></mm-input><mm-input id="f"></mm-input>', {
    n: { a: { type: "number" } }, p: { a: { password: true, disabled: true, "placeholder-style": "color:red", "placeholder-class": "hint", placeholder: "secret" } }, f: { a: { focus: true, type: "digit", "confirm-type": "search" }, e: ["focus"] },
  });
  const inner = (id: string) => el(id).querySelector("input")!;
  equal([inner("n").inputMode, inner("p").type, inner("p").disabled, inner("f").inputMode, inner("f").enterKeyHint], ["numeric", "password", true, "decimal", "search"]);
  const hint = el("p").querySelector<HTMLElement>(".mm-hint")!;
  equal([hint.textContent, getComputedStyle(hint).color, hint.classList.contains("p--hint")], ["secret", "rgb(255, 0, 0)", true]);
  await until("focus", () => document.activeElement === inner("f"));
  equal(details(s, "focus").length, 1);
});

test("a textarea grows with its lines and tells so", async () => {
  const s = await controls('<mm-textarea id="t" style="width:200px;line-height:20px"></mm-textarea>', { t: { a: { "auto-height": true, maxlength: -1 }, e: ["linechange", "input"] } });
  await until("first line", () => s.sent.some((m) => "e" in m));
  await mouse.click(el("t"));
  await type("one\ntwo\nthree");
  await until("three lines", () => details(s, "linechange").some((d) => d.lineCount === 3));
  ok(Math.abs(el("t").offsetHeight - 60) < 4, "three lines high: " + el("t").offsetHeight);
});

test("checkboxes and radios tell their group, a switch tells itself, labels reach them", async () => {
  const s = await controls(
    '<mm-checkbox-group id="g"><mm-label id="l" style="display:block;height:30px"><mm-checkbox id="a"></mm-checkbox></mm-label><mm-checkbox id="b"></mm-checkbox><mm-checkbox id="d"></mm-checkbox></mm-checkbox-group>' +
    '<mm-radio-group id="r"><mm-radio id="x"></mm-radio><mm-radio id="y"></mm-radio></mm-radio-group><mm-switch id="s"></mm-switch>',
    { g: { e: ["change"] }, l: {}, a: { a: { value: "A" } }, b: { a: { value: "B", checked: true } }, d: { a: { value: "D", disabled: true } }, r: { e: ["change"] }, x: { a: { value: "X", checked: true } }, y: { a: { value: "Y" } }, s: { a: { "model:checked": ["on"] }, e: ["change"] } });
  await mouse.click({ x: 300, y: el("l").getBoundingClientRect().top + 10 });
  equal(details(s, "change"), [{ value: ["A", "B"] }]);
  await finger.tap(el("b"));
  await until("b off", () => s.sent.some((m) => "e" in m));
  equal(details(s, "change"), [{ value: ["A"] }]);
  await mouse.click(el("d"));
  equal(details(s, "change"), []);
  await mouse.click(el("y"));
  equal([details(s, "change"), el("x").getAttribute("aria-checked")], [[{ value: "Y" }], "false"]);
  await mouse.click(el("y"));
  equal(details(s, "change"), [], "a chosen radio stays chosen");
  el("s").focus();
  await key(" ", " ");
  ok(s.sent.some((m) => "w" in m && m.w[2] === true), "two-way");
  equal(details(s, "change"), [{ value: true }]);
});

test("a slider follows the finger in steps, and the keys", async () => {
  const s = await controls('<mm-slider id="s"></mm-slider>', { s: { a: { min: 10, max: 20, step: 0.5, value: 12 }, e: ["change", "changing"] } });
  await mouse.drag(el("s").querySelector(".mm-knob")!, 1000, 0, 4);
  const all = s.sent.flatMap((m) => ("e" in m ? m.e.map(([, , e]) => [e.type, (e.detail as any).value]) : []));
  equal(all[all.length - 1], ["change", 20]);
  ok(all.slice(0, -1).every(([t, v]) => t === "changing" && (v * 2) % 1 === 0), "steps: " + JSON.stringify(all));
  s.sent.length = 0;
  el("s").focus();
  await key("ArrowLeft");
  equal(details(s, "change"), [{ value: 19.5 }]);
});

test("a form gathers the names in it, its fields come back on reset", async () => {
  const s = await controls(
    '<mm-form id="f"><mm-input id="i"></mm-input><mm-switch id="s"></mm-switch><mm-checkbox-group id="g"><mm-checkbox id="c"></mm-checkbox></mm-checkbox-group><mm-picker id="p">pick</mm-picker><mm-slider id="r"></mm-slider><mm-button id="ok">ok</mm-button><mm-button id="no">no</mm-button></mm-form>',
    { f: { e: ["submit", "reset"] }, i: { a: { name: "who", value: "me" } }, s: { a: { name: "on" } }, g: { a: { name: "many" } }, c: { a: { value: "C", checked: true } }, p: { a: { name: "pick", range: ["a", "b"], value: 1 } }, r: { a: { name: "much", value: 30 } }, ok: { a: { "form-type": "submit" } }, no: { a: { "form-type": "reset" } } });
  await mouse.click(el("i"));
  await type("!");
  await mouse.click(el("s"));
  await mouse.click(el("c"));
  await mouse.click(el("ok"));
  equal(details(s, "submit").map((d) => d.value), [{ who: "me!", on: true, many: [], pick: 1, much: 30 }]);
  await mouse.click(el("no"));
  await mouse.click(el("ok"));
  equal(details(s, "submit").map((d) => d.value), [{ who: "me", on: false, many: ["C"], pick: 1, much: 30 }]);
});

test("a picker offers its range on a sheet and tells the choice, or that there was none", async () => {
  const s = await controls('<mm-picker id="p">pick</mm-picker>', { p: { a: { range: [{ n: "one" }, { n: "two" }, { n: "three" }], "range-key": "n", value: 0 }, e: ["change", "cancel"] } });
  await mouse.click(el("p"));
  const sheet = () => document.querySelector("mm-picker-sheet");
  await wait(250);
  equal(Array.from(sheet()!.querySelectorAll(".mm-wheel > div"), (d) => d.textContent), ["one", "two", "three"]);
  await mouse.click(sheet()!.querySelectorAll(".mm-wheel > div")[1]!);
  await wait(500);
  await mouse.click(sheet()!.querySelectorAll("button")[1]!);
  equal(details(s, "change"), [{ value: 1 }]);
  await until("sheet gone", () => !sheet());
  await mouse.click(el("p"));
  await wait(250);
  await mouse.click({ x: 100, y: 60 });
  equal(details(s, "cancel"), [{}]);
});

test("dates and times keep within their bounds", async () => {
  const s = await controls('<mm-picker id="d">d</mm-picker><mm-picker id="t">t</mm-picker>', {
    d: { a: { mode: "date", start: "2026-02-10", end: "2026-03-05", value: "2026-02-28" }, e: ["change"] }, t: { a: { mode: "time", start: "09:30", end: "18:00", value: "08:00" }, e: ["change"] } });
  await mouse.click(el("d"));
  await wait(250);
  const columns = () => Array.from(document.querySelectorAll("mm-picker-sheet .mm-wheel"), (w) => [w.firstElementChild!.textContent, w.childElementCount]);
  equal(columns(), [["2026年", 1], ["02月", 2], ["10日", 19]]);
  const months = document.querySelectorAll<HTMLElement>("mm-picker-sheet .mm-wheel")[1]!;
  months.scrollTop = 40;
  await until("march", () => columns()[2]![1] === 5);
  await mouse.click(document.querySelectorAll("mm-picker-sheet button")[1]!);
  equal(details(s, "change"), [{ value: "2026-03-05" }]);
  await until("sheet gone", () => !document.querySelector("mm-picker-sheet"));
  await mouse.click(el("t"));
  await wait(250);
  await mouse.click(document.querySelectorAll("mm-picker-sheet button")[1]!);
  equal(details(s, "change"), [{ value: "09:30" }]);
});

test("a picker-view turns its columns and tells where they rest", async () => {
  const item = (n: number) => Array.from({ length: n }, (_, i) => `<mm-view>${i}</mm-view>`).join("");
  const s = await controls(`<mm-picker-view id="p" style="height:200px"><mm-picker-view-column id="a">${item(9)}</mm-picker-view-column><mm-picker-view-column>${item(5)}</mm-picker-view-column></mm-picker-view>`,
    { p: { a: { value: [3, 1], "indicator-style": "height: 50px" }, e: ["change"] } });
  await until("placed", () => Math.abs(el("a").scrollTop - 150) < 1);
  equal((el("a").firstElementChild as HTMLElement).offsetHeight, 50);
  el("a").scrollTop = 250;
  await until("told", () => s.sent.some((m) => "e" in m));
  equal(details(s, "change"), [{ value: [5, 1] }]);
});
