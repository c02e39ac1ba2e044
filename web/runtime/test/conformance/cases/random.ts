// Programs nobody thought of: random templates over a fixed shape of data, random sequences of setData and taps. Each case is
// made of its number alone, so that a failure can be repeated.
import { one, PAGE, type Case, type Part, type Step } from "../case";

/** Numbers 0 ≤ x < 1 that follow from a seed (mulberry32). */
function dice(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

class Author {
  private readonly roll: () => number;
  private taps = 0;
  templates = "";
  /** components: their lifetimes are compared, so list keys are made unique; which of two equal keys moves is nobody's promise */
  constructor(seed: number, private readonly components: boolean) {
    this.roll = dice(seed);
  }
  private ids = 10;
  id(): number {
    return this.components ? this.ids++ : this.n(6);
  }
  n(below: number): number {
    return Math.floor(this.roll() * below);
  }
  pick<T>(of: readonly T[]): T {
    return of[this.n(of.length)]!;
  }

  // ---- data: n number, s text, b condition, l list of {id, v, k: list}, o object of objects, z nothing at first

  value(depth = 2): unknown {
    return this.pick<() => unknown>([() => this.n(5), () => this.pick(["", "x", "a b", "7", "小集"]), () => this.roll() < 0.5, () => null, () => undefined,
      () => (depth ? { a: this.value(depth - 1), c: this.value(depth - 1) } : 1), () => (depth ? Array.from({ length: this.n(3) }, () => this.value(depth - 1) ?? 3) : 2)])();
  }
  row(): object {
    return { id: this.id(), v: this.pick([this.n(9), "t" + this.n(9), null]), k: this.keys() };
  }
  keys(): unknown[] {
    return Array.from({ length: this.n(4) }, () => this.pick([1, 2, 3, "1", "x"]));
  }
  rows(): object[] {
    return Array.from({ length: this.n(5) }, () => this.row());
  }
  data(): Record<string, unknown> {
    return { n: this.n(4), s: this.pick(["s", "", "x y"]), b: this.roll() < 0.5, l: this.rows(), o: { a: { c: this.n(3) }, b: this.value(1) } };
  }
  /** What one setData says. */
  change(l: number): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (let i = this.n(3); i >= 0; i--) {
      const at = this.n(Math.max(1, l));
      this.pick([
        () => (out.n = this.n(4)), () => (out.s = this.pick(["s", "", "t", "x y"])), () => (out.b = this.roll() < 0.5), () => (out.l = this.rows()),
        () => (out[`l[${at}].v`] = this.value(0)), () => (out[`l[${at}].k`] = this.keys()), () => (out[`l[${at}].id`] = this.id()), () => (out[`l[${at}].k[${this.n(3)}]`] = this.n(4)), () => (out[`l[${at}]`] = this.row()),
        () => (out["o.a.c"] = this.value(0)), () => (out["o.b"] = this.value(1)), () => (out["o.d.e"] = this.n(9)), () => (out.o = { a: { c: 1 } }), () => (out.z = this.value()), () => (out["z"] = this.n(3)),
      ])();
    }
    return out;
  }

  // ---- templates

  /** An expression over the data and the loop variables around it. */
  expr(vars: string[], depth = 2): string {
    if (!depth || this.roll() < 0.35) return this.pick(["n", "s", "b", "l.length", "o.a.c", "o.b", "z", "z.a", "o.d.e", "1", "'k'", ...vars, ...vars, ...vars]);
    const e = () => this.expr(vars, depth - 1);
    return this.pick([() => `${e()} + '-' + ${e()}`, () => `!${this.atom(vars)}`, () => `(${e()}) == (${e()})`, () => `${e()} ? ${e()} : ${e()}`, () => `${e()} && ${e()}`, () => `${e()} || ${e()}`, () => `l[${this.n(3)}].v`, () => `(${e()}) > ${this.n(4)}`])();
  }
  private atom(vars: string[]): string {
    return this.expr(vars, 0);
  }

  private list(vars: string[], inner: (vars: string[], attr: string) => string, depth: number): string {
    const id = `i${depth}`, ix = `x${depth}`;
    const rows = () => inner([...vars, `${id}.v`, `${id}.id`, ix], `wx:for="{{l}}" wx:for-item="${id}" wx:for-index="${ix}" ${this.pick([`wx:key="id"`, `wx:key="id"`, this.components ? "" : `wx:key="v"`, ""])}`);
    const keys = () => inner([...vars, id, ix], `wx:for="{{${vars.find((v) => v.endsWith(".id"))?.replace(".id", ".k") ?? "o"}}}" wx:for-item="${id}" wx:for-index="${ix}" ${this.components ? "" : this.pick([`wx:key="*this"`, ""])}`);
    const few = () => inner([...vars, id], `wx:for="{{[${this.expr(vars, 1)}, n, 3]}}" wx:for-item="${id}" ${this.components ? "" : `wx:key="*this"`}`);
    return this.pick([rows, rows, keys, few])();
  }

  nodes(vars: string[], depth: number): string {
    let out = "";
    for (let i = this.n(3) + 1; i > 0; i--) out += this.node(vars, depth);
    return out;
  }

  private node(vars: string[], depth: number): string {
    const text = () => `{{${this.expr(vars)}}}`;
    const plain = () => `<view class="a {{${this.expr(vars, 1)} ? 'y' : ''}}" data-d="{{${this.expr(vars, 1)}}}">${this.pick(["", "t", "t "])}${text()}</view>`;
    if (!depth) return plain();
    const inside = (v = vars) => this.nodes(v, depth - 1);
    const some: (() => string)[] = [
      plain, () => `<view>${inside()}</view>`, () => `<view id="t${this.taps++}" data-t="{{${this.expr(vars, 1)}}}" bindtap="tap">${inside()}</view>`,
      () => `<view wx:if="{{${this.expr(vars)}}}">${inside()}</view><block wx:elif="{{${this.expr(vars)}}}">${inside()}</block><view wx:else>${inside()}</view>`,
      () => `<block wx:if="{{${this.expr(vars)}}}">${inside()}</block>`,
      () => this.list(vars, (v, attr) => `<block ${attr}>${inside(v)}</block>`, depth),
      () => this.list(vars, (v, attr) => `<view ${attr}>${inside(v)}</view>`, depth),
      () => {
        const name = `u${(this.templates.match(/<template/g) || []).length}`;
        this.templates += `<template name="${name}"><view>${name} ${`{{p}} {{q.v}} {{r}}`}<block wx:for="{{q.k}}" wx:key="*this">{{item}}{{p}}</block></view></template>`;
        return `<template is="{{${this.expr(vars, 1)} ? '${name}' : 'u0'}}" data="{{${this.pick([`p: ${this.expr(vars, 1)}, q: l[0]`, `...o, p: n, r: s`, `q: l[${this.n(2)}], r: ${this.expr(vars, 1)}`])}}}"/>`;
      },
    ];
    if (this.components) {
      const props = () => `p="{{${this.expr(vars)}}}" ${this.roll() < 0.5 ? `q="{{${this.pick(["l", "o", "l[0]", this.expr(vars, 1)])}}}"` : ""}`;
      some.push(() => `<c ${props()}/>`, () => `<c ${props()}>${inside()}</c>`, () => this.list(vars, (v, attr) => `<c ${attr} p="{{${this.pick(v)}}}" q="{{${this.expr(v, 1)}}}">${this.roll() < 0.5 ? inside(v) : ""}</c>`, depth),
        () => `<m ${props()} id="t${this.taps++}" bind:tap="tap" bind:fire="tap">${inside()}<view slot="a">${text()}</view><block wx:if="{{${this.expr(vars, 1)}}}"><c slot="a" p="{{${this.atom(vars)}}}"/></block></m>`);
    }
    return this.pick(some)();
  }

  steps(): Step[] {
    return Array.from({ length: 10 }, () => {
      if (this.taps && this.roll() < 0.25) {
        const id = "t" + this.n(this.taps);
        return (w) => w.has(id) && w.tap(id);
      }
      const change = this.change(4);
      return (w) => {
        // A path into a row that is not there would make one without a key.
        const data = Object.fromEntries(Object.entries(change).filter(([path]) => !path.startsWith("l[") || (!change.l && Number(path[2]) < w.page.data.l.length)));
        w.log(data);
        w.page.setData(data);
      };
    });
  }
}

const parts: Record<string, Part> = {
  c: {
    wxml: `<view class="c">{{p}} {{q.length}} {{q.a.c}} {{own}}<slot/></view><view wx:if="{{p}}">p<m wx:if="{{q}}" p="{{p}}"/></view>`, uses: ["m"],
    js: `Component({ properties: { p: null, q: null }, data: { own: 0 }, observers: { p(v) { if (typeof v !== "object" && this.n !== v) this.setData({ own: this.data.own + 1 }); this.n = typeof v === "object" ? 0 : v } }, lifetimes: { attached() { LOG("c attached", this.data.p) }, detached() { LOG("c detached", this.data.p) } } })`,
  },
  m: {
    wxml: `<view id="in" bindtap="fire">{{p}}<slot name="a"/></view><block wx:if="{{q}}"><slot/></block><view wx:for="{{q}}" wx:key="id">{{index}}{{item.v}}</view>`,
    js: `Component({ options: { multipleSlots: true }, properties: { p: String, q: { type: Array, value: [{ v: "d" }] } }, methods: { fire() { this.triggerEvent("fire", this.data.p, { bubbles: true, composed: true }) } } })`,
  },
};

function write(seed: number, components: boolean): Case {
  const author = new Author(seed, components);
  const body = author.nodes([], 3);
  const data = author.data();
  const wxml = author.templates + body;
  const page = (data: unknown) => `Page({ data: ${JSON.stringify(data)}, tap(e) { LOG("tap", e.type, e.currentTarget.id, e.target.id, e.detail, e.currentTarget.dataset) } })`;
  const made = one(`random/${components ? "components" : "templates"} ${seed}`, wxml, page(data), components ? parts : {}, author.steps());
  // Components have a past; a page of templates alone follows from its data.
  return { ...made, unordered: true, with: components ? undefined : (data) => ({ ...made, files: { ...made.files, [PAGE + ".js"]: page(data) } }) };
}

export const random: Case[] = [...Array.from({ length: 150 }, (_, i) => write(i + 1, false)), ...Array.from({ length: 150 }, (_, i) => write(1001 + i, true))];
