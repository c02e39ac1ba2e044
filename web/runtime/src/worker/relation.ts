// relations: components in one template that know each other as parent and child, ancestor and descendant.
import { BehaviorHandle, type Relation } from "./definition";
import type { Instance } from "./instance";
import type { Log } from "./log";
import { join } from "./modules";
import { ownHosts } from "./tree";

const counterpart = { parent: "child", child: "parent", ancestor: "descendant", descendant: "ancestor" } as const;

function concerns(r: Relation, from: Instance, to: Instance): boolean {
  if (r.target !== undefined) return r.target instanceof BehaviorHandle && to.def.behaviors.has(r.target);
  return join(from.unit.split("/").slice(0, -1), r.key).replace(/\.js$/, "") === to.unit;
}

/** The relation of `to` that answers r of `from`. */
const answer = (r: Relation, from: Instance, to: Instance): Relation | undefined =>
  to.def.relations.find((b) => b.type === counterpart[r.type] && concerns(r, from, to) && concerns(b, to, from));

const tell = (what: "linked" | "unlinked" | "linkChanged", r: Relation, self: Instance, other: Instance, log: Log): void => {
  if (!self.gone || what === "unlinked") log.guard(r.on[what], self.self, [other.self], `${self.unit} relation ${what}`);
};

const list = (i: Instance, r: Relation): Instance[] => i.links.get(r.key) || (i.links.set(r.key, []), i.links.get(r.key)!);

/** Called when inst was attached; those around it are attached already. */
export function link(inst: Instance, log: Log): void {
  for (const r of inst.def.relations) {
    if (r.type !== "parent" && r.type !== "ancestor") continue;
    for (let h = inst.host?.outer; h; h = h.outer) {
      const other = h.inst, back = other && answer(r, inst, other);
      if (other && back) {
        list(inst, r).push(other);
        list(other, back).push(inst);
        tell("linked", back, other, inst, log);
        tell("linked", r, inst, other, log);
      }
      if (back || (other && r.type === "parent")) break;
    }
  }
}

/** Each pair inst is part of: tells the other side, then inst. */
function pairs(inst: Instance, what: "unlinked" | "linkChanged", log: Log): void {
  for (const r of inst.def.relations) {
    for (const other of inst.links.get(r.key) || []) {
      const back = answer(r, inst, other);
      if (!back) continue;
      const of = list(other, back);
      if (what === "unlinked") of.splice(of.indexOf(inst) >>> 0, 1);
      if (!other.gone) tell(what, back, other, inst, log);
      tell(what, r, inst, other, log);
    }
  }
}

export function unlink(inst: Instance, log: Log): void {
  pairs(inst, "unlinked", log);
  inst.links.clear();
}

/** A list moved inst among its siblings. */
export const relinked = (inst: Instance, log: Log): void => pairs(inst, "linkChanged", log);

/** getRelationNodes: `this` of the linked components, in the order they have in the template. */
export function related(inst: Instance, key: string): any[] | null {
  if (!inst.def.relations.some((r) => r.key === key)) return null;
  const linked = inst.links.get(key) || [];
  const order = linked.length > 1 ? ownHosts(inst.owner!).map((h) => h.inst) : [];
  return linked.slice().sort((a, b) => order.indexOf(a) - order.indexOf(b)).map((i) => i.self);
}
