// Language and appearance: on every page, signed in or not.

import { useSyncExternalStore, type ReactNode } from "react";
import { Menu } from "../ui/menu";
import { followTheme, setTheme, theme, type Theme } from "../../../host/src/theme";
import { Icon } from "../ui/icons";
import { lang, setLang } from "../words/lang";
import { shellWords } from "../words/shell";

export function Controls(): ReactNode {
  const t = shellWords();
  const chosen = useSyncExternalStore(followTheme, theme);
  const names: Record<Theme, string> = { system: t.themeSystem, light: t.themeLight, dark: t.themeDark };
  return (
    <>
      <button type="button" className="tool" id="language" lang={lang() === "zh" ? "en" : "zh-CN"} title={t.language} aria-label={t.language} onClick={() => setLang(lang() === "zh" ? "en" : "zh")}>{t.languageShort}</button>
      <Menu menu={{ selectable: true, selectedKeys: [chosen], items: (["system", "light", "dark"] as const).map((key) => ({ key, label: names[key] })), onClick: ({ key }) => setTheme(key as Theme) }}>
        <button type="button" className="tool" id="theme" title={`${t.theme}: ${names[chosen]}`} aria-label={`${t.theme}: ${names[chosen]}`} aria-haspopup="menu"><Icon name={chosen === "system" ? "auto" : chosen === "light" ? "sun" : "moon"} /></button>
      </Menu>
    </>
  );
}
