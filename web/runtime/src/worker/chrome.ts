// Title bar and tab bar: the page's json, what APIs changed since, sent whole when anything differs.
import type { Chrome, Env, TabBar, WorkerToHost } from "../shared/protocol";
import type { Instance } from "./instance";

export type TitleBar = Partial<Pick<Chrome, "title" | "foreground" | "background" | "loading" | "home" | "share">>;

export interface Bars {
  /** Sends what changed. The window is as high as the bars leave it. */
  refresh(): void;
  /** The title bar as it should be with this page on top. */
  chrome(page: Instance): Chrome;
  /** null when the program has no tab bar */
  tabBar: TabBar | null;
  tabIndex(path: string): number;
}

export function createBars({ config, system, tabBar, bars: [titleHeight, tabsHeight] }: Env, post: (m: WorkerToHost) => void, stack: () => Instance[], json: (unit: string) => Record<string, any>): Bars {
  let sentChrome = "", sentTabs = "";
  const bars: Bars = {
    tabBar,
    tabIndex: (path) => (tabBar ? tabBar.list.findIndex((t) => t.pagePath === path) : -1),
    chrome(page) {
      const j = json(page.unit), o = page.bar, tab = bars.tabIndex(page.unit), depth = stack().length;
      return {
        page: page.unit, title: o.title ?? String(j.navigationBarTitleText ?? ""), foreground: o.foreground ?? (j.navigationBarTextStyle === "white" ? "white" : "black"),
        background: o.background ?? String(j.navigationBarBackgroundColor ?? "#ffffff"), custom: j.navigationStyle === "custom", loading: o.loading ?? false,
        back: depth > 1, home: o.home ?? (depth === 1 && tab < 0 && page.unit !== config.entry), tab,
        share: o.share ?? typeof page.self.onShareAppMessage === "function",
      };
    },
    refresh() {
      const page = stack().at(-1);
      const t = JSON.stringify(tabBar);
      if (tabBar && t !== sentTabs) {
        sentTabs = t;
        post({ ev: "tabbar", tabbar: JSON.parse(t) });
      }
      if (!page) return;
      const chrome = bars.chrome(page);
      system.windowHeight = system.screenHeight - (chrome.custom ? 0 : titleHeight) - (chrome.tab < 0 || tabBar!.hidden ? 0 : tabsHeight);
      const c = JSON.stringify(chrome);
      if (c !== sentChrome) post({ ev: "chrome", chrome });
      sentChrome = c;
    },
  };
  return bars;
}
