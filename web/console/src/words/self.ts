import { words } from "./lang";

export const selfWords = words("console/self", {
  title: "我的账号", profile: "个人资料", security: "密码与登录", activity: "操作记录",
  login: "登录账号", since: "注册时间", name: "名字", language: "语言", languageHint: "也用于发给你的消息",
  password: "密码", passwordLead: "修改后，其他地方的登录会失效。", current: "当前密码", newPassword: "新密码", changePassword: "修改密码", passwordChanged: "密码已修改，其他登录已失效",
  sessions: "登录的地方", sessionsLead: "不认识的登录？退出所有登录，然后修改密码。", everywhere: "退出所有登录", everywhereTitle: "退出所有登录？", everywhereText: "包括现在这一个。", browser: "浏览器", thisOne: "当前", address: "地址", seen: "最近活动", begun: "登录时间",
}, {
  title: "My account", profile: "Profile", security: "Password and sessions", activity: "What I did",
  login: "Login", since: "Since", name: "Name", language: "Language", languageHint: "Also of messages that are sent to you",
  password: "Password", passwordLead: "Other sessions end when you change it.", current: "Present password", newPassword: "New password", changePassword: "Change the password", passwordChanged: "The password is changed; other sessions ended",
  sessions: "Where you are signed in", sessionsLead: "Something you do not know? Sign out everywhere, then change the password.", everywhere: "Sign out everywhere", everywhereTitle: "Sign out everywhere?", everywhereText: "Here as well.", browser: "Browser", thisOne: "this one", address: "Address", seen: "Last active", begun: "Signed in",
});
