// Questions to the view: selector queries, intersection observers, methods of elements.
import type { Op, Query, QueryFields } from "../shared/protocol";
import { INSTANCE, type Instance } from "./instance";
import type { Fn, Log } from "./log";
import type { Outbox } from "./outbox";

export interface Queries {
  select(): SelectorQuery;
  observe(self: unknown, options?: any): IntersectionObserver;
  /** A view method; done is called with its answer. */
  method(target: number, name: string, arg: object | null, done?: (ok: boolean, value: unknown) => void): void;
  /** Id of the instance behind `this`; 0 when it is none. */
  idOf(self: unknown): number;
  answered(id: number, results: unknown[]): void;
  returned(call: number, ok: boolean, value: unknown): void;
  fired(observer: number, entry: unknown): void;
}

type Entry = { select: string; all?: 1; viewport?: 1; fields: QueryFields; done?: Fn };

export class SelectorQuery {
  private entries: Entry[] = [];
  private root: Instance | null = null;
  constructor(private readonly ask: (root: Instance | null, entries: Entry[], done?: Fn) => void) {}
  in(self: any): this {
    this.root = self?.[INSTANCE] || null;
    return this;
  }
  select(select: string): NodesRef {
    return new NodesRef(this, { select });
  }
  selectAll(select: string): NodesRef {
    return new NodesRef(this, { select, all: 1 });
  }
  selectViewport(): NodesRef {
    return new NodesRef(this, { select: "", viewport: 1 });
  }
  exec(done?: Fn): this {
    this.ask(this.root, this.entries.slice(), done);
    return this;
  }
  add(e: Entry): this {
    this.entries.push(e);
    return this;
  }
}

class NodesRef {
  constructor(private readonly query: SelectorQuery, private readonly which: { select: string; all?: 1; viewport?: 1 }) {}
  private ask(fields: QueryFields, done?: Fn): SelectorQuery {
    return this.query.add({ ...this.which, select: String(this.which.select), fields, done });
  }
  boundingClientRect(done?: Fn): SelectorQuery {
    return this.ask({ id: 1, dataset: 1, rect: 1, size: 1 }, done);
  }
  scrollOffset(done?: Fn): SelectorQuery {
    return this.ask({ id: 1, dataset: 1, scrollOffset: 1 }, done);
  }
  fields(f: Record<string, any>, done?: Fn): SelectorQuery {
    const want: any = {};
    for (const k of ["id", "dataset", "mark", "rect", "size", "scrollOffset", "context", "node"]) if (f?.[k]) want[k] = 1;
    for (const k of ["properties", "computedStyle"]) if (Array.isArray(f?.[k])) want[k] = f[k].map(String);
    return this.ask(want, done);
  }
}

/** Margins as programs give them: numbers of pixels by side. */
const margins = (m: any): [number, number, number, number] => [+m?.top || 0, +m?.right || 0, +m?.bottom || 0, +m?.left || 0];

export class IntersectionObserver {
  private relative: { select?: string; margins: [number, number, number, number] }[] = [];
  private id = 0;
  constructor(private readonly root: () => number, private readonly options: any, private readonly link: { open(root: number, arg: object, fn: Fn): number; close(root: number, id: number): void }) {}
  private from = 0;
  relativeTo(select: string, m?: object): this {
    this.relative.push({ select: String(select), margins: margins(m) });
    return this;
  }
  relativeToViewport(m?: object): this {
    this.relative.push({ margins: margins(m) });
    return this;
  }
  observe(select: string, fn: Fn): void {
    this.disconnect();
    const o = this.options || {};
    this.from = this.root();
    const arg: any = {
      select: String(select), relative: this.relative.length ? this.relative : [{ margins: [0, 0, 0, 0] }],
      thresholds: Array.isArray(o.thresholds) && o.thresholds.length ? o.thresholds.map(Number) : [0], initial: +o.initialRatio || 0,
    };
    if (o.observeAll || o.selectAll) arg.all = 1;
    this.id = this.link.open(this.from, arg, fn);
  }
  disconnect(): void {
    if (this.id) this.link.close(this.from, this.id);
    this.id = 0;
  }
}

/** top answers the page that shows. */
export function createQueries(out: Outbox, log: Log, top: () => Instance | undefined): Queries {
  let last = 0;
  const asked = new Map<number, (r: unknown[]) => void>(), watching = new Map<number, Fn>(), called = new Map<number, (ok: boolean, v: unknown) => void>();
  const queries: Queries = {
    select: () =>
      new SelectorQuery((root, entries, done) => {
        const at = root || top();
        const id = ++last;
        asked.set(id, (results) => {
          entries.forEach((e, i) => log.guard(e.done, undefined, [results[i]], "selector query"));
          log.guard(done, undefined, [results], "selector query exec");
        });
        if (!at || at.gone) return out.after(() => queries.answered(id, entries.map((e) => (e.all ? [] : null))));
        const query: Query = entries.map(({ select, all, viewport, fields }) => {
          const q: Query[number] = { root: viewport ? 0 : at.id, select, fields };
          if (all) q.all = 1;
          if (viewport) q.viewport = 1;
          return q;
        });
        out.op(["q", id, query]);
      }),
    observe: (self, options) =>
      new IntersectionObserver(() => ((self as any)?.[INSTANCE] || top())?.id || 0, options, {
        open(root, arg, fn) {
          const id = ++last;
          watching.set(id, fn);
          out.op(["m", root, "observe", { id, ...arg }]);
          return id;
        },
        close(root, id) {
          watching.delete(id);
          out.op(["m", root, "unobserve", { id }]);
        },
      }),
    idOf: (self) => ((self as any)?.[INSTANCE] as Instance | undefined)?.id || 0,
    method(target, name, arg, done) {
      const op: Op = ["m", target, name, arg];
      if (done) {
        called.set(++last, done);
        op[3] = { ...arg, call: last };
      }
      out.op(op);
    },
    answered(id, results) {
      const fn = asked.get(id);
      asked.delete(id);
      fn?.(results);
    },
    returned(call, ok, value) {
      const fn = called.get(call);
      called.delete(call);
      fn?.(ok, value);
    },
    fired: (id, entry) => void log.guard(watching.get(id), undefined, [entry], "intersection observer"),
  };
  return queries;
}
