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
  /** The app's own unit. */
  app(): UnitLogic | undefined;
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

interface Entry { logic: UnitLogic; def?: Definition; failed?: unknown }

export function createUnits(modules: Modules, log: Log): Units {
  const all = new Map<string, Entry>(), files = new Map<string, (R: unknown) => TemplateFile>(), made = new Map<string, TemplateFile>();
  /** whose script runs */
  let running: Entry | undefined;

  const register = (kind: string, isPage: boolean) => (config: any) => {
    if (!running || running.def) log.warn(`${kind}() was called ${running ? "twice by " + running.logic.js : "while no page or component was being loaded"}, which is ignored`);
    else running.def = define(config, isPage, units.base, running.logic.js!, log);
  };

  const units: Units = {
    R: null,
    base: {},
    onApp: () => {},
    add: (name, logic) => void all.set(name, { logic }),
    addTemplate: (file, make) => void files.set(file, make),
    logic: (name) => all.get(name)?.logic,
    app: () => [...all.values()].find((e) => e.logic.kind === "app")?.logic,
    register: { App: (config: any) => units.onApp(config || {}), Page: register("Page", true), Component: register("Component", false), Behavior: behavior },
    definition(name) {
      const unit = all.get(name);
      if (!unit) throw new Error(`${name} is not in the code that was sent`);
      if (unit.def) return unit.def;
      const { js, kind } = unit.logic, before = running, isPage = kind === "page";
      running = unit;
      try {
        if (js && !unit.failed) modules.require("/" + js, "");
      } catch (e) {
        unit.failed = e;
      }
      running = before;
      if (!unit.def) {
        if (js) unit.failed ??= new Error(`${js} does not call ${isPage ? "Page" : "Component"}()`);
        if (unit.failed && isPage) throw unit.failed;
        // The rest of the page goes on without this component's logic.
        if (unit.failed && !modules.told(unit.failed)) log.error(unit.failed, "");
        unit.def = define({}, false, units.base, name, log);
      }
      return unit.def;
    },
    template(file) {
      let t = made.get(file);
      const make = files.get(file);
      if (!t && make) made.set(file, (t = make(units.R)));
      return t;
    },
    root(name) {
      const tpl = all.get(name)?.logic.tpl;
      return (tpl && units.template(tpl)?.b) || undefined;
    },
    resolve(owner, tag) {
      const unit = units.logic(owner.unit);
      return unit?.using?.[tag] || owner.generics[tag] || unit?.generics?.[tag];
    },
  };
  return units;
}
