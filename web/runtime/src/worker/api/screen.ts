// APIs of what is on the screen: the page stack, title and tab bar, scrolling, pull-down refresh, and what the host draws on top.
import { icon, type Bars } from "../chrome";
import { createDefine, type Settle } from "../host";
import type { Instance } from "../instance";
import type { Fn } from "../log";
import type { Pages } from "../pages";
import type { Queries } from "../query";
import { createAnimation } from "./animation";

export function screenApis(pages: () => Pages, bars: () => Bars, queries: Queries, settle: Settle): Record<string, unknown> {
  const apis: Record<string, unknown> = {};
  const need = (): Instance => {
    const page = pages().top();
    if (!page) throw new Error("no page is open");
    return page;
  };

  const define = createDefine(apis, settle);

  for (const kind of ["navigateTo", "redirectTo", "reLaunch", "switchTab"] as const) define(kind, (o) => pages().open(kind, o.url, o.events));
  define("navigateBack", (o) => pages().back(o.delta));

  /** An API that changes the bars of the page on top. */
  const bar = (name: string, change: (o: any) => void) =>
    define(name, (o) => {
      change(o);
      bars().refresh();
    });
  const title = () => bars().title(need());
  bar("setNavigationBarTitle", (o) => (title().title = String(o.title ?? "")));
  bar("setNavigationBarColor", (o) => {
    const color = ({ "#000000": "black", "#ffffff": "white" } as const)[String(o.frontColor).toLowerCase() as "#000000"];
    if (!color) throw new Error(`frontColor must be #ffffff or #000000, got ${o.frontColor}`);
    title().foreground = color;
    if (o.backgroundColor) title().background = String(o.backgroundColor);
  });
  bar("showNavigationBarLoading", () => (title().loading = true));
  bar("hideNavigationBarLoading", () => (title().loading = false));
  bar("hideHomeButton", () => (title().home = false));
  bar("showShareMenu", () => (title().share = true));
  bar("hideShareMenu", () => (title().share = false));

  const tabs = () => {
    const t = bars().tabBar;
    if (!t) throw new Error("the program has no tab bar");
    return t;
  };
  const tab = (o: any) => {
    const item = tabs().list[Number(o.index)];
    if (!item) throw new Error(`there is no tab ${o.index}: it has ${tabs().list.length}, counted from 0`);
    return item;
  };
  bar("setTabBarBadge", (o) => {
    const t = tab(o);
    const text = String(o.text ?? "");
    t.badge = [...text].length > 4 ? "…" : text;
    t.dot = false;
  });
  bar("removeTabBarBadge", (o) => void delete tab(o).badge);
  bar("showTabBarRedDot", (o) => {
    const t = tab(o);
    t.dot = true;
    delete t.badge;
  });
  bar("hideTabBarRedDot", (o) => (tab(o).dot = false));
  bar("setTabBarItem", (o) => {
    const t = tab(o);
    if (o.text !== undefined) t.text = String(o.text);
    if (o.iconPath) t.icon = icon(o.iconPath);
    if (o.selectedIconPath) t.selectedIcon = icon(o.selectedIconPath);
  });
  bar("setTabBarStyle", (o) => {
    const t = tabs(), names = { color: "color", selectedColor: "selectedColor", backgroundColor: "background", borderStyle: "border" } as const;
    for (const k in names) if (o[k]) t[names[k as "color"]] = String(o[k]);
  });
  bar("showTabBar", () => (tabs().hidden = false));
  bar("hideTabBar", () => (tabs().hidden = true));

  define("pageScrollTo", (o) => new Promise<void>((done, fail) => {
    const arg: Record<string, unknown> = { duration: o.duration === undefined ? 300 : +o.duration || 0 };
    if (o.selector) {
      arg.select = String(o.selector);
      if (o.offsetTop) arg.offset = +o.offsetTop;
    } else arg.top = +o.scrollTop || 0;
    queries.method(need().id, "scrollTo", arg, (ok, v) => (ok ? done() : fail(new Error(String(v)))));
  }));
  for (const name of ["startPullDownRefresh", "stopPullDownRefresh"]) define(name, () => queries.method(need().id, name, null));
  define("hideKeyboard", () => queries.method(0, "blur", null));
  define("setBackgroundColor", (o) => queries.method(need().id, "background", { color: o.backgroundColor }));
  define("setBackgroundTextStyle", (o) => queries.method(need().id, "background", { textStyle: o.textStyle }));

  apis.createSelectorQuery = () => queries.select();
  apis.createIntersectionObserver = (self?: unknown, o?: object) => queries.observe(self, o);
  apis.createAnimation = createAnimation;
  const context = (methods: string[]) => (id: string, self?: any) => {
    const out: Record<string, Fn> = {};
    for (const m of methods) out[m] = (...args: unknown[]) => queries.method(self ? queries.idOf(self) : need().id, "context", { select: "#" + id, method: m, args });
    return out;
  };
  apis.createVideoContext = context(["play", "pause", "stop", "seek", "playbackRate", "requestFullScreen", "exitFullScreen"]);
  return apis;
}
