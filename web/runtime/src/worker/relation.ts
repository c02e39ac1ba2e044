// relations: components in one template that know each other as parent and child, ancestor and descendant.
import { BehaviorHandle, type Relation } from "./definition";
import type { Instance } from "./instance";
import type { Log } from "./log";
import { join } from "./modules";
import { ownHosts, type Host } from "./tree";

const counterpart = { parent: "child", child: "parent", ancestor: "descendant", descendant: "ancestor" } as const;

function concerns(r: Relation, from: Instance, to: Instance): boolean {
  if (r.target !== undefined) return r.target instanceof BehaviorHandle && to.def.behaviors.has(r.target);
  return join(from.unit.split("/").slice(0, -1), r.key).replace(/\.js$/, "") === to.unit;
}

/** Components around this one in the owner's template, nearest first. */
function around(inst: Instance): Instance[] {
  const out: Instance[] = [];
  for (let h: Host | null | undefined = inst.host?.outer; h; h = h.outer) if (h.inst) out.push(h.inst);
  return out;
}

/** Called when inst was attached; those around it are attached already. */
export function link(inst: Instance, log: Log): void {
  for (const r of inst.def.relations) {
    if (r.type !== "parent" && r.type !== "ancestor") continue;
    const outer = around(inst);
    for (const other of r.type === "parent" ? outer.slice(0, 1) : outer) {
      const back = concerns(r, inst, other) && other.def.relations.find((b) => b.type === counterpart[r.type] && concerns(b, other, inst));
      if (!back) continue;
      bind(inst, r, other);
      bind(other, back, inst);
      log.guard(back.on.linked, other.self, [inst.self], `${other.unit} relation linked`);
      log.guard(r.on.linked, inst.self, [other.self], `${inst.unit} relation linked`);
      break;
    }
  }
}

function bind(a: Instance, r: Relation, b: Instance): void {
  const had = a.links.get(r.key);
  if (had) had.push(b);
  else a.links.set(r.key, [b]);
}

export function unlink(inst: Instance, log: Log): void {
  for (const r of inst.def.relations) {
    for (const other of inst.links.get(r.key) || []) {
      for (const back of other.def.relations) {
        const of = other.links.get(back.key), at = of ? of.indexOf(inst) : -1;
        if (at < 0 || back.type !== counterpart[r.type]) continue;
        of!.splice(at, 1);
        if (!other.gone) log.guard(back.on.unlinked, other.self, [inst.self], `${other.unit} relation unlinked`);
      }
      log.guard(r.on.unlinked, inst.self, [other.self], `${inst.unit} relation unlinked`);
    }
    inst.links.delete(r.key);
  }
}

/** A list moved inst among its siblings. */
export function relinked(inst: Instance, log: Log): void {
  for (const r of inst.def.relations) {
    if (r.type !== "parent" && r.type !== "ancestor") continue;
    for (const other of inst.links.get(r.key) || []) {
      for (const back of other.def.relations) {
        if (other.links.get(back.key)?.includes(inst)) log.guard(back.on.linkChanged, other.self, [inst.self], `${other.unit} relation linkChanged`);
      }
      log.guard(r.on.linkChanged, inst.self, [other.self], `${inst.unit} relation linkChanged`);
    }
  }
}

/** getRelationNodes: `this` of the linked components, in the order they have in the template. */
export function related(inst: Instance, key: string): any[] | null {
  const has = inst.def.relations.some((r) => r.key === key);
  if (!has) return null;
  const linked = inst.links.get(key) || [];
  if (linked.length < 2 || !inst.owner) return linked.map((i) => i.self);
  const order = new Map<Instance, number>();
  ownHosts(inst.owner).forEach((h, n) => h.inst && order.set(h.inst, n));
  return linked.slice().sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)).map((i) => i.self);
}
