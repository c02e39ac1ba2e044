// APIs of the program's surroundings: system, launch, events of app and network, and small conversions.
import type { Env } from "../../shared/protocol";
import type { EventChannel } from "../channel";
import type { Fn, Log } from "../log";
import type { Outbox } from "../outbox";
import { createDefine, plainOptions, type HostLink, type Settle } from "../host";

export interface SystemPorts { env: Env; host: HostLink; settle: Settle; log: Log; out: Outbox; listeners: EventChannel; entered: () => Record<string, unknown>; exit: () => void; has: (name: string) => boolean }

export function systemApis({ env, host, settle, log, out, listeners, entered, exit, has }: SystemPorts): Record<string, unknown> {
  const apis: Record<string, unknown> = {};
  const define = createDefine(apis, settle);
  const { hosted, absent } = env.apis;
  for (const name of hosted) define(name, (o) => host.call(name, plainOptions(o)));
  const events = "AppShow AppHide Error UnhandledRejection PageNotFound ThemeChange NetworkStatusChange WindowResize MemoryWarning".split(" ");
  for (const name of absent) {
    if (/^on/.test(name)) events.push(name.slice(2));
    else define(name, () => Promise.reject("not supported by this platform"));
  }
  for (const name of events) {
    const event = name.replace("App", "");
    apis["on" + name] = (fn: Fn) => listeners.on(event, fn);
    apis["off" + name] = (fn?: Fn) => listeners.off(event, fn);
  }

  const sys = env.system;
  const whole = () => {
    const { menuButton, ...own } = sys;
    return { ...own, safeArea: { ...sys.safeArea }, screenTop: sys.screenHeight - sys.windowHeight, enableDebug: env.versionType === "develop" };
  };
  const part = (names: string) => () => {
    const all = whole() as Record<string, unknown>;
    return Object.fromEntries(names.split(" ").map((k) => [k, all[k]]));
  };
  apis.getSystemInfoSync = whole;
  define("getSystemInfo", whole);
  define("getSystemInfoAsync", whole);
  apis.getWindowInfo = part("pixelRatio screenWidth screenHeight windowWidth windowHeight statusBarHeight safeArea screenTop");
  apis.getDeviceInfo = part("brand model system platform");
  apis.getAppBaseInfo = part("SDKVersion version language theme fontSizeSetting enableDebug");
  apis.getMenuButtonBoundingClientRect = () => ({ ...sys.menuButton });
  apis.getLaunchOptionsSync = () => ({ ...env.launch, referrerInfo: env.launch.referrer || {} });
  apis.getEnterOptionsSync = () => ({ ...entered() });
  apis.getAccountInfoSync = () => ({ miniProgram: { appId: env.app, envVersion: env.versionType, version: env.versionType === "release" ? env.version : "" } });
  apis.getExtConfigSync = () => ({});

  apis.nextTick = (fn: Fn) => out.after(() => log.guard(fn, undefined, [], "nextTick"));
  // Parts of an API (`request.object.method`) are not told apart: what is here is here whole.
  apis.canIUse = (schema: string) => has(String(schema).split(".")[0]!);
  apis.getUpdateManager = () => ({
    onCheckForUpdate: (fn: Fn) => void Promise.resolve().then(() => log.guard(fn, undefined, [{ hasUpdate: false }], "onCheckForUpdate")),
    onUpdateReady() {}, onUpdateFailed() {}, applyUpdate() {},
  });
  define("exitMiniProgram", exit);
  apis.env = { USER_DATA_PATH: "minimart://usr" };
  apis.base64ToArrayBuffer = (s: string) => Uint8Array.from(atob(String(s)), (c) => c.charCodeAt(0)).buffer;
  apis.arrayBufferToBase64 = (b: ArrayBuffer) => {
    let s = "";
    for (const byte of new Uint8Array(b)) s += String.fromCharCode(byte);
    return btoa(s);
  };
  apis.getLogManager = apis.getRealtimeLogManager = () => ({ ...log.console, setFilterMsg() {}, addFilterMsg() {} });
  // Reports go nowhere yet; programs that send them must not fail for it.
  apis.reportEvent = apis.reportAnalytics = apis.reportMonitor = () => {};
  return apis;
}
