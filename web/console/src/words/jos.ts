import { words } from "./lang";

export const josWords = words("console/jos", {
  title: "授权", lead: (name: string) => `密钥“${name}”请求代表你的小程序调用开放接口。`,
  by: "请求方", organisation: "所属组织", wants: "它将可以", app: "授权给哪个小程序", appHint: "只列出你可以管理密钥的小程序", choose: "选择小程序", noApps: "你没有可以授权的小程序", noAppsHint: "只有所有者和开发者能授权。",
  allow: "允许", refuse: "拒绝", back: (host: string) => `完成后浏览器会转到 ${host}`, incomplete: "这个授权链接不完整。", trust: "只授权给你信任的服务商。之后可以随时在小程序的“密钥”页撤销。",
  given: "授权给别人的密钥", givenLead: "这些密钥可以代表这个小程序调用开放接口。撤销后下一次调用就会失败。", noneGiven: "没有授权给别人的密钥", key: "密钥", scopes: "权限", at: "授权时间", used: "最近使用", withdraw: "撤销", withdrawTitle: "撤销这个授权？", withdrawText: "它的所有令牌立即失效。", withdrawn: "已撤销",
  redirects: "回调地址", redirectsLead: "别的商家授权这个密钥时，浏览器只会转到这里列出的地址（JOS 授权）。", redirectsHint: "一行一个，https 开头；本机调试可以用 http://localhost",
}, {
  title: "Authorise", lead: (name: string) => `The key “${name}” wants to call the open API for a program of yours.`,
  by: "Who asks", organisation: "Of the organisation", wants: "It would be allowed to", app: "For which program", appHint: "Those whose keys you may manage", choose: "Choose a program", noApps: "There is no program you could authorise it for", noAppsHint: "Owners and developers may.",
  allow: "Allow", refuse: "Refuse", back: (host: string) => `The browser goes to ${host} afterwards`, incomplete: "This link is not complete.", trust: "Allow it only to those you trust. You can withdraw it at any time on the Keys page of the program.",
  given: "Keys of others that are let in", givenLead: "They can call the open API for this program. After withdrawing, the next call fails.", noneGiven: "No key of others is let in", key: "Key", scopes: "Scopes", at: "Since", used: "Last used", withdraw: "Withdraw", withdrawTitle: "Withdraw this authorisation?", withdrawText: "All its tokens stop working at once.", withdrawn: "Withdrawn",
  redirects: "Addresses to come back to", redirectsLead: "When another merchant lets this key in, the browser is sent to these addresses and no other (authorisation as JOS has it).", redirectsHint: "One per line, https; http://localhost to try things out",
});
