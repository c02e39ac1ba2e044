// APIs of what is on the screen: the page stack, title and tab bar, scrolling, pull-down refresh, and what the host draws on top.
import { icon } from "../../shared/tabbar";
import type { Bars } from "../chrome";
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
  const title = () => need().bar;
  bar("setNavigationBarTitle", (o) => (title().title = String(o.title ?? "")));
  bar("setNavigationBarColor", (o) => {
    const color = ({ "#000000": "black", "#ffffff": "white" } as const)[String(o.frontColor).toLowerCase() as "#000000"];
    if (!color) throw new Error(`frontColor must be #ffffff or #000000, got ${o.frontColor}`);
    title().foreground = color;
    if (o.backgroundColor) title().background = String(o.backgroundColor);
  });
  for (const part of ["NavigationBarLoading", "HomeButton", "ShareMenu"]) {
    const key = part === "HomeButton" ? "home" : part === "ShareMenu" ? "share" : "loading";
    if (key !== "home") bar("show" + part, () => (title()[key] = true));
    bar("hide" + part, () => (title()[key] = false));
  }

  const tabs = () => {
    const t = bars().tabBar;
    if (!t) throw new Error("there is no tab bar");
    return t;
  };
  const tab = (o: any) => {
    const item = tabs().list[Number(o.index)];
    if (!item) throw new Error(`there is no tab ${o.index}`);
    return item;
  };
  bar("setTabBarBadge", (o) => {
    const text = String(o.text ?? "");
    Object.assign(tab(o), { badge: [...text].length > 4 ? "…" : text, dot: false });
  });
  bar("removeTabBarBadge", (o) => (tab(o).badge = undefined));
  bar("showTabBarRedDot", (o) => {
    Object.assign(tab(o), { badge: undefined, dot: true });
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
  for (const hide of [false, true]) bar(hide ? "hideTabBar" : "showTabBar", () => (tabs().hidden = hide));

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
  apis.createVideoContext = (id: string, self?: unknown) => {
    const out: Record<string, Fn> = {};
    for (const method of ["play", "pause", "stop", "seek", "playbackRate", "requestFullScreen", "exitFullScreen"]) {
      out[method] = (...args) => queries.method(queries.idOf(self) || need().id, "context", { select: "#" + id, method, args });
    }
    return out;
  };
  return apis;
}
