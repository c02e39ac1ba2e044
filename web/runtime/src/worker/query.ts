// Questions to the view: selector queries, intersection observers, methods of elements.
import type { Query, QueryFields } from "../shared/protocol";
import { INSTANCE, type Instance } from "./instance";
import type { Fn, Log } from "./log";
import type { Outbox } from "./outbox";

export interface Queries {
  /** jd.createSelectorQuery() */
  select(): any;
  /** jd.createIntersectionObserver(self, options); without self the page on top is watched. */
  observe(self: unknown, options?: any): any;
  /** A view method; done is called with its answer. */
  method(target: number, name: string, arg: object | null, done?: (ok: boolean, value: unknown) => void): void;
  /** Id of the instance behind `this`; 0 when it is none. */
  idOf(self: unknown): number;
  /** What the view says: a query's results, a method's answer, an observer's entry. */
  answered(id: number, ...what: any[]): void;
}

type Entry = Query[number] & { done?: Fn };

/** Margins as programs give them: numbers of pixels by side. */
const margins = (m: any): number[] => ["top", "right", "bottom", "left"].map((side) => +m?.[side] || 0);

/** top answers the page that shows. */
export function createQueries(out: Outbox, log: Log, top: () => Instance | undefined): Queries {
  let last = 0;
  /** what waits for the view, by id; observers stay */
  const waiting = new Map<number, Fn>();
  const behind = (self: unknown): Instance | undefined => (self as any)?.[INSTANCE];

  const queries: Queries = {
    select() {
      const entries: Entry[] = [];
      let root: Instance | undefined;
      const nodes = (select: string, kind: { all?: 1; viewport?: 1 }) => {
        const ask = (fields: QueryFields, done?: Fn) => (entries.push({ root: 0, select: String(select), fields, ...kind, done }), query);
        return {
          boundingClientRect: (done?: Fn) => ask({ id: 1, dataset: 1, rect: 1, size: 1 }, done),
          scrollOffset: (done?: Fn) => ask({ id: 1, dataset: 1, scrollOffset: 1 }, done),
          fields(f: any, done?: Fn) {
            const want: any = {};
            for (const k in f) if (f[k]) want[k] = Array.isArray(f[k]) ? f[k].map(String) : 1;
            return ask(want, done);
          },
        };
      };
      const query = {
        in: (self: unknown) => ((root = behind(self)), query),
        select: (s: string) => nodes(s, {}),
        selectAll: (s: string) => nodes(s, { all: 1 }),
        selectViewport: () => nodes("", { viewport: 1 }),
        exec(done?: Fn) {
          const at = root || top(), asked = entries.slice(), id = ++last;
          waiting.set(id, (results: unknown[]) => {
            waiting.delete(id);
            asked.forEach((e, i) => log.guard(e.done, undefined, [results[i]], "selector query"));
            log.guard(done, undefined, [results], "selector query");
          });
          if (!at || at.gone) out.after(() => queries.answered(id, asked.map((e) => (e.all ? [] : null))));
          else out.op(["q", id, asked.map(({ done, ...e }) => ({ ...e, root: e.viewport ? 0 : at.id }))]);
          return query;
        },
      };
      return query;
    },
    observe(self, o = {}) {
      const relative: object[] = [];
      let id = 0, from = 0;
      const observer = {
        relativeTo: (select: string, m?: object) => (relative.push({ select: String(select), margins: margins(m) }), observer),
        relativeToViewport: (m?: object) => (relative.push({ margins: margins(m) }), observer),
        observe(select: string, fn: Fn) {
          observer.disconnect();
          from = (behind(self) || top())?.id || 0;
          id = ++last;
          waiting.set(id, (entry) => log.guard(fn, undefined, [entry], "intersection observer"));
          out.op(["m", from, "observe", {
            id, select: String(select), relative: relative.length ? relative : [{ margins: margins(0) }],
            thresholds: o.thresholds?.length ? o.thresholds : [0], initial: +o.initialRatio || 0, ...(o.observeAll || o.selectAll ? { all: 1 } : {}),
          }]);
        },
        disconnect() {
          if (id) out.op(["m", from, "unobserve", { id }]);
          waiting.delete(id);
          id = 0;
        },
      };
      return observer;
    },
    idOf: (self) => behind(self)?.id || 0,
    method(target, name, arg, done) {
      if (done) {
        const call = ++last;
        waiting.set(call, (ok: boolean, value: unknown) => {
          waiting.delete(call);
          done(ok, value);
        });
        arg = { ...arg, call };
      }
      out.op(["m", target, name, arg]);
    },
    answered: (id, ...what) => waiting.get(id)?.(...what),
  };
  return queries;
}
