// What the details of audit entries are called. The names are the server's; one that is not here is shown as it is.
import { words } from "./lang";

export const detailWords = words("console/details", {
  name: "名称", kind: "类型", from: "从", to: "改为", login: "账号", role: "角色", agent: "浏览器", language: "语言", submission: "第几次提交", reason: "原因", app: "小程序", number: "版本", label: "版本号", version: "版本",
  share: "设备比例", privacy: "隐私声明", domains: "服务器域名", summary: "介绍", icon: "图标", tester: "体验者", review: "审核", round: "第几次提交", reasons: "原因", capability: "能力", application: "申请", until: "有效期至", since: "生效时间",
  scopes: "权限", networks: "来源地址", successor: "新密钥", expires: "旧密钥失效", url: "地址", types: "事件", delivery: "投递", origins: "页面来源", overlapSeconds: "重叠期", all: "可见范围", programs: "小程序数", days: "天数",
  key: "密钥", addresses: "回调地址", nameEn: "英文名称", support: "联系方式", termsUrl: "服务条款", privacyUrl: "隐私政策", selfSignUp: "自行注册", request: "请求", media: "媒体",
}, {
  name: "Name", kind: "Kind", from: "From", to: "To", login: "Login", role: "Role", agent: "Browser", language: "Language", submission: "Submission", reason: "Reason", app: "Program", number: "Version", label: "Label", version: "Version",
  share: "Share of devices", privacy: "Privacy statements", domains: "Domains", summary: "Summary", icon: "Icon", tester: "Tester", review: "Review", round: "Round", reasons: "Reasons", capability: "Capability", application: "Application", until: "Until", since: "Since",
  scopes: "Scopes", networks: "Addresses", successor: "New key", expires: "Old key ends", url: "URL", types: "Events", delivery: "Delivery", origins: "Origins", overlapSeconds: "Overlap", all: "Shows", programs: "Programs", days: "Days",
  key: "Key", addresses: "Addresses to come back to", nameEn: "Name in English", support: "Support", termsUrl: "Terms", privacyUrl: "Privacy policy", selfSignUp: "Signing up", request: "Requests", media: "Media",
});

export const detailValues = words("console/detail-values", {
  allEvents: "全部事件", allPrograms: "全部小程序", chosenPrograms: "只限选中的", open: "开放", closed: "关闭", none: "无", forever: "长期有效", daysFor: (days: string, price: string) => `${days} 天 ${price}`, daysAlone: (days: string) => `${days} 天`, reasonCount: (n: string) => `${n} 条`,
  duration: (s: number) => (s === 0 ? "立即失效" : s % 86_400 === 0 ? `${s / 86_400} 天` : s % 3600 === 0 ? `${s / 3600} 小时` : `${s} 秒`), keyNamed: (name: string) => `密钥 ${name}`,
}, {
  allEvents: "All events", allPrograms: "All programs", chosenPrograms: "Only chosen ones", open: "open to anybody", closed: "closed", none: "none", forever: "no end", daysFor: (days: string, price: string) => `${days} days, ${price}`, daysAlone: (days: string) => `${days} ${days === "1" ? "day" : "days"}`, reasonCount: (n: string) => `${n}`,
  duration: (s: number) => (s === 0 ? "none" : s % 86_400 === 0 ? `${s / 86_400} ${s === 86_400 ? "day" : "days"}` : s % 3600 === 0 ? `${s / 3600} ${s === 3600 ? "hour" : "hours"}` : `${s} s`), keyNamed: (name: string) => `Key ${name}`,
});

export const detailName = (key: string): string => (detailWords() as Record<string, string>)[key] ?? key;
