// What a program is told at boot about where it runs.
import { ABSENT, HOSTED } from "../../../runtime/src/shared/apis";
import type { Env, SystemInfo } from "../../../runtime/src/shared/protocol";
import { tabBarOf } from "../../../runtime/src/shared/tabbar";
import { systemLanguage } from "../words/lang";
import type { Launch } from "./launch";

/** Sizes of the screen a program is drawn on, in CSS px. */
export interface Geometry {
  /** the phone's screen */
  screenWidth: number; screenHeight: number;
  /** what the page itself gets */
  windowWidth: number; windowHeight: number;
  statusBar: number;
  /** below the tab bar or page: home indicator */
  safeBottom: number;
}

export const BAR_HEIGHT = 44;
export const TABS_HEIGHT = 50;
/** The capsule within the title bar. */
export const CAPSULE = { width: 87, height: 32, right: 7 } as const;

function systemInfo(g: Geometry, theme: "light" | "dark"): SystemInfo {
  const top = g.statusBar + (BAR_HEIGHT - CAPSULE.height) / 2;
  const right = g.screenWidth - CAPSULE.right;
  return {
    brand: "minimart", model: /iPhone|iPad|Android|Macintosh|Windows|Linux/.exec(navigator.userAgent)?.[0] ?? "browser",
    pixelRatio: window.devicePixelRatio || 1,
    screenWidth: g.screenWidth, screenHeight: g.screenHeight, windowWidth: g.windowWidth, windowHeight: g.windowHeight,
    statusBarHeight: g.statusBar, language: systemLanguage(), version: "8.0.0", system: platform() + " 1.0", platform: platform(),
    fontSizeSetting: 16, SDKVersion: "3.0.0", theme,
    safeArea: { left: 0, right: g.screenWidth, top: g.statusBar, bottom: g.screenHeight - g.safeBottom, width: g.screenWidth, height: g.screenHeight - g.safeBottom - g.statusBar },
    menuButton: { width: CAPSULE.width, height: CAPSULE.height, top, right, bottom: top + CAPSULE.height, left: right - CAPSULE.width },
  };
}

/** ios, android or devtools: the names programs branch on. */
function platform(): string {
  const ua = navigator.userAgent;
  return /iPhone|iPad/.test(ua) ? "ios" : /Android/.test(ua) ? "android" : "devtools";
}

export interface Start { path: string; query: Record<string, string>; scene: number }

export function bootEnv(launch: Launch, start: Start, storage: Record<string, string>, g: Geometry, theme: "light" | "dark"): Env {
  const pages: Env["pages"] = {};
  for (const [path, page] of Object.entries(launch.pages)) pages[path] = { pkg: page.package };
  return {
    app: launch.app, version: launch.version, versionType: launch.versionType, dialect: launch.dialect, config: launch.config, pages,
    launch: { path: start.path || launch.entry, query: start.query, scene: start.scene }, system: systemInfo(g, theme), storage,
    bars: [g.statusBar + BAR_HEIGHT, launch.config.tabBar && !launch.config.tabBar.custom ? TABS_HEIGHT + g.safeBottom : 0],
    tabBar: tabBarOf(launch.config),
    limits: { storage: launch.limits.storage, flush: launch.limits.flush }, apis: { hosted: HOSTED, absent: ABSENT },
  };
}
