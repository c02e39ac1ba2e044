// How the component library looks: the host app's colours and measures, ink for what acts, the seal's red for nothing but us.
import { App, ConfigProvider, theme as antTheme, type ThemeConfig } from "antd";
import zhCN from "antd/locale/zh_CN";
import enUS from "antd/locale/en_US";
import { useSyncExternalStore, type ReactNode } from "react";
import { followTheme, shown } from "../../../host/src/theme";
import { useLang } from "../words/lang";

const font = '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", "WenQuanYi Zen Hei", sans-serif';
const mono = 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "Noto Sans Mono", monospace';

function look(dark: boolean): ThemeConfig {
  const ink = dark ? "#f3f3f5" : "#1d1d1f", onInk = dark ? "#17171a" : "#ffffff", accent = dark ? "#7ab8ff" : "#0a63c9";
  return {
    algorithm: dark ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
    token: {
      colorPrimary: ink, colorPrimaryHover: dark ? "#ffffff" : "#3a3a3f", colorPrimaryActive: dark ? "#d5d5da" : "#000000",
      colorPrimaryBg: dark ? "#2a2a2e" : "#eeeef1", colorPrimaryBgHover: dark ? "#333338" : "#e5e5ea", colorPrimaryBorder: dark ? "#5a5a62" : "#c4c4cb", colorPrimaryBorderHover: dark ? "#77777f" : "#a2a2aa",
      colorPrimaryText: ink, colorPrimaryTextHover: ink, colorPrimaryTextActive: ink,
      colorLink: accent, colorLinkHover: accent, colorLinkActive: accent, colorInfo: accent,
      colorError: dark ? "#ff8f85" : "#b3261e", colorSuccess: dark ? "#63cf98" : "#17794a", colorWarning: dark ? "#ffcf80" : "#9a5b00",
      colorText: ink, colorTextSecondary: dark ? "#a4a4ac" : "#5c5c63", colorTextDescription: dark ? "#a4a4ac" : "#5c5c63", colorTextPlaceholder: dark ? "#8a8a93" : "#73737b",
      colorBgLayout: dark ? "#0f0f11" : "#f5f5f7", colorBgContainer: dark ? "#1c1c1f" : "#ffffff", colorBgElevated: dark ? "#242428" : "#ffffff",
      colorBorder: dark ? "#45454c" : "#d2d2d8", colorBorderSecondary: dark ? "#303036" : "#e6e6ea", colorSplit: dark ? "#303036" : "#ececf0",
      fontFamily: font, fontFamilyCode: mono, fontSize: 14, borderRadius: 9, borderRadiusLG: 14, borderRadiusSM: 7, controlHeight: 36, controlHeightSM: 28, wireframe: false,
      controlOutline: "transparent", controlOutlineWidth: 0, // focus is shown by one ring for all, see console.css
      motion: false, // dialogs and menus are there at once: nothing moves under the pointer
    },
    components: {
      Button: { colorPrimary: ink, colorPrimaryHover: dark ? "#ffffff" : "#3a3a3f", colorPrimaryActive: dark ? "#d5d5da" : "#000000", primaryColor: onInk, primaryShadow: "none", defaultShadow: "none", dangerShadow: "none", dangerColor: dark ? "#2a0803" : "#ffffff", fontWeight: 500 },
      Checkbox: { colorWhite: onInk }, Radio: { colorWhite: onInk, buttonSolidCheckedColor: onInk },
      Switch: { handleBg: dark ? "#1c1c1f" : "#ffffff", colorPrimary: dark ? "#63cf98" : "#17794a", colorPrimaryHover: dark ? "#63cf98" : "#17794a" },
      Table: { headerBg: "transparent", headerColor: dark ? "#a4a4ac" : "#5c5c63", headerSplitColor: "transparent", cellPaddingBlockMD: 11, cellPaddingInlineMD: 14, rowHoverBg: dark ? "#232327" : "#fafafb", headerSortActiveBg: "transparent", headerSortHoverBg: "transparent", bodySortBg: "transparent" },
      Modal: { titleFontSize: 17 },
      Segmented: { trackBg: dark ? "#2a2a2e" : "#eaeaee" },
      Slider: { trackBg: ink, trackHoverBg: ink, handleColor: ink, handleActiveColor: ink, dotActiveBorderColor: ink, railBg: dark ? "#3a3a40" : "#dcdce1", railHoverBg: dark ? "#3a3a40" : "#dcdce1" },
    },
  };
}

export function Look({ children }: { children: ReactNode }): ReactNode {
  const lang = useLang();
  const shade = useSyncExternalStore(followTheme, shown);
  return (
    <ConfigProvider theme={look(shade === "dark")} locale={lang === "zh" ? zhCN : enUS} button={{ autoInsertSpace: false }}>
      <App component={false}>{children}</App>
    </ConfigProvider>
  );
}
