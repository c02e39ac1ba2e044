// Components: properties, observers, lifetimes, slots, events, behaviors, relations, generics, external classes.
import { one, set, tap, type Case, type Part } from "../case";

const page = (data: string, methods = ""): string => `Page({ data: ${data}, ${methods} })`;
/** Logs its lifetimes; `ready` waits for the view here and is not compared. */
const life = (name: string, more = ""): string =>
  `Component({ properties: { n: String }, lifetimes: { created() { LOG("${name} created") }, attached() { LOG("${name} attached", this.data.n) }, moved() { LOG("${name} moved", this.data.n) }, detached() { LOG("${name} detached", this.data.n) } } ${more} })`;
/** a handler that logs what it got */
const heard = (name: string): string => `${name}(e) { LOG("${name}", e.type, e.target.id, e.currentTarget.id, e.detail, e.currentTarget.dataset, e.target.dataset) }`;

/** The same inside a component: what came through a slot has another target there, the slot, which has no name to compare. */
const heardInside = (name: string): string => `${name}(e) { LOG("${name}", e.type, e.currentTarget.id, e.detail, e.currentTarget.dataset) }`;

const typed = `Component({ properties: { s: String, n: Number, b: Boolean, a: Array, o: Object, any: null, d: { type: String, value: "def" }, m: { type: Number, optionalTypes: [String, Object], value: 5 } } })`;
const typedView = `<view>s={{s}} n={{n}} b={{b}} a={{a}} o={{o.k}} any={{any}} d={{d}} m={{m}}</view>`;
const values: unknown[] = ["text", "", "12", 7, 0, true, false, null, undefined, [1, 2], { k: 1 }];
const name = (v: unknown): string => (typeof v === "object" ? JSON.stringify(v) : typeof v === "string" ? `"${v}"` : String(v));

const properties: Case[] = [
  ...values.map((v) =>
    one(`properties/${name(v)} for each type`, `<p s="{{v}}" n="{{v}}" b="{{v}}" a="{{v}}" o="{{v}}" any="{{v}}" d="{{v}}" m="{{v}}"/>`, page(`{ v: "start" }`), { p: { wxml: typedView, js: typed } }, [set({ v }), set({ v: "end" }), set({ v }), set({ v: 9 })])),
  one("properties/left out, or without a value", `<p/><p s n b any d/><p s="" b="" d=""/><p s="x{{v}}" n="1{{v}}" b="{{v}}"/>`, page(`{ v: 1 }`), { p: { wxml: typedView, js: typed } }, [set({ v: 2 })]),
  one("properties/names with hyphens", `<p my-name="{{v}}" other-name="b"/><p myName="{{v}}" />`, page(`{ v: 1 }`), { p: { wxml: `{{myName}}/{{otherName}}`, js: `Component({ properties: { myName: String, otherName: String } })` } }, [set({ v: 2 })]),
  one("properties/passed on through three", `<a v="{{v}}"/>`, page(`{ v: { k: [1, { z: 2 }] } }`), {
    a: { wxml: `a{{v.k[0]}}<b v="{{v.k}}"/>`, js: `Component({ properties: { v: Object } })`, uses: ["b"] },
    b: { wxml: `b{{v[0]}}<c v="{{v[1].z}}"/>`, js: `Component({ properties: { v: Array } })`, uses: ["c"] },
    c: { wxml: `c{{v}}`, js: `Component({ properties: { v: Number } })` },
  }, [set({ "v.k[1].z": 3 }), set({ "v.k[0]": 4 }), set({ "v.k": [] }), set({ v: { k: [5, { z: 6 }] } }), set({ v: null })]),
  one("properties/set by the component itself", `<p id="p" v="{{v}}"/>`, page(`{ v: 1 }`), { p: { wxml: `{{v}}/{{w}}`, js: `Component({ properties: { v: Number }, data: { w: 0 }, methods: { go() { this.setData({ v: 50, w: this.data.v }); LOG(this.data.v, this.properties.v) } } })` } },
    [({ page }) => page.selectComponent("#p").go(), set({ v: 1 }), set({ v: 2 })]),
  one("properties/in a list", `<p wx:for="{{l}}" wx:key="id" v="{{item}}" i="{{index}}" x="{{x}}"/>`, page(`{ x: 0, l: [{id:1,t:"a"},{id:2,t:"b"}] }`), { p: { wxml: `{{i}}{{v.t}}{{x}}`, js: `Component({ properties: { v: Object, i: Number, x: null } })` } },
    [set({ "l[1].t": "c" }), set({ x: 1 }), set({ l: [{ id: 2, t: "c" }, { id: 3, t: "d" }, { id: 1, t: "a" }] }), set({ l: [] })]),
  one("properties/id, class, style, dataset of a component", `<p id="{{v}}" class="k {{v}}" style="width:{{n}}px" data-v="{{n}}" data-fix="1">x</p>`, page(`{ v: "a", n: 1 }`), { p: { wxml: `<view id="in"><slot/></view>` } }, [set({ v: "b" }), set({ n: 2 })]),
  one("properties/pure data", `<p v="{{v}}"/>`, page(`{ v: 1 }`), { p: { wxml: `{{v}}{{_p}}`, js: `Component({ options: { pureDataPattern: /^_/ }, properties: { v: Number }, data: { _p: "pure" }, observers: { v(v) { this.setData({ _p: "p" + v }); LOG(this.data._p) } } })` } }, [set({ v: 2 })]),
];

const watcher = `Component({ properties: { a: Number, o: Object, l: Array, s: { type: String, observer(now, before) { LOG("old s", now, before) } } }, data: { own: 0, deep: { x: { y: 1 } } },
  observers: { a(v) { LOG("a", v); this.setData({ own: v * 2 }) }, "a, own"(x, y) { LOG("a,own", x, y) }, "o.k"(v) { LOG("o.k", v) }, "o.**"(v) { LOG("o.**", v) }, "l[1]"(v) { LOG("l[1]", v) }, "deep.x.y"(v) { LOG("deep.x.y", v) }, "deep.x"(v) { LOG("deep.x", v) } },
  methods: { put(d) { this.setData(d) } } })`;
const observed = (label: string, ...steps: Record<string, unknown>[]): Case =>
  one(`observers/${label}`, `<w id="w" a="{{a}}" o="{{o}}" l="{{l}}" s="{{s}}"/>`, page(`{ a: 1, o: { k: 1 }, l: [1, 2], s: "s" }`), { w: { wxml: `{{own}}`, js: watcher } }, steps.map((d) => set(d)));
const self = (label: string, ...steps: Record<string, unknown>[]): Case =>
  one(`observers/own ${label}`, `<w id="w"/>`, "", { w: { wxml: `{{own}} {{deep.x.y}}`, js: watcher } }, steps.map((d) => ({ page }: any) => page.selectComponent("#w").put(d)));
const observers: Case[] = [
  observed("of a number", { a: 2 }, { a: 3 }), observed("of a field of an object", { "o.k": 2 }, { o: { k: 3 } }, { "o.z": 1 }), observed("of an item", { "l[1]": 5 }, { "l[0]": 5 }, { l: [] }),
  observed("in the old way", { s: "t" }, { s: "t" }, { s: "" }, { s: undefined }), observed("of many", { a: 5, s: "u", o: {} }),
  self("data", { own: 1 }, { own: 1 }, { "deep.x.y": 2 }, { "deep.x": { y: 3 } }, { deep: { x: { y: 4 } } }, { "deep.z": 1 }), self("property", { a: 4 }, { a: 4 }, { s: "z" }, { s: "z" }, { "o.k": 1 }, { "l[1]": 2 }),
  one("observers/a property that is set to what it is", `<w l="{{l}}"/>`, page(`{ l: [{ v: 1 }] }`), { w: { wxml: `<view wx:for="{{l}}" wx:key="v">{{item.v}} {{item.seen}}</view>`, js: `Component({ properties: { l: { type: Array, observer() { LOG("observed"); this.data.l.forEach((i) => { i.seen = true }); this.setData({ l: this.data.l }) } } } })` } }, [set({ l: [{ v: 2 }] }), set({ "l[0].v": 3 })]),
  { ...one("relations/kept in data", `<ul id="u"><li n="a"/><li n="b"/></ul>`, "", { ul: { wxml: "<slot/>{{n}}", js: `Component({ data: { kids: [], n: 0 }, relations: { "./li": { type: "child", linked(t) { this.data.kids.push(t); this.setData({ n: this.data.kids.length }) } } }, methods: { names() { return this.data.kids.map((k) => k.data.n + (k.data.up === this)).join() } } })` }, li: { wxml: "{{n}}", js: `Component({ properties: { n: String }, data: { up: null }, relations: { "./ul": { type: "parent", linked(t) { this.setData({ up: t }) } } } })` } },
    [({ page, log }) => log(page.selectComponent("#u").names())]),
    instead: { why: "components in data are kept as they are (weui does this); glass-easel's adapter copies them until its stack is full", show: {
      [-1]: "<ul #u>\n  <li>\n    a\n  <li>\n    b\n  2\n",
    } } },
  one("observers/of everything", `<w id="w" a="{{a}}"/>`, page(`{ a: 1 }`), { w: { wxml: "{{n}}", js: `Component({ properties: { a: Number }, data: { n: 0 }, observers: { "**"() { LOG("all"); } , n(v) { LOG("n", v) } }, methods: { put(d) { this.setData(d) } } })` } }, [set({ a: 2 }), ({ page }) => page.selectComponent("#w").put({ n: 1, m: 2 })]),
  one("observers/that set what they watch", `<w a="{{a}}"/>`, page(`{ a: 1 }`), { w: { wxml: "{{b}}{{c}}", js: `Component({ properties: { a: Number }, data: { b: 0, c: 0 }, observers: { a(v) { this.setData({ b: v + 1 }) }, b(v) { LOG("b", v); this.setData({ c: v + 1 }) }, c(v) { LOG("c", v, this.data.b) } } })` } }, [set({ a: 5 })]),
];

const differences: Case[] = [
  { ...one("observers/of a property given the same text again", `<w a="{{a}}"/>`, page(`{ a: 1 }`), { w: { wxml: "{{a}}", js: `Component({ properties: { a: Number }, observers: { a(v) { LOG("a", v) } } })` } }, [set({ a: 1 })]),
    instead: { why: "a value that comes back from the page is no news, or components that report what they observe would go round for ever", show: { 0: "<w>\n  1\n" } } },
  { ...one("events/no detail", `<e id="e" bind:my="h"/>`, page("{}", `h(e) { LOG(e.detail) }`), { e: { wxml: "e" } }, [({ page }) => page.selectComponent("#e").triggerEvent("my")]),
    instead: { why: "a detail left out is an empty object, so that handlers may look into it", show: { 0: "<e #e>\n  e\n> {}\n" } } },
  { ...one("lifetimes/the other branch", `<i wx:if="{{on}}" n="a"/><i wx:else n="b"/>`, page(`{ on: true }`), { i: { wxml: "{{n}}", js: life("i") } }, [set({ on: false })]),
    instead: { why: "what was there goes before what comes is made: glass-easel makes first", show: { 0: "<i>\n  b\n> i detached a\n> i created\n> i attached b\n" } } },
];

const order: Case[] = [
  one("lifetimes/order of nested", `<o n="1"><i n="2"/></o><i n="3"/>`, "", { o: { wxml: `<i n="inner {{n}}"/><slot/>`, js: life("o"), uses: ["i"] }, i: { wxml: "{{n}}", js: life("i") } }, []),
  one("lifetimes/if", `<o wx:if="{{on}}" n="a"><i n="b"/></o><view wx:else>c</view>`, page(`{ on: true }`), { o: { wxml: `<i n="inner"/><slot/>`, js: life("o"), uses: ["i"] }, i: { wxml: "{{n}}", js: life("i") } }, [set({ on: false }), set({ on: true }), set({ on: true })]),
  one("lifetimes/lists", `<i wx:for="{{l}}" wx:key="*this" n="{{item}}"/>`, page(`{ l: ["a", "b", "c"] }`), { i: { wxml: "{{n}}", js: life("i") } }, [set({ l: ["a", "c"] }), set({ l: ["a", "c", "d", "e"] }), set({ l: ["e"] }), set({ l: [] }), set({ l: ["x"] })]),
  one("lifetimes/setData while attaching", `<i n="{{n}}"/>{{n}}`, page(`{ n: "a" }`), { i: { wxml: "{{n}}{{m}}<j wx:if='{{m}}' n='{{m}}'/>", uses: ["j"], js: `Component({ properties: { n: String }, data: { m: "" }, lifetimes: { created() { LOG("created") }, attached() { this.setData({ m: "m" + this.data.n }); LOG("attached", this.data.m) } } })` }, j: { wxml: "j{{n}}", js: life("j") } }, [set({ n: "b" })]),
  one("lifetimes/events while attaching", `<i bind:hello="hello" id="i"/>{{n}}`, page(`{ n: 0 }`, `hello(e) { LOG("heard", e.detail); this.setData({ n: this.data.n + 1 }) }`), { i: { wxml: "i", js: `Component({ attached() { this.triggerEvent("hello", { x: 1 }) } })` } }, []),
  one("lifetimes/the old way and the new", `<i/>`, "", { i: { wxml: "i", js: `Component({ attached() { LOG("old") }, lifetimes: { attached() { LOG("new") } } })` } }, []),
];

const frame = (options: string, wxml: string): Part => ({ wxml, js: `Component({ options: { ${options} }, data: { on: true, n: "a" }, properties: { which: String }, methods: { put(d) { this.setData(d) } } })` });
const put = (d: object) => ({ page }: any) => page.selectComponent("#f").put(d);
const slots: Case[] = [
  one("slots/default", `<f id="f"><view>{{x}}</view>text</f>`, page(`{ x: 1 }`), { f: frame("", `<view class="w"><slot/></view>`) }, [set({ x: 2 })]),
  one("slots/content nobody shows", `<f id="f"><i n="a"/></f>`, "", { f: frame("", `<view>none</view>`), i: { wxml: "{{n}}", js: life("i") } }, []),
  one("slots/a slot that comes and goes", `<f id="f"><view id="v" bindtap="t">{{x}}</view><i n="a"/></f>`, page(`{ x: 1 }`, heard("t")), { f: frame("", `<view wx:if="{{on}}"><slot/></view><text wx:else>off</text>`), i: { wxml: "{{n}}", js: `Component({ properties: { n: String } })` } }, [put({ on: false }), set({ x: 2 }), put({ on: true }), tap("v"), set({ x: 3 })]),
  one("slots/named", `<f id="f"><view slot="b">B{{x}}</view>default<view slot="a">A</view><view slot="none">never</view><view slot="a">A2</view></f>`, page(`{ x: 1 }`), { f: frame("multipleSlots: true", `<view class="a"><slot name="a"/></view><slot/><view class="b"><slot name="b"/></view>`) }, [set({ x: 2 })]),
  { ...one("slots/named by data", `<f id="f"><view slot="{{w}}">moving</view><view slot="b">stays</view></f>`, page(`{ w: "a" }`), { f: frame("multipleSlots: true", `<view class="a"><slot name="a"/></view><view class="b"><slot name="b"/></view><view class="n"><slot name="{{n}}x"/></view>`) }, [set({ w: "b" }), set({ w: "c" }), set({ w: "ax" }), put({ n: "b" }), set({ w: "bx" })]),
    instead: { why: "which slot content goes to is compiled, so its name has to be a fixed text: the compiler says so, and the content goes to the slot without a name", show: Object.fromEntries([-1, 0, 2, 4].map((n) => [n, "<f #f>\n  <view .a>\n  <view .b>\n    <view>\n      stays\n  <view .n>\n"])) } },
  one("slots/conditional content", `<f id="f"><view wx:if="{{x}}" slot="a">A</view><view wx:for="{{l}}" wx:key="*this" slot="b">{{item}}</view></f>`, page(`{ x: true, l: [1,2] }`), { f: frame("multipleSlots: true", `<view class="a"><slot name="a"/></view><view class="b"><slot name="b"/></view>`) }, [set({ x: false }), set({ l: [2, 3, 1] }), set({ x: true })]),
  one("slots/passed on", `<f id="f"><view>{{x}}</view></f>`, page(`{ x: 1 }`), { f: { wxml: `<g><view class="f"><slot/></view></g>`, uses: ["g"] }, g: { wxml: `<view class="g"><slot/></view>` } }, [set({ x: 2 })]),
  one("slots/around components in lists", `<f wx:for="{{l}}" wx:key="*this" id="f"><view>{{item}}{{x}}</view></f>`, page(`{ l: [1, 2], x: 0 }`), { f: frame("", `<view class="w"><slot/></view>`) }, [set({ l: [2, 1, 3] }), set({ x: 1 }), set({ l: [3] })]),
  one("slots/template calls in them", `<template name="t"><view slot="{{s}}">T{{v}}</view></template><f id="f"><template is="t" data="{{v, s}}"/></f>`, page(`{ v: 1, s: "" }`), { f: frame("", `<view class="w"><slot/></view>`) }, [set({ v: 2 })]),
  one("slots/the fallback of none", `<f id="f"/>`, "", { f: frame("", `<view class="w"><slot></slot></view>`) }, []),
];

const emitter = (options: string): string => `Component({ methods: { go() { LOG("go"); this.triggerEvent("my-ev", { v: 1 }, { ${options} }) }, ${heardInside("inside")} } })`;
const eventPage = (wxml: string) => wxml;
const events: Case[] = [
  one("events/tap bubbles", `<view id="a" bindtap="h" data-a="1"><view id="b" bind:tap="h" data-b="2"><text id="c">x</text></view></view>`, page("{}", heard("h")), {}, [tap("c"), tap("b"), tap("a")]),
  one("events/catch", `<view id="a" bindtap="h"><view id="b" catchtap="h"><text id="c" bindtap="h">x</text></view></view>`, page("{}", heard("h")), {}, [tap("c"), tap("b"), tap("a")]),
  one("events/capture", `<view id="a" bindtap="h" capture-bind:tap="cap"><view id="b" capture-bind:tap="cap" bindtap="h"><text id="c">x</text></view></view>`, page("{}", heard("h") + "," + heard("cap")), {}, [tap("c"), tap("a")]),
  one("events/capture-catch", `<view id="a" capture-catch:tap="cap" bindtap="h"><text id="c" bindtap="h">x</text></view>`, page("{}", heard("h") + "," + heard("cap")), {}, [tap("c")]),
  one("events/mut-bind", `<view id="a" mut-bind:tap="h"><view id="b" bindtap="h"><text id="c" mut-bind:tap="h">x</text></view></view>`, page("{}", heard("h")), {}, [tap("c"), tap("b")]),
  one("events/handlers by data", `<view id="a" bindtap="{{h}}">x</view><view id="b" bindtap="{{on ? 'h' : ''}}">y</view>`, page(`{ h: "h", on: false }`, heard("h") + "," + heard("k")), {}, [tap("a"), set({ h: "k" }), tap("a"), set({ h: "" }), tap("a"), tap("b"), set({ on: true }), tap("b")]),
  one("events/data of loops", `<view wx:for="{{l}}" wx:key="*this" id="i{{item}}" data-i="{{index}}" data-v="{{item}}" bindtap="h">{{item}}</view>`, page(`{ l: [5, 6] }`, heard("h")), {}, [tap("i5"), set({ l: [6, 5] }), tap("i5")]),
  one("events/tap inside a component", `<view id="o" bindtap="h"><e id="e" bindtap="h"/></view>`, page("{}", heard("h")), { e: { wxml: `<view id="in" bindtap="inside"><text id="deep">x</text></view>`, js: emitter("") } }, [tap("deep"), tap("in")]),
  one("events/tap caught inside a component", `<view id="o" bindtap="h"><e id="e" bindtap="h"/></view>`, page("{}", heard("h")), { e: { wxml: `<view id="in" catchtap="inside"><text id="deep">x</text></view>`, js: emitter("") } }, [tap("deep")]),
  one("events/tap in slot content", `<view id="o" bindtap="h"><e id="e" bindtap="h"><view id="s" bindtap="h">s</view></e></view>`, page("{}", heard("h")), { e: { wxml: `<view id="in" bindtap="inside"><slot/></view>`, js: emitter("") } }, [tap("s"), tap("in"), tap("e")]),
  ...["", "bubbles: true", "bubbles: true, composed: true", "bubbles: true, capturePhase: true", "bubbles: true, composed: true, capturePhase: true", "composed: true", "capturePhase: true"].map((options) =>
    one(`events/triggerEvent with ${options || "no options"}`, eventPage(`<view id="o" bind:my-ev="h" capture-bind:my-ev="cap"><m id="m" bind:my-ev="h" capture-bind:my-ev="cap" data-x="1"><view id="s" bind:my-ev="h"><e id="e2" bind:my-ev="h"/></view></m></view>`), page("{}", heard("h") + "," + heard("cap")), {
      m: { wxml: `<view id="mo" bind:my-ev="inside" capture-bind:my-ev="icap"><e id="e" bind:my-ev="inside"/><view id="ms" bind:my-ev="inside"><slot/></view></view>`, js: `Component({ methods: { ${heardInside("inside")}, ${heardInside("icap")} } })`, uses: ["e"] },
      e: { wxml: `<view id="go" bindtap="go">go</view>`, js: emitter(options) },
    }, [tap("go"), ({ page }) => page.selectComponent("#e2").go(), ({ page }) => page.selectComponent("#m").selectComponent("#e").go()])),
  one("events/caught on their way", `<view id="o" bind:my-ev="h"><e id="e" catch:my-ev="h"/></view>`, page("{}", heard("h")), { e: { wxml: "e", js: emitter("bubbles: true, composed: true") } }, [({ page }) => page.selectComponent("#e").go()]),
  one("events/details", `<e id="e" bind:my="h"/>`, page("{}", heard("h")), { e: { wxml: "e", js: `Component({ methods: { go(v) { this.triggerEvent("my", v) } } })` } }, [null, 0, "s", { a: [1] }].map((v) => ({ page }: any) => page.selectComponent("#e").go(v))),
  one("events/from a list of components", `<e wx:for="{{l}}" wx:key="*this" id="e{{item}}" data-v="{{item}}" bind:my="h"/>`, page(`{ l: [1, 2] }`, heard("h")), { e: { wxml: `<view id="go" bindtap="go">go</view>`, js: `Component({ methods: { go() { this.triggerEvent("my", this.dataset.v) } } })` } }, [tap("go"), set({ l: [2, 1] }), tap("go")]),
];

const select: Case[] = [
  one("selectComponent/by id, class, and none", `<i id="a" class="k x" n="a"/><view class="k"><i id="b" class="k" n="b"/></view><o id="o"><i class="in" n="c"/></o>`, "", {
    i: { wxml: "{{n}}", js: `Component({ properties: { n: String } })` }, o: { wxml: `<i id="d" class="k" n="d"/><slot/>`, uses: ["i"], js: "Component({ methods: { look(s) { const c = this.selectComponent(s); return c && c.data.n } } })" } },
    ["#a", "#b", ".k", ".x", ".k.x", ".in", "#d", "#o >>> #d", ".none", ".k, .in"].map((s) => ({ page, log }: any) => {
      const got = page.selectComponent(s);
      log(s, got ? got.data.n : "none", page.selectAllComponents(s).map((c: any) => c.data.n).join(","));
    }).concat([({ page, log }: any) => log(page.selectComponent("#o").look("#d"), page.selectComponent("#o").look(".in"))])),
  one("selectComponent/after changes, at once", `<i wx:for="{{l}}" wx:key="*this" class="k" n="{{item}}"/>`, page(`{ l: ["a"] }`), { i: { wxml: "{{n}}", js: `Component({ properties: { n: String } })` } },
    [({ page, log }) => { page.setData({ l: ["b", "a"] }); log(page.selectAllComponents(".k").map((c: any) => c.data.n).join()); }, ({ page, log }) => { page.setData({ l: [] }); log(page.selectAllComponents(".k").length); }]),
  one("selectComponent/selectOwnerComponent", `<o id="o"/>`, "", { o: { wxml: `<i id="i"/>`, uses: ["i"], js: `Component({ data: { who: "o" } })` }, i: { wxml: "i", js: `Component({ methods: { who() { return this.selectOwnerComponent().data.who } } })` } }, [({ page, log }) => log(page.selectComponent("#o").selectComponent("#i").who())]),
  one("selectComponent/export", `<i id="i"/>`, "", { i: { wxml: "i", js: `Component({ behaviors: ["wx://component-export"], export() { return { special: 1 } } })` } }, [({ page, log }) => log(page.selectComponent("#i"))]),
];

const behaviors: Case[] = [
  { ...one("behaviors/merging", `<b id="b" p="{{p}}"/>`, page(`{ p: 1 }`), { b: { wxml: "{{own}} {{one}} {{two}} {{both}} {{o.a}}{{o.b}}{{o.c}} {{p}} {{q}}", js: `const one = require("../lib/one"), two = require("../lib/two"); Component({ behaviors: [one, two], data: { own: "own", both: "component", o: { c: 3 } }, lifetimes: { created() { LOG("c created") }, attached() { LOG("c attached") }, detached() { LOG("c detached") } }, observers: { p(v) { LOG("c p", v) } }, methods: { m() { return "component m" } } })` } },
    [set({ p: 2 }), ({ page, log }) => log(page.selectComponent("#b").m(), page.selectComponent("#b").m1(), page.selectComponent("#b").m2())], {
      "lib/one.js": `module.exports = Behavior({ properties: { p: Number }, data: { one: 1, both: "one", o: { a: 1 } }, lifetimes: { created() { LOG("one created") }, attached() { LOG("one attached") } }, observers: { p(v) { LOG("one p", v) } }, methods: { m() { return "one m" }, m1() { return this.m() } } })`,
      "lib/two.js": `module.exports = Behavior({ behaviors: [require("./one")], properties: { q: { type: String, value: "q" } }, data: { two: 2, both: "two", o: { b: 2 } }, lifetimes: { attached() { LOG("two attached") } }, observers: { "p, q"(p, q) { LOG("two p,q", p, q) } }, methods: { m() { return "two m" }, m2() { return this.data.both } } })`,
    }), instead: { why: "a behavior that comes by two ways gives its observers once, as it does its lifetimes by the documentation", show: {
    [-1]: "<b #b>\n  own 1 2 component 123 1 q\n> one created\n> c created\n> one p 1\n> two p,q 1 q\n> c p 1\n> one attached\n> two attached\n> c attached\n",
    0: "<b #b>\n  own 1 2 component 123 2 q\n> one p 2\n> two p,q 2 q\n> c p 2\n",
  } } },
  one("behaviors/of a page", `{{x}}{{y}}<view id="v" bindtap="t">v</view>`, `const b = Behavior({ data: { x: 1, y: 1 }, methods: { t() { LOG("tap", this.data.x) } } }); Page({ behaviors: [b], data: { y: 2 } })`, {}, [tap("v")]),
];

const linked = (r: string): string => `Component({ properties: { n: String }, relations: { ${r} }, methods: { names(k) { return (this.getRelationNodes(k) || []).map((c) => c.data.n).join() } } })`;
const log = (who: string): string => `linked(t) { LOG("${who} linked", this.data.n, t.data.n) }, unlinked(t) { LOG("${who} unlinked", this.data.n, t.data.n) }`;
const relations: Case[] = [
  one("relations/parent and child", `<ul id="u" n="u"><li wx:for="{{l}}" wx:key="*this" n="{{item}}"/><view><li n="in view" wx:if="{{on}}"/></view></ul>`, page(`{ l: ["a","b"], on: true }`), { ul: { wxml: "<slot/>", js: linked(`"./li": { type: "child", ${log("ul")} }`) }, li: { wxml: "{{n}}", js: linked(`"./ul": { type: "parent", ${log("li")} }`) } },
    [({ page, log }) => log(page.selectComponent("#u").names("./li")), set({ l: ["b"] }), set({ l: ["b", "c", "d"] }), ({ page, log }) => log(page.selectComponent("#u").names("./li")), set({ on: false }), set({ l: [] }), ({ page, log }) => log(page.selectComponent("#u").names("./li"))]),
  one("relations/ancestor and descendant", `<ul id="u" n="u"><mid><li n="a"/></mid><view><li n="b"/></view></ul><li n="alone"/>`, "", { ul: { wxml: "<slot/>", js: linked(`"./li": { type: "descendant", ${log("ul")} }`) }, mid: { wxml: "<slot/>" }, li: { wxml: "{{n}}", js: linked(`"./ul": { type: "ancestor", ${log("li")} }`) } },
    [({ page, log }) => log(page.selectComponent("#u").names("./li"))]),
  { ...one("relations/by behavior", `<ul id="u" n="u"><li n="a"/><li n="b" wx:if="{{on}}"/></ul>`, page(`{ on: true }`), { ul: { wxml: "<slot/>", js: `const b = require("../lib/b"); ` + linked(`kids: { type: "child", target: b, ${log("ul")} }`) }, li: { wxml: "{{n}}", js: `const b = require("../lib/b"); ` + linked(`"./ul": { type: "parent", ${log("li")} }`).replace("{", "{ behaviors: [b],") } },
    [({ page, log }) => log(page.selectComponent("#u").names("kids")), set({ on: false })], { "lib/b.js": `module.exports = Behavior({})` }),
    instead: { why: "the documentation's own example, whose other side names the component by its path", show: {
      [-1]: "<ul #u>\n  <li>\n    a\n  <li>\n    b\n> ul linked u a\n> li linked a u\n> ul linked u b\n> li linked b u\n", 0: "<ul #u>\n  <li>\n    a\n  <li>\n    b\n> a,b\n", 1: "<ul #u>\n  <li>\n    a\n> ul unlinked u b\n> li unlinked b u\n",
    } } },
  one("relations/the whole goes", `<ul wx:if="{{on}}" n="u"><li n="a"/></ul>`, page(`{ on: true }`), { ul: { wxml: "<slot/>", js: linked(`"./li": { type: "child", ${log("ul")} }`) }, li: { wxml: "{{n}}", js: linked(`"./ul": { type: "parent", ${log("li")} }`) } }, [set({ on: false }), set({ on: true })]),
];

const rest: Case[] = [
  one("generics/given and default", `<g generic:item="x" v="1"/><g generic:item="y" v="2"/><g v="3"/>`, "", { g: { wxml: `<view><item n="{{v}}"/></view>`, js: `Component({ properties: { v: String } })`, json: { componentGenerics: { item: { default: "/c/z" } } } }, x: { wxml: "x{{n}}", js: life("x") }, y: { wxml: "y{{n}}", js: life("y") }, z: { wxml: "z{{n}}", js: life("z") } }, []),
  one("generics/passed on", `<h generic:item="x"/>`, "", { h: { wxml: `<g generic:item="item"/>`, uses: ["g"], json: { componentGenerics: { item: true } } }, g: { wxml: `<item n="1"/>`, json: { componentGenerics: { item: true } } }, x: { wxml: "x{{n}}", js: life("x") } }, []),
  one("external classes/given, changed, mixed", `<e my-class="red {{c}}" other-class="o"/>`, page(`{ c: "big" }`), { e: { wxml: `<view class="own my-class">a</view><view class="{{k}} other-class">b</view><view class="my-class other-class">c</view>`, js: `Component({ externalClasses: ["my-class", "other-class"], data: { k: "kk" } })` } }, [set({ c: "small" }), set({ c: "" })]),
  one("external classes/passed on", `<e my-class="red"/>`, "", { e: { wxml: `<f f-class="my-class x"/>`, js: `Component({ externalClasses: ["my-class"] })`, uses: ["f"] }, f: { wxml: `<view class="f-class y">f</view>`, js: `Component({ externalClasses: ["f-class"] })` } }, []),
  one("virtualHost/no element of its own", `<view><v wx:for="{{l}}" wx:key="*this" n="{{item}}"><text>{{item}}</text></v></view>`, page(`{ l: [1, 2] }`), { v: { wxml: `<view class="in">{{n}}<slot/></view>`, js: `Component({ options: { virtualHost: true }, properties: { n: String } })` } }, [set({ l: [2, 1, 3] }), set({ l: [3] })]),
  one("virtualHost/events pass", `<view id="o" bindtap="h"><v id="v" bindtap="h"/></view>`, page("{}", heard("h")), { v: { wxml: `<view id="in">x</view>`, js: `Component({ options: { virtualHost: true } })` } }, [tap("in")]),
  one("two-way/on a component", `<m id="m" model:v="{{v}}"/>{{v}}`, page(`{ v: 1 }`), { m: { wxml: "{{v}}", js: `Component({ properties: { v: Number }, observers: { v(v) { this.seen = v } }, methods: { put(v) { this.setData({ v }) } } })` } }, [({ page }) => page.selectComponent("#m").put(2), ({ page, log }) => log(page.data.v), set({ v: 3 }), ({ page }) => page.selectComponent("#m").put(3)]),
  one("two-way/through two components", `<n id="n" model:w="{{v}}"/>{{v}}`, page(`{ v: 1 }`), { n: { wxml: `<m id="m" model:v="{{w}}"/>{{w}}`, uses: ["m"], js: `Component({ properties: { w: Number } })` }, m: { wxml: "{{v}}", js: `Component({ properties: { v: Number }, methods: { put(v) { this.setData({ v }) } } })` } }, [({ page }) => page.selectComponent("#n").selectComponent("#m").put(2), set({ v: 5 })]),
  one("recursion/a component in itself", `<t v="{{v}}"/>`, page(`{ v: { n: 1, c: [{ n: 2, c: [] }, { n: 3, c: [{ n: 4, c: [] }] }] } }`), { t: { wxml: `<view>{{v.n}}<t wx:for="{{v.c}}" wx:key="n" v="{{item}}"/></view>`, js: `Component({ properties: { v: Object } })`, uses: ["t"] } }, [set({ "v.c[1].c[0].n": 9 }), set({ "v.c[0].c": [{ n: 7, c: [] }] }), set({ "v.c": [] })]),
];

export const components: Case[] = [...properties, ...observers, ...differences, ...order, ...slots, ...events, ...select, ...behaviors, ...relations, ...rest];
