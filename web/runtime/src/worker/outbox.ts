// What the view must hear: gathered while the program runs, sent as one JSON string per flush, acknowledged by number.
import type { Flush, InstanceOptions, Op, Path } from "../shared/protocol";
import type { Instance } from "./instance";
import { bytes, reason } from "./log";

/** Flushes the view may be behind; then changes gather here instead of in its queue. */
const ahead = 2;

export interface Outbox {
  born(inst: Instance): void;
  dirty(inst: Instance): void;
  dead(inst: Instance): void;
  op(op: Op): void;
  /** Calls fn when the view has applied everything said so far. */
  after(fn: () => void): void;
  acked(n: number): void;
  stop(): void;
}

export interface OutboxPorts {
  post(flush: string): void;
  /** Runs fn once the current task is over. */
  soon(fn: () => void): void;
  options(inst: Instance): InstanceOptions;
  /** First acknowledged flush after birth, children before the components around them. */
  ready(inst: Instance): void;
  fatal(message: string): void;
  /** bytes one flush may carry */
  limit: number;
}

type Entry = { n: Instance } | { u: Instance } | { d: Instance } | { o: Op };

export function createOutbox(ports: OutboxPorts): Outbox {
  let log: Entry[] = [], callbacks: (() => void)[] = [], scheduled = false, stopped = false, seq = 0, seen = 0;
  const waiting = new Map<number, { callbacks: (() => void)[]; born: Instance[] }>();
  const listed = new Set<Instance>();

  function schedule(): void {
    if (scheduled || stopped || seq - seen >= ahead) return;
    scheduled = true;
    ports.soon(flush);
  }

  function flush(): void {
    scheduled = false;
    if (stopped || (!log.length && !callbacks.length) || seq - seen >= ahead) return;
    const entries = log, calls = callbacks, ops: Op[] = [], born: Instance[] = [], from: Instance[] = [];
    log = [];
    callbacks = [];
    listed.clear();
    for (const e of entries) {
      if ("o" in e) ops.push(e.o);
      else if ("n" in e) {
        const i = e.n;
        if (i.gone) continue; // came and went between two flushes
        ops.push(["n", i.id, i.owner ? i.owner.id : 0, i.place, i.unit, i.view, ports.options(i)]);
        from[ops.length - 1] = i;
        i.patch = new Map();
        born.push(i);
      } else if ("u" in e) {
        if (e.u.gone || !e.u.patch?.size) continue;
        const changes: ([Path, unknown] | [Path])[] = [];
        for (const [path, v] of e.u.patch.values()) changes.push(v === undefined || typeof v === "function" ? [path] : [path, v]);
        e.u.patch.clear();
        ops.push(["u", e.u.id, ...changes]);
        from[ops.length - 1] = e.u;
      } else ops.push(["d", e.d.id]);
    }
    if (!ops.length) {
      const last = waiting.get(seq);
      if (last) last.callbacks.push(...calls);
      else calls.forEach((fn) => fn());
      return;
    }
    const message: Flush = { s: ++seq, o: ops };
    let text: string;
    try {
      text = json(message);
    } catch (e) {
      return ports.fatal(`data cannot be sent to the page: ${reason(e)}`);
    }
    if (text.length * 3 > ports.limit && bytes(text) > ports.limit) {
      return ports.fatal(`${heaviest(ops, from)} sets ${mb(bytes(text))} of data at once, more than the ${mb(ports.limit)} one update may carry; set only what the page shows`);
    }
    waiting.set(seq, { callbacks: calls, born });
    ports.post(text);
  }

  return {
    born(inst) {
      log.push({ n: inst });
      schedule();
    },
    dirty(inst) {
      if (listed.has(inst)) return;
      listed.add(inst);
      log.push({ u: inst });
      schedule();
    },
    dead(inst) {
      if (inst.patch) log.push({ d: inst });
      schedule();
    },
    op(op) {
      log.push({ o: op });
      schedule();
    },
    after(fn) {
      callbacks.push(fn);
      schedule();
    },
    acked(n) {
      seen = Math.max(seen, n);
      for (const [s, w] of waiting) {
        if (s > n) break;
        waiting.delete(s);
        innerFirst(w.born).forEach(ports.ready);
        w.callbacks.forEach((fn) => fn());
      }
      if (log.length || callbacks.length) schedule();
    },
    stop() {
      stopped = true;
    },
  };
}

/** Children before parents, siblings in order: born is in template order, parents first. */
function innerFirst(born: Instance[]): Instance[] {
  const out: Instance[] = [], open: Instance[] = [];
  for (const i of born) {
    while (open.length && open[open.length - 1]!.depth >= i.depth) out.push(open.pop()!);
    open.push(i);
  }
  while (open.length) out.push(open.pop()!);
  return out;
}

/** BigInts have no JSON; the page shows them as text. Asked for only then: a replacer makes JSON several times slower. */
function json(v: unknown): string {
  try {
    return JSON.stringify(v);
  } catch {
    return JSON.stringify(v, (_k, v) => (typeof v === "bigint" ? String(v) : v));
  }
}

const mb = (n: number): string => (n / 1048576).toFixed(1).replace(/\.0$/, "") + " MB";

/** The unit whose operation is the largest. */
function heaviest(ops: Op[], from: (Instance | undefined)[]): string {
  let unit = "the program", most = 0;
  ops.forEach((op, n) => {
    const size = json(op).length;
    if (from[n] && size > most) {
      most = size;
      unit = from[n]!.unit;
    }
  });
  return unit;
}
