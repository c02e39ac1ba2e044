import { words } from "./lang";

export const sharingWords = words("sharing", {
  title: "分享",
  copyLink: "复制链接",
  system: "更多方式",
  copied: "链接已复制",
  copyFailed: "复制失败，请长按链接手动复制",
  from: (name: string) => `来自小程序“${name}”`,
  leave: (name: string) => `“${name}”想打开另一个小程序`,
  go: "打开",
}, {
  title: "Share",
  copyLink: "Copy link",
  system: "More ways",
  copied: "Link copied",
  copyFailed: "Copying failed: select the link and copy it by hand",
  from: (name: string) => `From the mini program “${name}”`,
  leave: (name: string) => `“${name}” wants to open another mini program`,
  go: "Open",
});
