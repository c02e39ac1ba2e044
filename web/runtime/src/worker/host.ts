// Calls to the host, and the way every JS API answers: success, fail and complete, or a promise when none is given.
import type { HostToWorker, WorkerToHost } from "../shared/protocol";
import { reason, type Log } from "./log";

export interface HostTask {
  /** resolves with the answer, rejects with an Error that may have a `code` */
  answer: Promise<any>;
  /** abort, close, send … of the running call */
  send(task: string, arg?: unknown): void;
}

export interface HostLink {
  call(api: string, arg: unknown): Promise<any>;
  /** A call that reports events while it runs; stays: also after the answer, until "close". */
  task(api: string, arg: unknown, on?: (event: string, data: any) => void, stays?: boolean): HostTask;
  /** False when the message is not an answer. */
  receive(m: HostToWorker): boolean;
}

export function createHostLink(post: (m: WorkerToHost) => void): HostLink {
  let last = 0;
  const open = new Map<number, { done: (v: unknown) => void; fail: (e: unknown) => void; on?: (event: string, data: any) => void; stays?: boolean }>();
  const link: HostLink = {
    call: (api, arg) => link.task(api, arg).answer,
    task(api, arg, on, stays) {
      const id = ++last;
      const answer = new Promise<any>((done, fail) => {
        open.set(id, { done, fail, on, stays });
        try {
          post({ id, api, arg });
        } catch (e) {
          open.delete(id);
          fail(new Error(`its options cannot be sent: ${reason(e)}`));
        }
      });
      return { answer, send: (task, arg) => void (open.has(id) && post(arg === undefined ? { id, task } : { id, task, arg })) };
    },
    receive(m) {
      if (!("id" in m)) return false;
      const call = open.get(m.id);
      if (!call) return true;
      if ("on" in m) {
        call.on?.(m.on, m.data);
        if (m.on === "close") open.delete(m.id);
        return true;
      }
      if ("err" in m || !call.stays) open.delete(m.id);
      if ("err" in m) call.fail(Object.assign(new Error(m.err.message), { code: m.err.code }));
      else call.done(m.ok);
      return true;
    },
  };
  return link;
}

/** Options without functions and undefined, ready to be posted. */
export function plainOptions(o: any): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  if (o && typeof o === "object") for (const k of Object.keys(o)) if (typeof o[k] !== "function" && o[k] !== undefined) out[k] = o[k];
  return out;
}

/** Adds an asynchronous API; work gets the options, `{}` when there are none, and answers or throws. */
export type Define = (name: string, work: (o: any) => any) => void;

export const createDefine = (apis: Record<string, unknown>, settle: Settle): Define => (name, work) => void (apis[name] = (o: any) => settle(name, o, () => work(o || {})));

export type Settle = (name: string, options: any, work: Promise<any> | (() => any)) => Promise<any> | undefined;

/** Answers options' callbacks with `errMsg` set; without callbacks the promise is the answer. */
export function createSettle(log: Log): Settle {
  return (name, options, work) => {
    const { success, fail, complete } = options || {};
    const tell = (fn: any, res: any, kind: string) => log.guard(fn, undefined, [res], `${name} ${kind}`);
    const p = (typeof work === "function" ? new Promise((done) => done(work())) : work).then(
      (v: any) => {
        const res = { ...v, errMsg: `${name}:ok` };
        tell(success, res, "success");
        tell(complete, res, "complete");
        return res;
      },
      (e: any) => {
        const text: string = e?.errMsg || reason(e);
        const res: any = { errMsg: text.startsWith(name + ":") ? text : `${name}:fail ${text}` };
        if (e?.code !== undefined) res.errCode = res.errno = e.code;
        tell(fail, res, "fail");
        tell(complete, res, "complete");
        throw res;
      },
    );
    if (!success && !fail && !complete) return p;
    p.catch(() => {});
    return undefined;
  };
}
