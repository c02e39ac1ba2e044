// Built-in components: the base class of those with behaviour, what plain elements understand, and fetching groups on use.
import type { View } from "./core";
import type { Puller } from "./input";
import { MODULES } from "./modules";
import type { El, Stat, State } from "./types";
import { CATCH } from "../shared/protocol";

/** An attribute's value as last written by the program; undefined when it never was. Names as written in the template. */
export function attributeOf(el: El, name: string): unknown {
  const st = el.$;
  if (!st) return undefined;
  if (st.a && name in st.a) return st.a[name];
  return st.s && st.s.a ? st.s.a[name] : undefined;
}

/**
 * A built-in with behaviour. Attributes live in the element's state, not in the DOM; `changed` hears of each once the element
 * is in the document, and again when it changes.
 */
export abstract class Builtin extends HTMLElement {
  static view: View;
  declare $?: State;
  /** has been in the document */
  live = false;

  get view(): View {
    return Builtin.view;
  }
  connectedCallback(): void {
    if (!this.live) {
      this.mount();
      const st = this.$;
      if (st) {
        const names = { ...st.s?.a, ...st.a };
        for (const name in names) this.changed(name, names[name]);
      }
      this.live = true;
      this.ready();
    }
    this.enter();
  }
  disconnectedCallback(): void {
    this.leave();
  }
  set(name: string, value: unknown): void {
    if (this.live) this.changed(name, value);
  }
  attr(name: string): unknown {
    return attributeOf(this, name);
  }
  num(name: string, otherwise: number): number {
    const raw = this.attr(name);
    const v = raw === undefined || raw === null || raw === "" ? otherwise : Number(raw);
    return Number.isFinite(v) ? v : otherwise;
  }
  str(name: string, otherwise = ""): string {
    const v = this.attr(name);
    return v === undefined || v === null ? otherwise : String(v);
  }
  fire(type: string, detail: unknown): boolean {
    return this.view.events.fire(this, type, detail);
  }
  /** once, before attributes */
  mount(): void {}
  changed(_name: string, _value: unknown): void {}
  /** once, after attributes */
  ready(): void {}
  /** each time it comes into and goes out of the document; moving is both */
  enter(): void {}
  leave(): void {}
}

/** What the element offers to the rest of the view, each only where it makes sense. */
export interface Behaviour {
  /** A tap reached it or something in it; true: dealt with, nobody further out acts. */
  tapped?(target: El): boolean | void;
  /** A label was tapped. */
  activate?(): void;
  /** Values for selectorQuery's properties. */
  property?(name: string): unknown;
  /** A method of its context object. */
  context?(method: string, args: unknown[]): unknown;
  scrolled?(): void;
}

/** Elements that need no code, or none beyond what is in this file. */
const PLAIN = new Set("view text block slot native-slot cover-view page share-element navigation-bar layer pull refresher".split(" ").map((t) => "mm-" + t));

export interface Builtins {
  meet(el: Element): void;
  /** What a static entry means for every clone; true when each clone needs a look of its own (`cloned`). */
  fixed(el: El, s: Stat): boolean;
  cloned(el: El): void;
  attribute(el: El, name: string, value: unknown): void;
  tapped(target: El): void;
  asset(src: unknown, el: El): string;
  define(tag: string, type: CustomElementConstructor): void;
  pullers: Puller[];
}

export function createBuiltins(view: View): Builtins {
  const asked = new Set<string>();
  const pullers: Puller[] = [];

  function plain(el: El, name: string, value: unknown): boolean {
    if (name.startsWith("aria-") || name === "role") {
      const attr = name === "aria-role" ? "role" : name;
      if (value === undefined || value === null) el.removeAttribute(attr);
      else el.setAttribute(attr, String(value));
    } else if (el.localName === "mm-text") {
      if (name === "selectable" || name === "user-select") el.toggleAttribute("mm-pick", !!value);
      else if (name === "space" || name === "decode") return !!value;
    }
    return false;
  }

  function asset(src: unknown, el: El): string {
    const raw = typeof src === "string" ? src.trim() : "";
    if (!raw) return "";
    if (/^(https?:|blob:|data:(image|audio|video|font)\/)/i.test(raw)) return raw;
    if (raw.startsWith("//")) return "https:" + raw;
    if (/^[a-z][a-z0-9+.-]*:/i.test(raw)) {
      view.report(new Error(`${el.localName.slice(3)}: "${raw.slice(0, 80)}" cannot be shown: use https:, data:image or a path in the package`));
      return "";
    }
    const path = raw.replace(/[?#].*$/, "");
    const parts = path.startsWith("/") ? [] : (view.events.ownerOf(el)?.unit || "").split("/").slice(0, -1);
    for (const piece of path.split("/")) {
      if (piece === "..") parts.pop();
      else if (piece && piece !== ".") parts.push(piece);
    }
    const key = parts.join("/");
    const assets = view.assets;
    const found = Object.hasOwn(assets, key) ? assets[key] : Object.hasOwn(assets, path) ? assets[path] : undefined;
    if (found === undefined && !asked.has(key)) {
      asked.add(key);
      console.warn(`${el.localName.slice(3)}: ${key} is not in the package`);
    }
    return found || "";
  }

  function define(tag: string, type: CustomElementConstructor): void {
    if (!customElements.get("mm-" + tag)) customElements.define("mm-" + tag, type);
  }

  const builtins: Builtins = {
    meet(el) {
      const tag = el.localName;
      if (!tag.startsWith("mm-") || PLAIN.has(tag) || customElements.get(tag)) return;
      const module = MODULES[tag];
      if (asked.has(module || tag)) return;
      asked.add(module || tag);
      if (module) view.tell({ need: module });
      else console.warn(`<${tag.slice(3)}> is not supported yet: it shows as an empty box`);
    },
    fixed(el, s) {
      const move = s.e && (s.e["touchmove"] || s.e["^touchmove"]);
      if (move && move[1] & CATCH) el.setAttribute("mm-catch", "");
      let each = false;
      for (const name in s.a) if (plain(el, name, s.a[name])) each = true;
      return each;
    },
    cloned: (el) => view.ask((m) => m.text(el)),
    attribute(el, name, value) {
      if (name === "animation") value && view.ask((m) => m.play(el, value));
      else if (plain(el, name, value)) builtins.cloned(el);
      else if (el.set) el.set(name, value);
    },
    tapped(target) {
      for (let el: (El & Behaviour) | null = target; el; el = el.parentElement as El | null) if (el.tapped && el.tapped(target)) return;
    },
    asset, define, pullers,
  };
  Builtin.view = view;
  return builtins;
}
