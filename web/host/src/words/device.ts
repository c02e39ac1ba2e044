import { words } from "./lang";

export const deviceWords = words("device", {
  copied: "已复制",
  callTitle: "拨打电话",
  call: "呼叫",
  clipboard: (name: string) => `“${name}”想读取你的剪贴板`,
  allow: "允许",
  deny: "不允许",
}, {
  copied: "Copied",
  callTitle: "Call this number",
  call: "Call",
  clipboard: (name: string) => `“${name}” wants to read your clipboard`,
  allow: "Allow",
  deny: "Don’t allow",
});
