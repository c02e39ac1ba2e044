import { equal, ok, stage, test, type Stage } from "./harness";

interface Row { id: number; label: string }

/** `<view class="row" for="{{rows}}" key="id">{{item.label}}<view if="{{item.label == hot}}">!</view></view>`, between other nodes. */
function program(alone: boolean): Stage {
  const s = stage();
  s.unit("p", (R) => {
    const mark = R.b("!", [], 0, 0);
    const row = R.b('<mm-view class="row"><mm-text> </mm-text><!----></mm-view>', [[0, 0, 0], [0, 1]], 0, (b, f, c) => {
      const item = f.v as any;
      (c || R.u1(f.w, "label")) && R.t(b, 0, 0, item?.label);
      R.q(b, 0, 1, f, item?.label === f.d.hot ? 0 : -1, [mark]);
    });
    const html = alone ? "<!---->" : "<mm-view>before</mm-view><!----><mm-view>after</mm-view>";
    return { b: R.b(html, [[alone ? 0 : 1]], 0, (b, f) => R.f(b, 0, 0, f, f.d.rows, R.g1(f.u, "rows"), R.u1(f.u, "hot"), "id", row)) };
  });
  return s;
}

const shown = (s: Stage) => Array.from(s.body().querySelectorAll(".row"), (r) => r.textContent);
const wanted = (rows: Row[], hot: string) => rows.map((r) => r.label + (r.label === hot ? "!" : ""));

function random(seed: number): (n: number) => number {
  return (n) => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32) * n | 0;
}

for (const alone of [true, false])
  test(`a list shows its rows in order, whatever happens to it${alone ? "" : ", and leaves its neighbours alone"}`, () => {
    const s = program(alone);
    let id = 0;
    s.page("p", { rows: [], hot: "b2" });
    for (let seed = 1; seed <= 150; seed++) {
      const rnd = random(seed);
      let rows: Row[] = [];
      s.set(1, [["rows"], rows]);
      const kept = new Map<number, Element>();
      for (let turn = 0; turn < 8; turn++) {
        const what = rnd(7);
        if (what === 0) rows = Array.from({ length: rnd(8) }, () => ({ id: ++id, label: "r" + rnd(9) }));
        else if (what === 1) rows = rows.concat({ id: ++id, label: "b" + rnd(4) });
        else if (what === 2) rows = rows.filter(() => rnd(3) > 0);
        else if (what === 3) for (let i = rows.length - 1; i > 0; i--) { const j = rnd(i + 1); [rows[i], rows[j]] = [rows[j]!, rows[i]!]; }
        else if (what === 4) rows = [...rows.slice(rnd(3)), { id: ++id, label: "n" + rnd(9) }, ...rows.slice(0, 1)].filter((r, i, all) => all.findIndex((o) => o.id === r.id) === i);
        else if (what === 5) rows = rows.concat(rows.map((r) => ({ id: r.id, label: r.label + "'" })).slice(0, 1)); // a key twice
        else rows = rows.slice().reverse();
        if (rnd(4) === 0) s.set(1, [["rows"], rows], [["hot"], "b2"]);
        else s.set(1, [["rows"], rows]);
        equal(shown(s), wanted(rows, "b2"), `seed ${seed}, turn ${turn}`);
        const ids = rows.map((r) => r.id);
        const els = Array.from(s.body().querySelectorAll(".row"));
        if (new Set(ids).size === ids.length) {
          for (const [i, row] of rows.entries()) {
            if (kept.has(row.id)) ok(kept.get(row.id) === els[i], `seed ${seed}: row ${row.id} was made anew`);
          }
          kept.clear();
          rows.forEach((r, i) => kept.set(r.id, els[i]!));
        } else kept.clear();
      }
      if (!alone) equal([s.body().firstElementChild!.textContent, s.body().lastElementChild!.textContent], ["before", "after"]);
    }
  });

test("a change inside one row touches that row alone", () => {
  const s = stage();
  const runs: number[] = [];
  s.unit("p", (R) => {
    const row = R.b("<mm-view> </mm-view>", [[0, 0]], 0, (b, f) => {
      runs.push(f.k as number);
      R.t(b, 0, 0, (f.v as any).label);
    });
    return { b: R.b("<!---->", [[0]], 0, (b, f) => R.f(b, 0, 0, f, f.d.rows, R.g1(f.u, "rows"), false, "id", row)) };
  });
  s.page("p", { rows: Array.from({ length: 50 }, (_, i) => ({ id: i, label: "x" + i })) });
  runs.length = 0;
  s.set(1, [["rows", 7, "label"], "seven"], [["rows", 9], { id: 9, label: "nine" }]);
  equal(runs, [7, 9]);
  equal([s.body().children[7]!.textContent, s.body().children[9]!.textContent], ["seven", "nine"]);
  // another item under the index: the row is another one
  const before = s.body().children[3];
  s.set(1, [["rows", 3], { id: 333, label: "new" }]);
  ok(s.body().children[3] !== before && s.body().children[3]!.textContent === "new", "a new key is a new row");
});

test("lists of numbers, strings, objects and nothing show what they hold", () => {
  const s = stage();
  s.unit("p", (R) => {
    const row = R.b("<mm-view> </mm-view>", [[0, 0]], 0, (b, f) => R.t(b, 0, 0, f.k + ":" + f.v));
    return { b: R.b("<!---->", [[0]], 0, (b, f) => R.f(b, 0, 0, f, f.d.list, R.g1(f.u, "list"), false, 0, row)) };
  });
  s.page("p", {});
  const cases: [unknown, string[]][] = [
    [3, ["0:0", "1:1", "2:2"]], ["a京", ["0:a", "1:京"]], [{ x: 1, y: 2 }, ["x:1", "y:2"]], [null, []], [[5], ["0:5"]], [-1, []], [true, []], [["a", "b"], ["0:a", "1:b"]],
  ];
  for (const [list, want] of cases) {
    s.set(1, [["list"], list]);
    equal(Array.from(s.body().children, (e) => e.textContent), want, JSON.stringify(list));
  }
  s.set(1, [["list"], { x: 1, y: 2 }]);
  s.set(1, [["list", "y"], 3], [["list", "z"], 4]);
  equal(Array.from(s.body().children, (e) => e.textContent), ["x:1", "y:3", "z:4"]);
});

test("nested lists, branches and blocks without an element keep their order", () => {
  const s = stage();
  // <block for groups key=id><block if="{{item.open}}"><text for item.kids key=*this>{{item}}</text></block><block else>-</block></block>
  s.unit("p", (R) => {
    const kid = R.b("<mm-text> </mm-text>", [[0, 0]], 0, (b, f) => R.t(b, 0, 0, f.v));
    const open = R.b("<!---->", [[0]], 0, (b, f, c) => R.f(b, 0, 0, f, (f.v as any)?.kids, R.g1(c ? true : f.w, "kids"), false, "*this", kid));
    const shut = R.b("-", [], 0, 0);
    const group = R.b("<!---->", [[0]], 0, (b, f) => R.q(b, 0, 0, f, (f.v as any)?.open ? 0 : 1, [open, shut]));
    return { b: R.b("<!---->", [[0]], 0, (b, f) => R.f(b, 0, 0, f, f.d.groups, R.g1(f.u, "groups"), false, "id", group)) };
  });
  const rnd = random(7);
  let groups: { id: number; open: boolean; kids: string[] }[] = [];
  s.page("p", { groups });
  for (let turn = 0; turn < 400; turn++) {
    groups = groups.map((g) => ({ ...g, open: rnd(3) > 0 ? g.open : !g.open, kids: rnd(2) ? g.kids : "abcdef".split("").filter(() => rnd(2)) }));
    if (rnd(3) === 0) groups.push({ id: turn, open: !!rnd(2), kids: ["x", "y"] });
    if (rnd(3) === 0) groups.sort(() => rnd(3) - 1);
    if (groups.length > 6) groups = groups.slice(rnd(5));
    s.set(1, [["groups"], groups]);
    equal(s.body().textContent, groups.map((g) => (g.open ? g.kids.join("") : "-")).join(""), "turn " + turn);
  }
});

test("a row changed inside and then replaced by an equal one, all in one flush, shows the change", () => {
  const s = program(true);
  s.page("p", { rows: [{ id: 1, label: "a" }, { id: 2, label: "b" }], hot: "" });
  s.set(1, [["rows", 0, "label"], "A"], [["rows"], [{ id: 1, label: "A" }, { id: 2, label: "b" }]]);
  equal(shown(s), ["A", "b"]);
  s.set(1, [["rows"], [{ id: 2, label: "b" }, { id: 1, label: "A" }]]);
  equal(shown(s), ["b", "A"]);
});

test("keys that differ only in type, or are missing, still make rows of their own", () => {
  const s = program(true);
  s.page("p", { rows: [{ id: 1, label: "n" }, { id: "1", label: "s" }], hot: "" });
  equal(shown(s), ["n", "s"]);
  s.set(1, [["rows"], [{ id: "1", label: "s" }, { id: 1, label: "n" }, { label: "none" }, {}]]);
  equal(shown(s), ["s", "n", "none", ""]);
  s.set(1, [["rows"], [{ id: 1, label: "n" }]]);
  equal(shown(s), ["n"]);
});
