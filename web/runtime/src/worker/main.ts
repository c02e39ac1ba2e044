// Entry of the worker: waits for boot from the frame, then runs one program on the ports it was given.
import { MODULE_PARAMS, type Env, type FromView, type HostToWorker } from "../shared/protocol";
import { createProgram } from "./program";

declare const self: WorkerGlobalScope & { onmessage: ((e: MessageEvent) => void) | null; postMessage(m: unknown): void } & Record<string, any>;

self.onmessage = (e: MessageEvent<{ mm: "boot"; env: Env }>) => {
  const host = e.ports[0];
  if (e.data?.mm !== "boot" || !host) return;
  const load = importScripts, toView = self.postMessage.bind(self), began = performance.now();
  const tick = new MessageChannel(), due: (() => void)[] = [];
  tick.port1.onmessage = () => due.shift()?.();
  const program = createProgram({
    env: e.data.env,
    toHost: (m) => host.postMessage(m),
    toView,
    run(code, name) {
      const named = code.includes("//# sourceURL=") ? code : `${code}\n//# sourceURL=${name.replace(/\s/g, "_")}`;
      const url = URL.createObjectURL(new Blob([named], { type: "text/javascript" }));
      try {
        load(url);
      } finally {
        URL.revokeObjectURL(url);
      }
    },
    soon(fn) {
      due.push(fn);
      tick.port2.postMessage(0);
    },
    real: { ...builtinsOf(self) },
    now: () => performance.now() - began,
  });
  self.onmessage = (e: MessageEvent<FromView>) => program.fromView(e.data);
  host.onmessage = (e: MessageEvent<HostToWorker>) => program.fromHost(e.data);
  self.addEventListener("error", (e: ErrorEvent) => program.uncaught(e.error ?? e.message));
  self.addEventListener("unhandledrejection", (e: PromiseRejectionEvent) => program.rejected(e.reason, e.promise));
  // Sloppy-mode functions can reach the real global object as `this`. What a program has no business with is not there.
  const kept = ["console", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "Function", "self", "globalThis", "onmessage"];
  const shut = [...MODULE_PARAMS, "BroadcastChannel", "WebTransport", "RTCPeerConnection", "webkitRequestFileSystem", "webkitRequestFileSystemSync"];
  for (const name of shut) {
    if (kept.includes(name) || !(name in self)) continue;
    try {
      Object.defineProperty(self, name, { value: undefined, configurable: true, writable: true });
    } catch {
      // not ours to change; the content security policy closes what matters
    }
  }
  const { $D, $U, $T, $S } = program;
  for (const [name, value] of Object.entries({ $D, $U, $T, $S })) Object.defineProperty(self, name, { value, writable: false, configurable: false });
};

/** Own names of the global object with timers bound to it; read before anything is closed. */
function builtinsOf(scope: Record<string, any>): Record<string, any> {
  const out: Record<string, any> = {};
  for (const name of Object.getOwnPropertyNames(scope)) {
    const d = Object.getOwnPropertyDescriptor(scope, name);
    if (d && "value" in d) out[name] = d.value;
  }
  for (const name of ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "queueMicrotask", "structuredClone", "atob", "btoa"]) if (typeof scope[name] === "function") out[name] = scope[name].bind(scope);
  out.crypto = scope.crypto;
  out.performance = scope.performance;
  return out;
}
