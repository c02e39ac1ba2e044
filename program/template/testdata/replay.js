// Runs emitted code against stand-ins for the two runtimes that keep what was written, in the way the real ones do: a
// list visits a row only when its item, its index or the outside changed. What stands after random changes must be what
// a fresh start with the same data gives.
const registered = { view: {}, logic: {} };
let side;
const $T = (file, fn) => (registered[side][file] = fn);
const scripts = {};

const show = (v) => {
  if (v === undefined) return "undefined";
  if (Array.isArray(v)) return "[" + Array.from(v, show) + "]";
  if (v && typeof v === "object") return "{" + Object.keys(v).sort().map((k) => k + ":" + show(v[k])) + "}";
  return typeof v === "string" ? JSON.stringify(v) : String(v);
};

function start(which, data) {
  const files = {};
  const file = (name) => files[name] || (files[name] = registered[which][name](R));
  const grow = (def, f) => {
    const b = { def, f, nodes: {}, regions: [], v: [] };
    if (def.fn) def.fn(b, f, true);
    return b;
  };
  const run = (b, f) => { b.f = f; if (b.def.fn) b.def.fn(b, f, false); };
  const node = (b, n) => b.nodes[n] || (b.nodes[n] = {});
  const text = (v) => (v === null || v === undefined ? "" : "" + v);
  const find = (T, name) => {
    if (Object.hasOwn(T.t, name)) return T.t[name];
    for (let i = T.i.length - 1; i >= 0; i--) {
      const t = file(T.i[i]) && file(T.i[i]).t;
      if (t && Object.hasOwn(t, name)) return t[name];
    }
  };
  const list = (b, r, f, value, ul, oc, key, def) => {
    const g = b.regions[r];
    if (g && ul === undefined && !oc) return;
    const { items, index } = lists.entries(value);
    const keys = lists.listKeys(items, key);
    const rows = keys.map((k, j) => {
      const i = g ? g.keys.indexOf(k) : -1, at = index ? index[j] : j;
      if (i < 0) return grow(def, { i: f.i, d: f.d, u: f.u, p: f, v: items[j], k: at, w: true, x: true });
      const b = g.rows[i], rf = b.f;
      Object.assign(rf, { d: f.d, u: f.u, p: f, v: items[j], x: rf.k !== at || undefined, k: at });
      rf.w = ul === true || ul === undefined ? ul : i === j && !rf.x ? ul[at] : true;
      if (rf.w !== undefined || oc || rf.x) run(b, rf);
      return b;
    });
    b.regions[r] = { keys, rows };
  };
  const branch = (b, r, f, which, blocks) => {
    const g = b.regions[r];
    if (g && g.which === which) return void (g.rows[0] && run(g.rows[0], f));
    b.regions[r] = { which, rows: which >= 0 && blocks[which] ? [grow(blocks[which], f)] : [] };
  };
  const call = (b, r, f, no, name, data, u, T) => {
    const g = b.regions[r];
    if (g && g.name === name) {
      g.f.d = data;
      if (!g.rows[0] || u === undefined || (u !== true && Object.values(u).every((x) => x === undefined))) return;
      g.f.u = u;
      return run(g.rows[0], g.f);
    }
    const frame = { i: f.i, d: data, u: true, p: null };
    const def = find(T, name);
    b.regions[r] = { name, no, f: frame, rows: def ? [grow(def, frame)] : [] };
  };
  const host = (b, r, f, no, slots, extra) => {
    let g = b.regions[r];
    if (g) {
      for (const name in slots) run(g.slots[name], f);
      return g;
    }
    b.regions[r] = g = { no, slots: {}, ...extra };
    for (const name in slots) g.slots[name] = grow(slots[name], f);
    return g;
  };
  const base = { ...change, y: which === "view" ? text : (v) => (v === null || v === undefined ? "" : v), w: (id) => scripts[id] };
  const R = which === "view" ? {
    ...base,
    b: (html, paths, stat, fn) => ({ html, paths, stat, fn }),
    t: (b, v, n, x) => { node(b, n).text = text(x); },
    c: (b, v, n, x) => { node(b, n).class = show(x); },
    s: (b, v, n, x) => { node(b, n).style = show(x); },
    i: (b, v, n, x) => { node(b, n).id = show(x); },
    h: (b, v, n, x) => { node(b, n).hidden = !!x; },
    d: (b, n, name, x) => { node(b, n)["data-" + name] = show(x); },
    m: (b, n, name, x) => { node(b, n)["mark-" + name] = show(x); },
    a: (b, v, n, name, x, u) => {
      if (v in b.v && b.v[v] === x && (u === undefined || x === null || typeof x !== "object")) return;
      b.v[v] = x;
      node(b, n)[name] = show(x);
    },
    e: (b, n, type, flags, x) => { node(b, n)["on" + type] = show(x) + flags; },
    f: (b, r, n, ...rest) => list(b, r, ...rest),
    q: (b, r, n, ...rest) => branch(b, r, ...rest),
    p: (b, r, n, ...rest) => call(b, r, ...rest),
    k: (b, r, n, f, no, slots) => void host(b, r, f, no, slots || {}, { n }),
    o: (b, r, n, f, name) => { b.regions[r] = { slot: name }; },
  } : {
    ...base,
    b: (fn) => ({ fn }),
    f: list, q: branch, p: call,
    k: (b, r, f, no, tag, c, spec) => {
      const g = host(b, r, f, no, spec.s || {}, { tag, spec, f, props: {} });
      if (spec.p) spec.p(f, c, (name, x) => { g.props[name] = show(x); });
    },
    l: (b, r, f, spec, block) => void host(b, r, f, -1, { "": block }, { spec, f }),
    o: (b, r, f, name) => { b.regions[r] = { slot: name }; },
  };
  const picture = (b) => ({
    html: b.def.html,
    nodes: b.nodes,
    regions: b.regions.map((g) => g && {
      keys: g.keys && g.keys.map(String), which: g.which, name: g.name, no: g.no, slot: g.slot === undefined ? undefined : show(g.slot), tag: g.tag, props: g.props,
      a: g.spec && g.spec.a ? show(g.spec.a(g.f)) : undefined, E: g.spec && g.spec.E ? show(g.spec.E(g.f)) : undefined,
      rows: g.rows && g.rows.map(picture), slots: g.slots && Object.fromEntries(Object.entries(g.slots).map(([k, b]) => [k, picture(b)])),
    }),
  });
  const frame = { i: 1, d: data, u: undefined, p: null };
  const def = file("page.jxml").b;
  const root = grow(def, frame);
  return { update(u) { frame.u = u; run(root, frame); }, picture: () => picture(root) };
}

function randomly(seed) {
  const next = () => ((seed = (seed * 1103515245 + 12345) & 0x7fffffff) >>> 8);
  const pick = (list) => list[next() % list.length];
  const leaf = () => pick([0, 1, 2, "", "x", "中", true, false, null, "a,b"]);
  const value = (depth) => {
    if (depth === 0 || next() % 3 === 0) return leaf();
    if (next() % 2) return Array.from({ length: next() % 4 }, () => value(depth - 1));
    return { b: value(depth - 1), c: value(depth - 1), x: leaf(), id: leaf() };
  };
  const row = () => ({ id: next() % 6, label: leaf(), hot: next() % 3 === 0, list: next() % 4 ? Array.from({ length: next() % 3 }, () => (next() % 2 ? leaf() : { id: next() % 3, label: leaf() })) : leaf() });
  const data = () => ({ a: value(3), b: value(2), c: value(2), theme: leaf(), selected: next() % 6, u1: leaf(), u2: leaf(), u3: leaf(), u4: leaf(), u5: leaf(), u6: leaf(), rows: Array.from({ length: next() % 5 }, row) });
  const set = () => {
    const i = next() % 5;
    return pick([
      () => [["a"], value(3)], () => [["a", "b"], value(2)], () => [["a", "b", "c"], leaf()], () => [["a", next() % 4], value(1)], () => [["a", next() % 4, "b"], value(1)],
      () => [["b"], value(2)], () => [["c"], value(2)], () => [["c", "x"], leaf()], () => [["theme"], leaf()], () => [["u" + (1 + (next() % 6))], leaf()], () => [["u" + (1 + (next() % 6))], leaf()], () => [["selected"], next() % 6],
      () => [["rows"], Array.from({ length: next() % 5 }, row)], () => [["rows", i], row()], () => [["rows", i, "label"], leaf()], () => [["rows", i, "hot"], next() % 2 === 0],
      () => [["rows", i, "list"], value(2)], () => [["rows", i, "list", next() % 3], leaf()], () => [["rows", i, "list", next() % 3, "label"], leaf()], () => [["rows", i, "id"], next() % 9],
    ])();
  };
  return { data, set, next };
}

function differ(a, b, path) {
  if (JSON.stringify(a) === JSON.stringify(b)) return "";
  if (a && b && typeof a === "object" && typeof b === "object") {
    for (const k of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const d = differ(a[k], b[k], path + "." + k);
      if (d) return d;
    }
  }
  return path + ": stands " + JSON.stringify(a) + ", should be " + JSON.stringify(b);
}

function replay(which, rounds) {
  const wrong = [];
  for (let seed = 1; seed <= rounds && wrong.length < 3; seed++) {
    const rnd = randomly(seed * 7919);
    const data = rnd.data();
    const live = start(which, data);
    const done = [];
    for (let step = 0; step < 4; step++) {
      let u;
      for (let n = 1 + (rnd.next() % 2); n > 0; n--) {
        const [path, value] = rnd.set();
        // Setting below a text or a number makes it a list, and what a loop over it showed goes without a mark: no
        // program means that.
        if (path.some((_, i) => ["string", "number"].includes(typeof path.slice(0, i).reduce((v, k) => (v === null || v === undefined ? v : v[k]), data)))) continue;
        change.setAt(data, path, value);
        u = change.mark(u, path);
        done.push(path.join(".") + "=" + show(value));
      }
      live.update(u);
      const d = differ(live.picture(), start(which, data).picture(), which);
      if (d) {
        wrong.push("seed " + seed + " after " + done.join("; ") + "\n  " + d);
        break;
      }
    }
  }
  return wrong;
}
