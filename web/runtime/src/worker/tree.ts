// The logic side's picture of a template: blocks, and in them the elements it knows (component nodes, elements that listen).
import type { Change, Events, Path } from "../shared/protocol";
import type { Placed } from "../shared/list";
import type { Instance } from "./instance";

export interface Frame { i: Instance; d: any; u: Change; p?: Frame; v?: unknown; k?: unknown; w?: Change; x?: boolean }
export type BlockFn = (b: Block, f: Frame, c: boolean) => void;

/** What the compiler says of a component node or a listening element; see ABI.md, R.k and R.l. */
export interface Spec {
  p?: 0 | ((f: Frame, c: boolean, P: (name: string, value: unknown) => void) => void);
  e?: Events | 0;
  E?: 0 | ((f: Frame) => Events);
  a?: 0 | ((f: Frame) => Attributes);
  s?: 0 | Record<string, BlockFn>;
  g?: 0 | Record<string, string>;
  o?: 0 | Record<string, Path>;
}
export interface Attributes { id?: string; class?: string; slot?: string; data?: Record<string, unknown>; mark?: Record<string, unknown> }

export class Block implements Placed {
  r: (Region | Host | undefined)[] = [];
  /** host: the nearest element around this block in the same template, null at the root */
  constructor(readonly up: Block | null, public pk: string | number, readonly host: Host | null, readonly fn: BlockFn, public f: Frame) {}
}

/** A list, a branch, a template call or a slot: what stands there now. */
export interface Region { blocks: Block[]; keys?: (string | number)[]; which?: number; fn?: BlockFn; name?: string }

/** A component node, or a plain element that encloses components and listens. */
export class Host {
  inst: Instance | null = null;
  /** slot content by slot name; the content of a plain element is under "" */
  slots: Record<string, Block> = {};
  constructor(readonly block: Block, readonly f: Frame, readonly no: number, readonly spec: Spec, readonly tag: string) {}
  get attributes(): Attributes {
    return (this.spec.a && this.spec.a(this.f)) || {};
  }
  /** Nearest element around this one in the same template. */
  get outer(): Host | null {
    return this.block.host;
  }
}

/** Calls visit for the outermost hosts below a block, in template order; slot content is the visitor's to enter. */
export function eachHost(block: Block, visit: (h: Host) => void): void {
  for (const r of block.r) {
    if (r instanceof Host) visit(r);
    // A block that threw while it was built left a gap.
    else if (r) for (const b of r.blocks) if (b) eachHost(b, visit);
  }
}

/** All hosts of an instance's own template, in order, slot content included. */
export function ownHosts(inst: Instance): Host[] {
  const out: Host[] = [];
  const visit = (h: Host) => {
    out.push(h);
    for (const k in h.slots) eachHost(h.slots[k]!, visit);
  };
  if (inst.root) eachHost(inst.root, visit);
  return out;
}
