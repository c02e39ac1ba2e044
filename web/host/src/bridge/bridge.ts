// The way from a program to the host: a call by name, checked, answered once; tasks may send events before and after.
import type { HostToWorker } from "../../../runtime/src/shared/protocol";
import type { Identity } from "../runner/identity";
import type { Launch } from "../runner/launch";
import type { Store } from "../runner/storage";
import type { Overlays } from "../ui/overlays";
import { Args, CallFailed, weigh } from "./arguments";
import { mustNotBeLost } from "./storage";

/** What host calls act on: one program that is open. */
export interface Context {
  readonly launch: Launch;
  readonly overlays: Overlays;
  readonly storage: Store;
  /** Aborted when the program is closed: everything a call has started ends then. */
  readonly signal: AbortSignal;
  /** Path of the page on top. */
  page(): string;
  /** Hands over the code of a page. */
  load(page: string): Promise<void>;
  /** Leaves this program and opens another. */
  openProgram(address: string): void;
  /** What it may learn of its consumer. */
  readonly identity: Identity;
  /** What it asked of the browser, and what the consumer said. */
  readonly asked: ReadonlyMap<"clipboard", boolean>;
  /** Asks the consumer once per program and thing; true when they agreed. */
  allowed(thing: "clipboard"): Promise<boolean>;
  /** Shows what the program is and what it was allowed, until the consumer closes it. */
  showAbout(): Promise<void>;
  /** Absolute address of a picture as a program names it (package path, data:, https: of its domains), or null for anything else. */
  picture(src: string): string | null;
}

/** One running call. */
export interface Task {
  /** Tells the program something before or after the answer: headers, progress, message, close. */
  emit(on: string, data: unknown): void;
  /** Receives what the program does with the task: abort, send, close. Keeps the task alive after the answer until end(). */
  onOp(act: (op: string, arg: unknown) => void): void;
  end(): void;
  /** Aborted by {task: "abort"} and when the program is closed. */
  readonly signal: AbortSignal;
}

/** A host call. Throws CallFailed for what the developer can do something about. */
export type Call = (args: Args, context: Context, task: Task) => unknown;

export interface BridgeLimits {
  /** bytes one call's argument may weigh */
  argument: number;
  /** calls and tasks that may run at once */
  running: number;
}

interface Running { abort: AbortController; act?: (op: string, arg: unknown) => void; answered: boolean }

export class Bridge {
  private readonly running = new Map<number, Running>();

  constructor(
    private readonly calls: Readonly<Record<string, Call>>,
    private readonly context: Context,
    private readonly send: (m: HostToWorker) => void,
    private readonly limits: BridgeLimits,
    /** Told each failure that is not the consumer's or the program's own wish. */
    private readonly failed: (message: string) => void = () => {},
  ) {
    context.signal.addEventListener("abort", () => {
      for (const r of this.running.values()) r.abort.abort();
      this.running.clear();
    });
  }

  /** Refuses a call without running it. */
  refuse(id: number, api: unknown, reason: string): void {
    const message = `${name(api)}:fail ${reason}`;
    this.failed(message);
    this.send({ id, err: { message } });
  }

  /** Runs a call and answers it. Never throws; foreign ids and names are refused. */
  async call(id: number, api: unknown, arg: unknown): Promise<void> {
    if (this.running.has(id)) return this.refuse(id, api, `call ${id} is still running`);
    const call = typeof api === "string" && Object.hasOwn(this.calls, api) ? this.calls[api] : undefined;
    if (!call) return this.refuse(id, api, "not supported by this host");
    if (this.running.size >= this.limits.running && !mustNotBeLost(api)) return this.refuse(id, api, `too many calls at once, at most ${this.limits.running} may run`);
    if (weigh(arg, this.limits.argument) > this.limits.argument) {
      return this.refuse(id, api, `the argument is larger than ${Math.round(this.limits.argument / 1024)} KB or nested deeper than 64`);
    }
    const run: Running = { abort: new AbortController(), answered: false };
    this.running.set(id, run);
    const end = () => {
      if (this.running.get(id) === run) this.running.delete(id);
    };
    const task: Task = {
      emit: (on, data) => {
        if (!run.abort.signal.aborted || on === "close") this.send({ id, on, data });
      },
      onOp: (act) => void (run.act = act),
      end,
      signal: run.abort.signal,
    };
    let answer: HostToWorker;
    try {
      this.context.identity.gate(api as string);
      answer = { id, ok: (await call(new Args(arg), this.context, task)) ?? {} };
    } catch (e) {
      end();
      const reason = run.abort.signal.aborted ? "abort" : e instanceof CallFailed ? e.message : e instanceof Error ? `${e.name}: ${e.message}` : String(e);
      const message = `${name(api)}:fail ${reason}`;
      if (reason !== "abort" && reason !== "cancel") this.failed(message);
      answer = { id, err: { message, ...(e instanceof CallFailed && e.code !== undefined ? { code: e.code } : {}) } };
    }
    run.answered = true;
    if (!run.act) end(); // nothing listens for what may come: the call is over
    if (!this.context.signal.aborted) this.send(answer);
  }

  /** Passes an operation to a running task; an id that is over is no error, both sides may end at once. */
  operate(id: number, op: string, arg: unknown): void {
    const run = this.running.get(id);
    if (!run) return;
    if (op === "abort" && !run.answered) run.abort.abort();
    else if (weigh(arg, this.limits.argument) <= this.limits.argument) run.act?.(op, arg);
  }
}

const name = (api: unknown): string => (typeof api === "string" ? api.slice(0, 60) : "call");
