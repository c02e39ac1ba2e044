// What the view keeps in memory: definitions the compiler registered, live blocks, live instances.
import type { Change, Events, InstanceOptions, UnitView } from "../shared/protocol";
import type { Scope } from "./scope";

/** See ABI.md, "Frames, data and change trees". */
export interface Frame {
  i: Instance;
  d: any;
  u: Change;
  p: Frame | null;
  v: unknown;
  k: unknown;
  w: Change;
  x: Change;
}

export type BlockFn = (b: Block, f: Frame, creating: boolean) => void;

/** What the compiler knows of an element beyond its markup; shared by all its clones. */
export interface Stat {
  e?: Events;
  d?: Record<string, unknown>;
  m?: Record<string, unknown>;
  a?: Record<string, unknown>;
  k?: 1;
}

/** A block as `R.b` made it. What follows from `html` is worked out when the first clone is needed. */
export interface BlockDef {
  html: string;
  paths: number[][];
  stat: 0 | [number, Stat][];
  fn: 0 | BlockFn;
  ready: Prepared | null;
}

export interface Prepared {
  content: DocumentFragment;
  /** one element or text node, which is cloned without a fragment around it */
  single: boolean;
  /** per dynamic node: where to start from (-1 the root, else an earlier node), then 0 for the first child or n siblings on */
  steps: number[][];
  /** clone sources by class scope */
  sources: Map<Scope, Node>;
  /** memo slots that the last clones used */
  slots: number;
  /** per dynamic node: lies directly in the block, so what stands in its region does so too */
  top: boolean[];
  /** nodes whose static attributes want a look at every clone; null for none */
  each: number[] | null;
}

export interface Block {
  /** enclosing block in the same instance, null at its root */
  up: Block | null;
  /** this block's part of the places inside it: see shared/list.ts */
  pk: string | number;
  i: Instance;
  d: BlockDef;
  /** dynamic nodes */
  n: Node[];
  /** regions; null until there is one, so that blocks without any are dropped without a look inside */
  r: (Region | undefined)[] | null;
  /** memo slots */
  v: unknown[];
  /** the frame of the last run */
  f: Frame;
  /** first and last own node; what stands in a region at the front comes before `a` */
  a: Node;
  z: Node;
  /** the clone, while it is not in its place: an element, a text node or a fragment */
  t: Node | null;
  /** stands in a slot, among another instance's nodes: top elements name their owner */
  m: boolean;
}

/** `ks` are key values as they are in the data while `plain`, else keys as listKeys makes them */
export interface ListRegion { t: 1; a: Node; bs: Block[]; ks: unknown[]; plain: boolean; index: (string | number)[] | null; m: boolean }
export interface BranchRegion { t: 2; a: Node; w: number; b: Block | null; m: boolean }
export interface CallRegion { t: 3; a: Node; name: unknown; b: Block | null; f: Frame; m: boolean }
/** A component node: where an instance of `owner` may stand, and the content it has for the instance's slots. */
export interface Hole {
  t: 4;
  el: El;
  b: Block;
  f: Frame;
  place: string;
  owner: Instance;
  child: Instance | null;
  slots: 0 | Record<string, BlockDef>;
  content: Map<string, SlotContent>;
}
export interface SlotRegion { t: 5; a: Node; i: Instance; name: string; content: SlotContent | null }
export interface SlotContent { b: Block; in: SlotRegion | null }
export type Region = ListRegion | BranchRegion | CallRegion | Hole | SlotRegion;

/** A page or component that lives. */
export interface Instance {
  id: number;
  unit: string;
  place: string;
  parent: Instance | null;
  page: Instance;
  depth: number;
  view: UnitView;
  options: InstanceOptions;
  /** mirror of the worker's data, and what changed in it since the last run */
  data: Record<string, unknown>;
  u: Change;
  /** something inside an object of the data was written since the last run */
  deep: boolean;
  scope: Scope;
  /** by place */
  kids: Map<string, Instance>;
  holes: Map<string, Hole>;
  /** where it stands in its parent; null for pages and while it has no place yet */
  hole: Hole | null;
  outlets: SlotRegion[];
  el: El | null;
  root: Block | null;
  gone: boolean;
}

/** What an element is to the program: made on first need. `x` is style text that stays when the style attribute changes. */
export interface State {
  b: Block;
  s: Stat | null;
  e: Events | null;
  d: Record<string, unknown> | null;
  m: Record<string, unknown> | null;
  a: Record<string, unknown> | null;
  x: string;
}

/** An element as the view marks it. */
export interface El extends HTMLElement {
  $?: State;
  /** component host or page root: the instance whose tree starts here */
  $h?: Instance | null;
  /** top element of slot content: the instance it belongs to */
  $o?: Instance;
  /** built-ins with behaviour of their own */
  set?(name: string, value: unknown): void;
}
