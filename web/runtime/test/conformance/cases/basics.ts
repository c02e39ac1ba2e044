// Values, conditions, lists, template calls, includes, scripts.
import { one, set, type Case, type Step } from "../case";

/** Only what JSON can carry: see the recorded difference below for the others. */
const values: unknown[] = [undefined, null, true, false, 0, 3, "", "x y", { a: 1 }, [1, 2], [], [null, [3]], {}];
const label = (v: unknown): string => (typeof v === "object" ? JSON.stringify(v) : String(v) || "empty");
const page = (data: string): string => `Page({ data: ${data} })`;

const templates: Case[] = [
  ...values.map((v) =>
    one(`values/${label(v)} in text, class, style, dataset`,
      `<view>{{v}}</view><view class="{{v && v.join ? v : 'c' + (v ? 1 : 0)}}">a{{v}}b</view><view class="k k{{v ? 1 : 0}}" style="color:{{v}}">{{v}}{{v}}</view><view style="{{v}}" data-v="{{v}}" data-w="n{{v}}">{{v ? 1 : 2}}</view>`,
      page(`{ v: "start" }`), {}, [set({ v }), set({ v: "end" }), set({ v }), set({ v })])),
  ...values.map((v) =>
    one(`values/${label(v)} in operators`,
      `<view>{{v + 1}} {{v == 1}} {{v === undefined}} {{!v}} {{v && "and"}} {{v || "or"}} {{v > 0}} {{v.a}} {{v[0]}} {{v.length}} {{v.a.b.c}} {{[v, 1].length}} {{typeof v}}</view>`,
      page(`{ v: "start" }`), {}, [set({ v }), set({ v: "end" })])),
  ...values.map((v) =>
    one(`values/${label(v)} as list, condition and hidden`,
      `<view wx:for="{{v}}" wx:key="*this">{{index}}:{{item}}</view><view wx:if="{{v}}">yes</view><view wx:else>no</view><view hidden="{{!!v}}">h</view>`,
      page(`{ v: [7] }`), {}, [set({ v }), set({ v: "end" }), set({ v }), set({ v: [1, 2] })])),
  one("if/elif/else chain", `<view wx:if="{{n==1}}">one</view><view wx:elif="{{n==2}}">two {{n}}</view><block wx:else>other {{n}}</block>`, page(`{ n: 1 }`), {},
    [set({ n: 2 }), set({ n: 3 }), set({ n: 4 }), set({ n: 1 }), set({ n: undefined })]),
  one("if around if", `<view wx:if="{{a}}"><view wx:if="{{b}}">ab</view><view wx:elif="{{c}}">ac</view><text wx:else>a</text></view><view wx:else><block wx:if="{{b}}">b</block></view>`, page(`{ a: true, b: true }`), {},
    [set({ b: false }), set({ c: 1 }), set({ a: false }), set({ b: 1, c: 0 }), set({ a: 1 })]),
  one("if and for on one element", `<view wx:for="{{l}}" wx:if="{{item.on}}" wx:key="id">{{item.id}}</view>`, page(`{ l: [{id:1,on:true},{id:2,on:false}] }`), {},
    [set({ "l[1].on": true }), set({ "l[0].on": false }), set({ l: [] })]),
  one("static markup with entities", `<view>&lt;a&gt; &amp; &nbsp;&#65;</view><text>a\\nb</text><view title='q"q' data-a='x"y' data-b="">'"</view>`, page("{}"), {}, []),
  one("dataset names", `<view data-camelCase="1" data-kebab-case="2" data-UPPER="3" data-a1="4" data-empty data-n="{{1}}" data-t="{{true}}"/>`, page("{}"), {}, []),
  one("a mixed class", `<view class="a {{b}} c {{d ? 'e' : ''}} {{f}}">x</view>`, page(`{ b: "b1 b2", d: true }`), {}, [set({ d: false }), set({ b: "" }), set({ f: "a" })]),
  one("style written by name", `<view style="color: red; {{s}}; width: {{w}}px"/>`, page(`{ s: "height:1px", w: 3 }`), {}, [set({ w: 4 }), set({ s: "" }), set({ s: "--x: 1" }), set({ w: "bad;" })]),
  one("literals", `<view>{{ {a:1}.a }}{{ [1,2,3][1] }}{{ "s" + 's' + 1 }}{{ true ? false ? 1 : 2 : 3 }}{{ -n }}{{ +s }}{{ !n }}{{ n % 3 }}{{ n - -1 }}{{ (n + 1) * 2 }}{{ n ** 2 }}</view><view>{{ n > 1 && n < 9 || s }}{{ 0x10 }}{{ 1e3 }}{{ .5 }}{{ n & 6 }}{{ n | 8 }}{{ n ^ 1 }}{{ n << 2 }}{{ n >> 1 }}{{ ~n }}</view>`.replace("{{ n ** 2 }}", ""), page(`{ n: 7, s: "12" }`), {}, [set({ n: 2 }), set({ s: "x" })]),
  one("object literals", `<template name="t"><view>{{a}} {{b.c}} {{d}}</view></template><template is="t" data="{{ {a, b: {c: x}, ...o} }}"/><template is="t" data="{{a, b: {c: x}, ...o}}"/><template is="t" data="{{...o, a: 9}}"/>`, page(`{ a: 1, x: 2, o: { d: 3 } }`), {},
    [set({ a: 4 }), set({ x: 5 }), set({ "o.d": 6 }), set({ o: { a: 7 } }), set({ o: undefined }), set({ o: null })]),
];

const paths: Case[] = [
  one("paths make what is missing", `<view>{{a.b[1].c}}|{{a.b.length}}|{{x[2]}}|{{x.length}}|{{y.z}}</view>`, page(`{}`), {},
    [set({ "a.b[1].c": 1 }), set({ "x[2]": "two" }), set({ "y.z": 1, y: { z: 2 } }), set({ y: { z: 3 }, "y.z": 4 }), set({ "a.b": 5 }), set({ "a.b[0]": 6 })]),
  one("a path through other values", `<view>{{a.b}}|{{l[0]}}|{{s.y}}|{{s.x}}|{{s}}</view>`, page(`{ a: 1, l: [1], s: "str" }`), {},
    [set({ "a.b": 2 }), set({ "s.y": 3 }), set({ "s.x": 4 }), set({ "l[0]": 6 })]),
  one("several paths at once", `<view wx:for="{{l}}" wx:key="id">{{item.id}}:{{item.v}}</view>`, page(`{ l: [{id:"a",v:1},{id:"b",v:2}] }`), {},
    [set({ "l[0].v": 3, "l[1].v": 4, "l[2]": { id: "c", v: 5 } }), set({ l: [{ id: "b" }], "l[0].v": 6 }), set({ "l[1]": { id: "z" }, l: [] })]),
  one("data afterwards is the program's own copy", `<view>{{a.b}}</view>`, page(`{ a: { b: 1 } }`), {},
    [({ page, log }) => { const a = { b: 2 }; page.setData({ a }); log(page.data.a.b); }, ({ page }) => page.setData({ c: 1 })]),
  one("keys with dots escaped", `<view>{{m["a.b"]}}</view>`, page(`{ m: {} }`), {}, [set({ "m.a\\.b": 1 })]),
];

const rows = (ids: (string | number)[]): Step => set({ l: ids.map((id) => ({ id, v: "v" + id })) });
const lists: Case[] = [
  ...["id", "*this", "nothing", ""].map((key) =>
    one(`lists/moves with key ${key || "left out"}`, `<view wx:for="{{l}}" ${key ? `wx:key="${key}"` : ""}>{{index}} {{item.id}} {{item.v}}</view>`, page(`{ l: [] }`), {},
      [rows([1, 2, 3]), rows([3, 2, 1]), rows([4, 1, 5, 3]), rows([]), rows([1, 1, 2]), rows([2, 1, 1]), rows([1, 2]), set({ "l[0].v": "new" }), set({ "l[1].id": 1 })])),
  one("lists/strings as their own keys", `<text wx:for="{{l}}" wx:key="*this">{{index}}{{item}} </text>`, page(`{ l: ["a","b"] }`), {}, [set({ l: ["b", "a", "c"] }), set({ l: ["c", "c"] }), set({ "l[0]": "z" })]),
  one("lists/objects", `<view wx:for="{{o}}" wx:for-item="v" wx:for-index="k" wx:key="id">{{k}}={{v.id}}</view>`, page(`{ o: { a: {id:1}, b: {id:2} } }`), {},
    [set({ "o.c": { id: 3 } }), set({ o: { c: { id: 3 }, a: { id: 1 } } }), set({ "o.a.id": 9 }), set({ o: {} })]),
  one("lists/numbers and strings", `<view wx:for="{{n}}" wx:key="*this">{{index}}{{item}}</view>`, page(`{ n: 3 }`), {}, [set({ n: 0 }), set({ n: 2 }), set({ n: "héllo" }), set({ n: null }), set({ n: 1 })]),
  one("lists/nested, with the outer item", `<view wx:for="{{l}}" wx:for-item="g" wx:for-index="i" wx:key="id">{{g.id}}<text wx:for="{{g.k}}" wx:key="*this">{{i}}.{{index}}:{{item}}/{{g.id}}/{{x}}</text></view>`, page(`{ x: 1, l: [{id:"a",k:[1,2]},{id:"b",k:[]}] }`), {},
    [set({ x: 2 }), set({ "l[1].k": [3] }), set({ l: [{ id: "b", k: [3, 4] }, { id: "a", k: [2, 1] }] }), set({ "l[0].id": "c" }), set({ "l[1].k[0]": 7 })]),
  one("lists/same names inside", `<view wx:for="{{l}}" wx:key="id"><view wx:for="{{item.k}}" wx:key="*this">{{item}}{{index}}</view>{{item.id}}{{index}}</view>`, page(`{ l: [{id:1,k:["x","y"]}] }`), {}, [set({ "l[0].k": ["y"] }), set({ "l[1]": { id: 2, k: ["z"] } })]),
  one("lists/names that hide data", `<view>{{item}}{{index}}</view><view wx:for="{{l}}" wx:key="*this">{{item}}{{index}}</view>`, page(`{ l: [1], item: "outer", index: "I" }`), {}, [set({ item: "o2" }), set({ l: [2, 3] })]),
  one("lists/objects as keys", `<view wx:for="{{l}}" wx:key="k">{{item.k.n}}{{item.v}}</view>`, page(`{ l: [{k:{n:1},v:1},{k:{n:2},v:2}] }`), {}, [set({ l: [{ k: { n: 2 }, v: 2 }, { k: { n: 1 }, v: 1 }] })]),
  one("lists/an array literal", `<view wx:for="{{[a, b, 'c']}}" wx:key="*this">{{item}}</view>`, page(`{ a: 1, b: 2 }`), {}, [set({ a: 3 }), set({ b: 3 })]),
  one("lists/blocks of several nodes", `<block wx:for="{{l}}" wx:key="*this"><text>{{item}}</text>,<text wx:if="{{item > 1}}">big</text></block>end`, page(`{ l: [1,2,3] }`), {}, [set({ l: [3, 2, 1] }), set({ l: [0, 3] }), set({ l: [] }), set({ l: [5] })]),
];

const calls: Case[] = [
  one("templates/by name", `<template name="a"><view>A {{x}}</view></template><template name="b"><view>B {{x}}<template is="a" data="{{x: x + 1}}"/></view></template><template is="{{t}}" data="{{x}}"/>`, page(`{ t: "a", x: 1 }`), {},
    [set({ x: 2 }), set({ t: "b" }), set({ x: 3 }), set({ t: "none" }), set({ t: "b" }), set({ t: undefined })]),
  one("templates/see only their data", `<template name="a"><view>{{x}}{{y}}{{z.w}}</view></template><template is="a" data="{{x, z}}"/><template is="a"/>`, page(`{ x: 1, y: 2, z: { w: 3 } }`), {}, [set({ y: 4 }), set({ "z.w": 5 })]),
  one("templates/in a list", `<template name="row"><view>{{id}}-{{n}}-{{i}}</view></template><template wx:for="{{l}}" wx:key="id" is="row" data="{{...item, n, i: index}}"/>`, page(`{ n: 0, l: [{id:1},{id:2}] }`), {}, [set({ n: 1 }), set({ l: [{ id: 2 }, { id: 1 }] }), set({ "l[0].id": 3 })]),
  one("templates/recursive", `<template name="tree"><view>{{n.v}}<block wx:for="{{n.c}}" wx:key="v"><template is="tree" data="{{n: item}}"/></block></view></template><template is="tree" data="{{n: root}}"/>`, page(`{ root: {v:1,c:[{v:2,c:[{v:3}]},{v:4}]} }`), {},
    [set({ "root.c[0].c[0].v": 9 }), set({ "root.c[1].c": [{ v: 5 }] }), set({ "root.c": [] })]),
  one("templates/imported and included", `<import src="../../parts/t"/><import src="/parts/u.wxml"/><include src="../../parts/head.wxml"/><template is="t" data="{{x}}"/><template is="u" data="{{x}}"/><include src="/parts/foot"/>`, page(`{ x: 1, t: "title" }`), {}, [set({ x: 2 }), set({ t: "other" })], {
    "parts/t.wxml": `<template name="t"><view>T{{x}}<template is="inner" data="{{x}}"/></view></template><template name="inner"><text>in {{x}}</text></template><view>not shown</view>`,
    "parts/u.wxml": `<import src="t.wxml"/><template name="u"><view>U<template is="t" data="{{x: x * 10}}"/></view></template>`,
    "parts/head.wxml": `<view>head {{t}}</view><template name="hidden"><view>h</view></template>`, "parts/foot.wxml": `<view wx:for="{{[1,2]}}" wx:key="*this">foot {{item}} {{t}}</view>`,
  }),
  one("templates/imports are not passed on", `<import src="/parts/u"/><template is="t" data="{{x}}"/><template is="u" data="{{x}}"/>`, page(`{ x: 1 }`), {}, [], { "parts/u.wxml": `<import src="t.wxml"/><template name="u">U</template>`, "parts/t.wxml": `<template name="t">T</template>` }),
  one("templates/what an included file imports and defines", `<import src="/parts/mine"/><include src="/parts/inc"/><template is="mine" data="{{x}}"/>`, page(`{ x: 1 }`), {}, [set({ x: 2 })], {
    "parts/mine.wxml": `<template name="mine"><view>mine {{x}}</view></template>`, "parts/other.wxml": `<template name="theirs"><view>theirs {{x}}</view></template>`,
    "parts/inc.wxml": `<import src="other.wxml"/><template name="local"><view>local {{x}}</view></template><template is="theirs" data="{{x}}"/><template is="local" data="{{x}}"/>`,
  }),
  one("scripts/of an included file", `<include src="/parts/inc"/><wxs module="n">module.exports = function (x) { return "page's " + x }</wxs><view>{{n(x)}}</view>`, page(`{ x: 1 }`), {}, [set({ x: 2 })], {
    "parts/inc.wxml": `<wxs module="m">module.exports = function (x) { return "included " + x }</wxs><view>{{m(x)}}</view>`,
  }),
  one("scripts/calls", `<wxs module="m">var f = function (a, b) { return a + "/" + b }; module.exports = { f: f, k: 7, n: { g: function (l) { return l.map(function (x) { return x * 2 }).join("-") } } }</wxs><view class="{{m.f(a, m.k)}}">{{m.f(a, 1)}} {{m.n.g(l)}} {{m.k}} {{m.none}}</view>`, page(`{ a: 1, l: [1,2] }`), {}, [set({ a: 2 }), set({ "l[1]": 5 }), set({ l: [] })]),
  one("scripts/files that need others", `<wxs src="../../lib/a.wxs" module="a"/><view wx:for="{{a.sort(l)}}" wx:key="*this">{{a.up(item)}}</view>`, page(`{ l: ["b","a"] }`), {}, [set({ l: ["d", "c", "b"] })], {
    "lib/a.wxs": `var b = require("./b.wxs"); function sort(l) { return l.slice().sort(function (x, y) { return x > y ? 1 : -1 }) } module.exports = { sort: sort, up: b.up }`,
    "lib/b.wxs": `module.exports.up = function (s) { return s.toUpperCase() + getRegExp("a", "i").test(s) + getDate(0).getTime() }`,
  }),
  one("scripts/in a template and its include", `<import src="/parts/t"/><template is="t" data="{{x}}"/>`, page(`{ x: 2 }`), {}, [set({ x: 3 })], { "parts/t.wxml": `<wxs module="m">module.exports = function (x) { return x * x }</wxs><template name="t"><view>{{m(x)}}</view></template>` }),
];

const differences: Case[] = [
  { ...one("scripts/of the page in an included file", `<wxs module="n">module.exports = function (x) { return "page's " + x }</wxs><include src="/parts/inc"/>`, page(`{ x: 1 }`), {}, [], { "parts/inc.wxml": `<view>{{n(x)}}</view>` }),
    instead: { why: "include is a copy to its place, as documented, so that the place's modules are there", show: { [-1]: "<view>\n  page's 1\n" } } },
  { ...one("values/the class of a value that is a condition", `<view class="{{v}}">x</view>`, page(`{ v: "start" }`), {}, [set({ v: true }), set({ v: false })]),
    instead: { why: `classes "true" and "false" are what is left of conditions without a name`, show: { 0: "<view>\n  x\n", 1: "<view>\n  x\n" } } },
  { ...one("values/what stands in for null and undefined only", `<view>{{v ?? "nullish"}}</view>`, page(`{ v: 0 }`), {}, [set({ v: "" }), set({ v: false }), set({ v: null }), set({ v: undefined }), set({ v: 1 })]),
    instead: { why: "?? is JavaScript's; glass-easel compiles it as ||", show: { [-1]: "<view>\n  0\n", 0: "<view>", 1: "<view>\n  false\n" } } },
  { ...one("paths/a name set on an array", `<view>{{l[0]}}|{{l.k}}</view>`, page(`{ l: [1] }`), {}, [set({ "l.k": 3 })]),
    instead: { why: "an array keeps its items; glass-easel puts an object in its place", show: { 0: "<view>\n  1|3\n" } } },
  { ...one("paths/data is the program's own copy", `<view>{{a.b}}</view>`, page(`{ a: { b: 1 } }`), {}, [({ page, log }) => { const a = { b: 2 }; page.setData({ a }); a.b = 3; log(page.data.a.b); }]),
    instead: { why: "setData copies, as documented: what is written to the object afterwards is no update", show: { 0: "<view>\n  2\n> 2" } } },
  { ...one("values/no id for a value that is missing", `<view id="{{v}}">x</view>`, page(`{ v: "start" }`), {}, [set({ v: undefined }), set({ v: null }), set({ v: 0 })]),
    instead: { why: `an id "undefined" serves nobody`, show: { 0: "<view>\n  x\n", 1: "<view>\n  x\n" } } },
  { ...one("values/NaN and Infinity", `<view>{{v}}</view>`, page(`{ v: 1 }`), {}, [set({ v: NaN }), set({ v: Infinity }), set({ v: 0 })]),
    instead: { why: "setData takes what JSON can carry, as documented, and these have no JSON", show: { 0: "<view>", 1: "<view>" } } },
];

export const basics: Case[] = [...templates, ...paths, ...lists, ...calls, ...differences];
