// The messages between host, worker and view, and what the compiler registers. See ../../ABI.md.

/** Parameters of every script module wrapper, in this order. The compiler (program/build) emits the same list. */
export const MODULE_PARAMS = [
  "module", "exports", "require", "jd", "wx", "App", "Page", "Component", "Behavior", "getApp", "getCurrentPages",
  "requirePlugin", "console", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "Function",
  "window", "document", "self", "globalThis", "global", "location", "navigator", "requestAnimationFrame", "cancelAnimationFrame",
  "localStorage", "indexedDB", "fetch", "XMLHttpRequest", "WebSocket", "EventSource", "Worker", "SharedWorker",
  "importScripts", "postMessage", "onmessage", "addEventListener", "removeEventListener", "dispatchEvent", "close", "caches",
] as const;

export type Path = (string | number)[];
export type Change = true | undefined | { [key: string]: Change };

/** Static handlers of one element: event type ("^tap" for capture) → [handler name, flags]. */
export type Events = { [type: string]: [handler: string, flags: number] };
export const CATCH = 1, CAPTURE = 2, MUT = 4;

export interface UnitLogic {
  kind: "app" | "page" | "component";
  /** script module, absent when the unit has none */
  js?: string;
  /** template file */
  tpl?: string;
  /** the unit's json, normalised; for pages the window settings merged over app.json's */
  json: Record<string, unknown>;
  /** tag → unit */
  using: Record<string, string>;
  /** generic name → default unit or "" */
  generics?: Record<string, string>;
}

export interface UnitView {
  prefix: string;
  tpl?: string;
  css?: string;
}

export type Isolation = "isolated" | "apply-shared" | "shared" | "page-isolated" | "page-apply-shared" | "page-shared";

/** What the view must know of a new instance beside its data. */
export interface InstanceOptions {
  /** external classes: name → class string, in the parent's scope */
  x?: Record<string, string>;
  /** host element without a box */
  virtual?: 1;
  iso?: Isolation;
  /** behaves as a form field: the form built-in reads `name` and `value` of its data */
  field?: 1;
  /** only for pages: settings the view acts on */
  page?: { pullRefresh?: boolean; reachBottom?: number; background?: string; scroll?: boolean; refreshStyle?: string };
}

/**
 * One operation of a flush, in order.
 * n new instance: id, parent (0 for a page), place, unit, data, options
 * u data of an instance: id, then entries [path, value]; an entry of length 1 sets undefined
 * x external classes changed · d instance gone
 * t which page shows, and how it came: its id
 * q a query to answer after the operations before it: request id, query
 * m a view method: target (instance or page id, 0 for the frame), name, argument
 */
export type Op =
  | ["n", number, number, string, string, Record<string, unknown>, InstanceOptions]
  | ["u", number, ...([Path, unknown] | [Path])[]]
  | ["x", number, Record<string, string>]
  | ["d", number]
  | ["t", "push" | "pop" | "replace" | "tab" | "relaunch", number]
  | ["q", number, Query]
  | ["m", number, string, unknown];

/**
 * View methods (op "m"): target, name, argument. `call` asks for an answer `{v: [call, ok, value]}`.
 * A node inside an instance is named by a selector within that instance (the target).
 */
export interface ViewMethods {
  /** target: page. Scrolls the page to an offset (px) or to what the selector finds; ms */
  scrollTo: { top?: number; select?: string; offset?: number; duration: number; call?: number };
  /** target: page. Opens and closes the pull-down indicator */
  startPullDownRefresh: null;
  stopPullDownRefresh: null;
  /** target: instance searched in. Fires `{x: [id, entry]}`; margins in px, clockwise from top */
  observe: { id: number; select: string; all?: 1; relative: { select?: string; margins: [number, number, number, number] }[]; thresholds: number[]; initial: number };
  unobserve: { id: number };
  /** target: instance. keyframes as in `this.animate` (offset 0…1, ease, and CSS or rotate/scale/… values); duration ms */
  animate: { select: string; keyframes: Record<string, unknown>[]; duration: number; call?: number };
  clearAnimation: { select: string; options?: Record<string, boolean>; call?: number };
  /** target 0. Takes the focus from whatever has it */
  blur: null;
  /** target: instance. A method of a built-in: play, pause, seek … of video, scrollTo, scrollIntoView of scroll-view */
  context: { select: string; method: string; args: unknown[]; call?: number };
  /** target: page. Background colours set by an API */
  background: { color?: string; textStyle?: string };
}

/** Handlers the view calls that no program wrote; the event's detail says what. */
export interface ViewHandlers {
  /** navigator: detail */
  $navigate: { openType: string; url?: string; delta?: number };
  /** button open-type="share" */
  $share: Record<string, never>;
}

/** Worker → view, posted as one JSON string. The view acknowledges each by its sequence number after it has applied it. */
export interface Flush { s: number; o: Op[] }

/** selectorQuery().exec(): each entry answers in order. `root` is the instance searched in; 0 with viewport. */
export type Query = { root: number; select: string; all?: 1; viewport?: 1; fields: QueryFields }[];
export interface QueryFields {
  id?: 1; dataset?: 1; mark?: 1; rect?: 1; size?: 1; scrollOffset?: 1; properties?: string[]; computedStyle?: string[]; context?: 1; node?: 1;
}

export interface Target { id: string; dataset: Record<string, unknown>; offsetLeft: number; offsetTop: number }
export interface Touch { identifier: number; pageX: number; pageY: number; clientX: number; clientY: number; force?: number }
/** An event as handlers get it; the worker adds nothing but methods. */
export interface MiniEvent {
  type: string; timeStamp: number; detail: unknown; target: Target; currentTarget: Target;
  mark?: Record<string, unknown>; touches?: Touch[]; changedTouches?: Touch[];
}

/** View → worker (structured clone). */
export type FromView =
  | { a: number }                                                // flush applied
  | { e: [instance: number, handler: string, event: MiniEvent][] } // one DOM event, all handlers it reached, in order
  | { q: number; r: unknown[] }                                  // query answered
  | { p: [page: number, hook: "pullDownRefresh" | "reachBottom" | "pageScroll" | "resize", arg?: unknown] }
  | { x: [observer: number, entry: unknown] }                    // intersection observer fired
  | { w: [instance: number, path: Path, value: unknown] }        // two-way binding of a built-in
  | { v: [call: number, ok: boolean, value: unknown] }           // answer of a view method that answers
  | { err: { message: string; stack?: string; where?: string } };

/** Frame's window → parent, and back, once: the only window.postMessage there is. Ports do the rest. */
export interface FrameHello { mm: "hello" }
export interface FrameBoot {
  mm: "boot";
  /** text of the worker runtime */
  worker: string;
  env: Env;
  /** asset path in the package → absolute URL */
  assets: Record<string, string>;
} // ports[0]: host ↔ view, ports[1]: host ↔ worker (the frame hands it on)

/** Everything the logic side must know at once, synchronously. */
export interface Env {
  app: string;
  version: string;
  versionType: "release" | "trial" | "develop";
  dialect: "jd" | "wx";
  /** app.json, normalised */
  config: AppConfig;
  /** all pages, with the package root each lies in */
  pages: Record<string, { pkg: string }>;
  launch: { path: string; query: Record<string, string>; scene: number; referrer?: Record<string, unknown> };
  system: SystemInfo;
  /** px that the title bar and the tab bar take from the screen's height where they are shown */
  bars: [number, number];
  /** as app.json has it, see tabbar.ts; null when the program has none */
  tabBar: TabBar | null;
  storage: Record<string, string>;
  /** bytes of storage allowed, bytes one flush may carry */
  limits: { storage: number; flush: number };
  /** JS APIs the host answers, and names of those that fail because nobody does; see apis.ts */
  apis: { hosted: readonly string[]; absent: readonly string[] };
}
export interface AppConfig {
  pages: string[]; entry: string; window: Record<string, unknown>;
  tabBar?: { color?: string; selectedColor?: string; backgroundColor?: string; borderStyle?: string; position?: string; custom?: boolean;
    list: { pagePath: string; text?: string; iconPath?: string; selectedIconPath?: string }[] };
  subPackages: { root: string; pages: string[]; name?: string; independent?: boolean }[];
  [key: string]: unknown;
}
export interface SystemInfo {
  brand: string; model: string; pixelRatio: number; screenWidth: number; screenHeight: number; windowWidth: number; windowHeight: number;
  statusBarHeight: number; language: string; version: string; system: string; platform: string; fontSizeSetting: number; SDKVersion: string;
  theme: "light" | "dark"; safeArea: { left: number; right: number; top: number; bottom: number; width: number; height: number };
  menuButton: { width: number; height: number; top: number; right: number; bottom: number; left: number };
}

/** Host → view. */
export type HostToView =
  | { code: string; name: string }        // a view bundle or a built-in module, to be run once
  | { viewport: { width: number; height: number; bottom: number } }
  | { ev: "keyboard"; data: number }      // px it covers
  | { ev: "asked"; data: { id: number; detail: { errMsg: string; [name: string]: unknown } } };
/** View → host. */
export type ViewToHost =
  | { need: string }                      // a built-in module ("form", "media", …) is wanted
  | { painted: number }                   // first page has content; ms since the frame started
  | { ev: "error"; message: string; stack?: string }
  | { ev: "lost" }                        // a page that was to be shown cannot be drawn
  | { ev: "ask"; id: number; openType: string } // a button of an open-type that is the host's business was tapped
  | { ev: "preview"; urls: string[]; current: string };

/**
 * Host APIs the worker calls on its own account; every other `api` is a JS API of that name with the program's own options
 * (showToast, showModal, chooseImage, login, …), answered with the API's result without errMsg.
 * A failed call is answered with `err`, whose message follows "name:fail " unless it has that prefix already.
 */
export interface HostApis {
  /** sends what the page's code needs and answers when all of it was sent, in order */
  load: [arg: { page: string }, ok: null];
  /** share sheet for the page */
  shared: [arg: { title: string; path: string; imageUrl?: string }, ok: null];
  /** write-through of storage; `data` is opaque and comes back in Env.storage */
  storageSet: [arg: { key: string; data: string }, ok: null];
  storageRemove: [arg: { key: string }, ok: null];
  storageClear: [arg: null, ok: null];
  /** body as it goes on the wire; events: on "headers" {header, statusCode}; task "abort" */
  request: [arg: { url: string; method: string; header: Record<string, string>; data?: string | ArrayBuffer; timeout?: number; binary: boolean },
    ok: { statusCode: number; header: Record<string, string>; cookies?: string[]; data: string | ArrayBuffer }];
  /** events: on "progress" {progress, total…}; task "abort" */
  uploadFile: [arg: { url: string; filePath: string; name: string; header: Record<string, string>; formData: Record<string, string>; timeout?: number },
    ok: { statusCode: number; header?: Record<string, string>; data: string }];
  downloadFile: [arg: { url: string; header: Record<string, string>; filePath?: string; timeout?: number },
    ok: { statusCode: number; header?: Record<string, string>; tempFilePath: string; filePath?: string }];
  /** answered when the connection is made or refused; events: on "open" {header}, "message" {data}, "error" {errMsg}, "close" {code, reason};
   *  tasks "send" {data}, "close" {code, reason} */
  connectSocket: [arg: { url: string; header: Record<string, string>; protocols: string[]; timeout?: number }, ok: null];
}

/** Worker → host. */
export type WorkerToHost =
  | { id: number; api: string; arg: unknown }        // a host API; answered once by id, tasks may get events
  | { id: number; task: string; arg?: unknown }      // abort, close, send … of a running task
  | { ev: "chrome"; chrome: Chrome }
  | { ev: "tabbar"; tabbar: TabBar | null }
  | { ev: "log"; level: "debug" | "info" | "log" | "warn" | "error"; args: string[]; stack?: string }
  | { ev: "in"; where: string; code: string }        // develop only: what runs now, and how its code begins
  | { ev: "lost" }                                   // a page that was to be opened cannot be
  | { ev: "ready" }                                  // first page's onReady ran
  | { ev: "exit" }
  | { ev: "pong"; n: number }
  | { ev: "fatal"; message: string; stack?: string };
/** Host → worker. */
export type HostToWorker =
  | { id: number; ok: unknown }
  | { id: number; err: { message: string; code?: number } }
  | { id: number; on: string; data: unknown }        // task event: headers, progress, message, close …
  | { code: string; name: string }                   // a logic bundle, to be run once
  | { ev: "start" }                                  // all code of the first page was sent
  | { ev: "show" | "hide"; data?: unknown }
  | { ev: "back" } | { ev: "home" }
  | { ev: "tab"; index: number }
  | { ev: "share" }                                  // the menu's share: answered by the API call "shared"
  | { ev: "ping"; n: number }
  | { ev: "network" | "theme" | "resize" | "memory"; data: unknown };

/** What the host draws around the page on top. The worker sends it whole whenever anything in it changes. */
export interface Chrome {
  page: string; title: string; foreground: "black" | "white"; background: string; custom: boolean; loading: boolean;
  /** a back arrow, else a home button when the page is neither first nor a tab */
  back: boolean; home: boolean;
  /** index in the tab bar, -1 for none */
  tab: number;
  share: boolean;
}
export interface TabBar {
  color: string; selectedColor: string; background: string; border: string; hidden: boolean;
  list: { pagePath: string; text: string; icon?: string; selectedIcon?: string; badge?: string; dot?: boolean }[];
}
