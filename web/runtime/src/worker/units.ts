// What the compiler registered: units, template files, script modules of templates; and the definitions scripts give units.
import type { UnitLogic } from "../shared/protocol";
import { behavior, define, type Definition } from "./definition";
import type { Instance } from "./instance";
import type { Fn, Log } from "./log";
import type { Modules } from "./modules";
import type { BlockFn } from "./tree";

export interface TemplateFile { b: BlockFn | 0; t?: Record<string, BlockFn | 0>; i?: string[] }

export interface Units {
  add(name: string, unit: UnitLogic): void;
  addTemplate(file: string, make: (R: unknown) => TemplateFile): void;
  logic(name: string): UnitLogic | undefined;
  /** The unit that names the app, "" when no bundle brought one. */
  app(): string;
  /** Runs the unit's script the first time. Throws when the script of a page fails or registers nothing. */
  definition(name: string): Definition;
  template(file: string): TemplateFile | undefined;
  /** Block of the unit's own template, undefined when nothing in it concerns the logic side. */
  root(name: string): BlockFn | undefined;
  /** What a component tag means in a template of owner. */
  resolve(owner: Instance, tag: string): string | undefined;
  /** What modules call. */
  register: { App: Fn; Page: Fn; Component: Fn; Behavior: Fn };
  /** Set before anything is defined: R for templates, prototype of instances. */
  R: unknown;
  base: object;
  onApp: (config: any) => void;
}

export function createUnits(modules: Modules, log: Log): Units {
  const logic = new Map<string, UnitLogic>(), files = new Map<string, (R: unknown) => TemplateFile>(), made = new Map<string, TemplateFile>();
  const definitions = new Map<string, Definition>(), broken = new Map<string, unknown>();
  let running = "";

  const register = (kind: string, config: any, isPage: boolean) => {
    if (!running || definitions.has(running)) return log.warn(`${kind}() ${running ? `of ${running} was called a second time` : "was called while no page or component was being loaded"}, which is ignored`);
    definitions.set(running, define(config, isPage, units.base, running, log));
  };

  const units: Units = {
    R: null,
    base: {},
    onApp: () => {},
    add: (name, unit) => void logic.set(name, unit),
    addTemplate: (file, make) => void files.set(file, make),
    logic: (name) => logic.get(name),
    app: () => [...logic.keys()].find((n) => logic.get(n)!.kind === "app") || "",
    register: {
      App: (config: any) => units.onApp(config || {}),
      Page: (config: any) => register("Page", config, true),
      Component: (config: any) => (register("Component", config, false), running),
      Behavior: behavior,
    },
    definition(name) {
      let def = definitions.get(name);
      if (def) return def;
      if (broken.has(name)) throw broken.get(name);
      const unit = logic.get(name);
      if (!unit) throw new Error(`${name} is not among the code that was sent`);
      const before = running;
      running = name;
      let failed: unknown;
      try {
        if (unit.js) modules.require("/" + unit.js, "");
      } catch (e) {
        failed = e;
      }
      running = before;
      def = definitions.get(name);
      if (!def) {
        const call = unit.kind === "page" ? "Page()" : "Component()";
        if (failed === undefined && unit.js) failed = new Error(`${unit.js} does not call ${call}, so ${name} has no logic`);
        if (failed !== undefined && unit.kind === "page") {
          broken.set(name, failed);
          throw failed;
        }
        // The rest of the page goes on without this component's logic.
        if (failed !== undefined && !modules.told(failed)) log.error(failed, "");
        definitions.set(name, (def = define({}, false, units.base, name, log)));
      }
      return def;
    },
    template(file) {
      let t = made.get(file);
      if (!t) {
        const make = files.get(file);
        if (!make) return undefined;
        made.set(file, (t = make(units.R)));
      }
      return t;
    },
    root(name) {
      const tpl = logic.get(name)?.tpl;
      return (tpl && units.template(tpl)?.b) || undefined;
    },
    resolve(owner, tag) {
      const unit = logic.get(owner.unit);
      return unit?.using?.[tag] || owner.generics[tag] || unit?.generics?.[tag] || undefined;
    },
  };
  return units;
}
