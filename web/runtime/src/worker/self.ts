// What programs call on `this` in pages and components.
import { parsePath } from "../shared/change";
import type { Path } from "../shared/protocol";
import { BehaviorHandle } from "./definition";
import { trigger, type EventOptions } from "./event";
import { INSTANCE, type Instance, type Instances } from "./instance";
import type { Fn, Log } from "./log";
import type { Outbox } from "./outbox";
import type { Queries } from "./query";
import { related } from "./relation";
import { select } from "./select";

export interface SelfPorts {
  instances: Instances;
  out: Outbox;
  log: Log;
  queries: Queries;
  /** ms since the program started */
  now(): number;
}

/** Prototype of every `this`. */
export function createBase({ instances, out, log, queries, now }: SelfPorts): object {
  const of = (self: any): Instance => {
    const inst = self?.[INSTANCE];
    if (!inst) throw new TypeError("this is no page or component");
    return inst;
  };

  /** What others get of a component: itself, or what it says. */
  const exported = ({ def, self, unit }: Instance): unknown => (def.exports && def.behaviors.has("//component-export") ? log.guard(def.exports, self, [], `${unit} export`) : self);

  function pick(inst: Instance, selector: string): Instance[] {
    try {
      return select(inst, selector);
    } catch (e) {
      log.error(e, `selectComponent in ${inst.unit}`);
      return [];
    }
  }

  return {
    // Components keep each other in their data (weui does): there they are values, and the page has no use for them.
    [Symbol.toStringTag]: "Component",
    toJSON() {},
    /** what draws the page; libraries have templates for each */
    renderer: "webview",
    setData(data: unknown, callback?: Fn) {
      const inst = of(this);
      if (!data || typeof data !== "object") log.error(new TypeError(`setData: expected an object, got ${JSON.stringify(data)}`), inst.unit);
      else {
        const entries: [Path, unknown][] = [];
        for (const key of Object.keys(data)) {
          try {
            entries.push([parsePath(key), (data as any)[key]]);
          } catch (e) {
            log.error(e, inst.unit);
          }
        }
        instances.change(inst, entries, "self");
      }
      if (typeof callback === "function") out.after(() => log.guard(callback, inst.self, [], `${inst.unit} setData callback`));
    },
    /** Updates are sent together at the end of the task anyway. */
    groupSetData(callback?: Fn) {
      log.guard(callback, this, [], `${of(this).unit} groupSetData`);
    },
    triggerEvent(type: string, detail?: unknown, options?: EventOptions) {
      trigger(of(this), String(type), detail, options || {}, now(), log);
    },
    selectComponent(selector: string) {
      return pick(of(this), selector).map(exported)[0] ?? null;
    },
    selectAllComponents(selector: string) {
      return pick(of(this), selector).map(exported);
    },
    selectOwnerComponent() {
      return of(this).owner?.self ?? null;
    },
    getRelationNodes(key: string) {
      return related(of(this), key);
    },
    hasBehavior(b: unknown) {
      const { behaviors } = of(this).def;
      return b instanceof BehaviorHandle ? behaviors.has(b) : behaviors.has(String(b).replace(/^\w+:/, ""));
    },
    createSelectorQuery() {
      return queries.select().in(this);
    },
    createIntersectionObserver(options?: object) {
      return queries.observe(this, options);
    },
    getPageId() {
      return `pageId:${of(this).page.id}`;
    },
    /** The component that draws a custom tab bar on this page. */
    getTabBar() {
      const { page } = of(this);
      for (const i of instances.all.values()) if (i.page === page && i.unit === "custom-tab-bar/index") return i.self;
      return null;
    },
    getOpenerEventChannel() {
      return of(this).page.channel;
    },
    animate(selector: string, keyframes: Record<string, unknown>[], duration: number, callback?: Fn) {
      queries.method(of(this).id, "animate", { select: selector, keyframes, duration }, callback && (() => log.guard(callback, this, [], "animate callback")));
    },
    clearAnimation(selector: string, options?: unknown, callback?: Fn) {
      if (typeof options === "function") [callback, options] = [options as Fn, undefined];
      queries.method(of(this).id, "clearAnimation", { select: selector, options }, callback && (() => log.guard(callback, this, [], "clearAnimation callback")));
    },
    get id() {
      return of(this).host ? String(of(this).host!.attributes.id ?? "") : "";
    },
    get dataset() {
      return of(this).host?.attributes.data || {};
    },
  };
}
