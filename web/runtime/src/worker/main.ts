// Entry of the worker: waits for boot from the frame, then runs one program on the ports it was given.
import type { Env, FromView, HostToWorker } from "../shared/protocol";
import { createProgram } from "./program";

declare const self: WorkerGlobalScope & { onmessage: ((e: MessageEvent) => void) | null; postMessage(m: unknown): void } & Record<string, any>;

/** What a program has no business with. Sloppy-mode functions can reach the real global object as `this`, so it goes from there. */
const closed = "importScripts postMessage fetch XMLHttpRequest WebSocket EventSource Worker SharedWorker indexedDB caches BroadcastChannel WebTransport close";

self.onmessage = (e: MessageEvent<{ mm: "boot"; env: Env }>) => {
  const host = e.ports[0];
  if (!host) return;
  const load = importScripts;
  const tick = new MessageChannel(), due: (() => void)[] = [];
  tick.port1.onmessage = () => due.shift()?.();
  const toView = self.postMessage.bind(self);
  for (const name of closed.split(" ")) Object.defineProperty(self, name, { value: undefined });
  const program = createProgram({
    env: e.data.env,
    toHost: (m) => host.postMessage(m),
    toView,
    run(code, name) {
      const url = URL.createObjectURL(new Blob([`${code}\n//# sourceURL=${name.replace(/\s/g, "_")}`], { type: "text/javascript" }));
      load(url);
      URL.revokeObjectURL(url);
    },
    soon(fn) {
      due.push(fn);
      tick.port2.postMessage(0);
    },
    real: self,
    timers: { setTimeout, clearTimeout, setInterval, clearInterval },
    now: () => performance.now(),
  });
  self.onmessage = (e: MessageEvent<FromView>) => program.fromView(e.data);
  host.onmessage = (e: MessageEvent<HostToWorker>) => program.fromHost(e.data);
  self.addEventListener("error", (e: ErrorEvent) => program.uncaught(e.error ?? e.message));
  self.addEventListener("unhandledrejection", (e: PromiseRejectionEvent) => program.rejected(e.reason, e.promise));
  const { $D, $U, $T, $S } = program;
  Object.assign(self, { $D, $U, $T, $S });
};
