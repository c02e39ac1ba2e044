// What a program says about the chrome around it is foreign too: read into known shapes, texts cut, colours checked.
import type { Chrome, TabBar } from "../../../runtime/src/shared/protocol";
import { safeColour } from "../bridge/feedback";

type Raw = { [key: string]: unknown };
const raw = (v: unknown): Raw | null => (v !== null && typeof v === "object" && !Array.isArray(v) ? (v as Raw) : null);
const text = (v: unknown, max: number): string => (typeof v === "string" || typeof v === "number" ? String(v).slice(0, max) : "");

export function readChrome(v: unknown): Chrome | null {
  const c = raw(v);
  if (!c) return null;
  return {
    page: text(c.page, 500), title: text(c.title, 200),
    foreground: c.foreground === "white" ? "white" : "black",
    background: safeColour(text(c.background, 40)) || "#ffffff",
    custom: c.custom === true, loading: c.loading === true, back: c.back === true, home: c.home === true,
    tab: typeof c.tab === "number" && Number.isInteger(c.tab) ? c.tab : -1,
    share: c.share === true,
  };
}

/** picture turns a package path into an address; icons that are none are left out. */
export function readTabBar(v: unknown, picture: (src: string) => string | null): TabBar | null {
  const b = raw(v);
  if (!b || !Array.isArray(b.list)) return null;
  const icon = (src: unknown) => (typeof src === "string" && src ? (picture(src) ?? undefined) : undefined);
  const list = b.list.slice(0, 5).map((item) => {
    const i = raw(item) ?? {};
    const one: TabBar["list"][number] = { pagePath: text(i.pagePath, 500), text: text(i.text, 40) };
    const plain = icon(i.icon), selected = icon(i.selectedIcon);
    if (plain) one.icon = plain;
    if (selected) one.selectedIcon = selected;
    const badge = text(i.badge, 8);
    if (badge) one.badge = badge;
    if (i.dot === true) one.dot = true;
    return one;
  });
  if (list.length < 2) return null; // one tab is no choice
  return {
    color: safeColour(text(b.color, 40)) || "#666666", selectedColor: safeColour(text(b.selectedColor, 40)) || "#c8321f",
    background: safeColour(text(b.background, 40)) || "#ffffff", border: text(b.border, 40), hidden: b.hidden === true, list,
  };
}
