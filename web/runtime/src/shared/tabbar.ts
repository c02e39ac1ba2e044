// The tab bar as app.json describes it: what the host tells a program at boot, and the program from then on tells the host.
import type { AppConfig, TabBar } from "./protocol";

/** Icons are named from the package's root, with or without a slash. */
export const icon = (p?: string): string | undefined => (p ? String(p).replace(/^(\.?\/)+/, "") : undefined);

/** null when the program has none. Colours that app.json does not give are the host's. */
export function tabBarOf({ tabBar }: AppConfig): TabBar | null {
  if (!tabBar) return null;
  return {
    color: tabBar.color!, selectedColor: tabBar.selectedColor!, background: tabBar.backgroundColor!, border: tabBar.borderStyle!, hidden: false,
    list: tabBar.list.map((t) => ({ pagePath: t.pagePath.replace(/^\//, ""), text: t.text || "", icon: icon(t.iconPath), selectedIcon: icon(t.selectedIconPath) })),
  };
}
