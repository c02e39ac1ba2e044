// Title bar and tab bar: the page's json, what APIs changed since, sent whole when anything differs.
import type { AppConfig, Chrome, TabBar, WorkerToHost } from "../shared/protocol";
import type { Instance } from "./instance";

export type TitleBar = Partial<Pick<Chrome, "title" | "foreground" | "background" | "loading" | "home" | "share">>;

export interface Bars {
  /** Sends what changed. */
  refresh(): void;
  /** The title bar as it should be with this page on top. */
  chrome(page: Instance): Chrome;
  /** null when the program has no tab bar */
  tabBar: TabBar | null;
  tabIndex(path: string): number;
}

/** Icons are named from the package's root, with or without a slash. */
export const icon = (p?: string): string | undefined => (p ? String(p).replace(/^(\.?\/)+/, "") : undefined);

export function createBars(config: AppConfig, post: (m: WorkerToHost) => void, stack: () => Instance[], json: (unit: string) => Record<string, any>): Bars {
  const tabs = config.tabBar;
  const tabBar: TabBar | null = tabs
    ? {
        // Colours that app.json does not give are the host's.
        color: tabs.color!, selectedColor: tabs.selectedColor!, background: tabs.backgroundColor!, border: tabs.borderStyle!, hidden: false,
        list: tabs.list.map((t) => ({ pagePath: t.pagePath.replace(/^\//, ""), text: t.text || "", icon: icon(t.iconPath), selectedIcon: icon(t.selectedIconPath) })),
      }
    : null;
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
      const pages = stack(), page = pages[pages.length - 1];
      const t = tabBar ? JSON.stringify(tabBar) : "";
      if (t && t !== sentTabs) {
        sentTabs = t;
        post({ ev: "tabbar", tabbar: JSON.parse(t) });
      }
      if (!page) return;
      const chrome = bars.chrome(page);
      const c = JSON.stringify(chrome);
      if (c !== sentChrome) post({ ev: "chrome", chrome });
      sentChrome = c;
    },
  };
  return bars;
}
