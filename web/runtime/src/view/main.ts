// Entry of the frame's document: says hello to the host, takes the ports, starts the worker, runs code as it comes.
import type { Flush, FrameBoot, FromView, HostToView, ViewToHost } from "../shared/protocol";
import { Builtin } from "./builtin";
import { createView, type View } from "./core";
import { addSheet } from "./css";
import { calm } from "./pages";
import { classIn } from "./scope";

/** What built-in modules are given: they are bundled apart and share the view's classes. */
export interface Kit { Builtin: typeof Builtin; view: View; addSheet: typeof addSheet; classIn: typeof classIn; calm: typeof calm }

declare global {
  interface Window { $M: Kit }
}

function blobURL(text: string): string {
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}

function boot(message: FrameBoot, toHost: MessagePort, workerPort: MessagePort): void {
  const workerURL = blobURL(message.worker);
  const worker = new Worker(workerURL);
  const early: FromView[] = [];
  let post = (m: FromView): void => void early.push(m);
  const tell = (m: ViewToHost): void => toHost.postMessage(m);
  const view = createView({ post: (m) => post(m), tell, assets: message.assets });

  window.$M = { Builtin, view, addSheet, classIn, calm };

  worker.onmessage = (e: MessageEvent<string>) => view.apply(JSON.parse(e.data) as Flush);
  worker.onerror = (e) => tell({ ev: "error", message: `logic: ${e.message || "the worker could not start"}`, stack: `${e.filename}:${e.lineno}:${e.colno}` });
  worker.postMessage({ mm: "boot", env: message.env }, [workerPort]);
  post = (m) => worker.postMessage(m);
  early.forEach(post);

  toHost.onmessage = (e: MessageEvent<HostToView>) => {
    const m = e.data;
    if ("code" in m) run(m.code, m.name);
    else if ("viewport" in m) document.documentElement.style.setProperty("--mm-bottom", m.viewport.bottom + "px");
    else dispatchEvent(new CustomEvent("mm-" + m.ev, { detail: m.data })); // for the modules
  };

  /** Scripts run in the order they were sent, and are named in stack traces as the compiler named them. */
  function run(code: string, name: string): void {
    const script = document.createElement("script");
    const url = blobURL(code + "\n//# sourceURL=" + name.replace(/\s/g, "_"));
    script.src = url;
    script.async = false;
    script.onload = () => {
      URL.revokeObjectURL(url);
      script.remove();
      view.resume();
    };
    script.onerror = () => tell({ ev: "error", message: `${name} could not be run` });
    document.head.append(script);
  }

  addEventListener("error", (e) => tell({ ev: "error", message: e.message, stack: e.error?.stack }));
  addEventListener("unhandledrejection", (e) => tell({ ev: "error", message: String(e.reason?.message ?? e.reason), stack: e.reason?.stack }));
}

function listen(e: MessageEvent<FrameBoot>): void {
  // The parent's origin is unknown to a sandboxed frame; that it is the parent, and the first time, is what can be known.
  if (e.source !== parent || e.data?.mm !== "boot" || e.ports.length < 2) return;
  removeEventListener("message", listen);
  boot(e.data, e.ports[0]!, e.ports[1]!);
}

addEventListener("message", listen);
parent.postMessage({ mm: "hello" }, "*");
