import { words } from "./lang";

export const referenceWords = words("console/reference", {
  title: "开放接口文档", lead: "服务器用密钥签名调用。接口文档由平台自动发布：", download: "下载 OpenAPI 3.1", contents: "目录", signIn: "登录控制台",
  start: "开始", signing: "签名", problems: "出错时", pages: "翻页", idempotency: "重复请求", quotas: "额度", webhooks: "Webhook",
  startText: "在小程序的“密钥”页创建密钥，得到密钥 ID 和 secret。secret 只放在服务器上，不要写进小程序代码。",
  signingText: "每个请求带一个 Authorization 头，五个参数：密钥 ID、时间戳（秒，与服务器相差不超过 300 秒）、随机串（16–64 个字符，每次不同）、请求体的 SHA-256、签名。",
  signingLines: "签名是 HMAC-SHA256，密钥是 secret 的文本，消息是以下八行，用换行符连接，末尾没有换行：",
  line1: "固定文字", line2: "方法，大写", line3: "路径：逐段解码后按 RFC 3986 重新编码", line4: "查询串：解码后重新编码，按名称排序；没有则为空行", line5: "时间戳", line6: "随机串", line7: "密钥 ID", line8: "请求体的 SHA-256，十六进制小写；没有请求体时是空串的 SHA-256",
  problemsText: "出错时回答 application/problem+json（RFC 9457）：code 给程序看，detail 给人看，errors 列出每个不对的字段。请求头 Accept-Language 决定语言。",
  pagesText: "列表回答 {items, next}。next 不为空时，把它作为 cursor 再请求一次。",
  idempotencyText: "POST 请求可以带 Idempotency-Key 头：24 小时内同样的键和内容只执行一次，重复请求得到同一个回答。",
  quotasText: "额度用完时回答 429 和 Retry-After。",
  webhooksText: "事件按 Standard Webhooks 1.0 投递：验证 webhook-id、webhook-timestamp、webhook-signature 三个头。在小程序的 Webhook 页添加地址。",
  parameters: "参数", body: "请求体", answers: "回答", scopes: "需要的权限", required: "必填", example: "示例", curl: "curl 示例", none: "没有接口", deprecated: "不再推荐", other: "其他", fields: "字段", headers: "回答头",
}, {
  title: "Open API reference", lead: "Servers call it, signed with a key. The platform publishes this document itself:", download: "Download OpenAPI 3.1", contents: "Contents", signIn: "Sign in to the console",
  start: "Getting started", signing: "Signing", problems: "When something is wrong", pages: "Pages", idempotency: "Calling twice", quotas: "Quotas", webhooks: "Webhooks",
  startText: "Create a key on the Keys page of your program: you get a key id and a secret. Keep the secret on your server; never put it into a program.",
  signingText: "Every call carries one Authorization header with five parameters: key id, timestamp (seconds, within 300 s of the server), nonce (16–64 characters, new each time), SHA-256 of the body, signature.",
  signingLines: "The signature is HMAC-SHA256; its key is the secret's text; its message is these eight lines, joined by line feeds, none at the end:",
  line1: "these words", line2: "the method, in upper case", line3: "the path: each segment decoded, then escaped anew by RFC 3986", line4: "the query: decoded, escaped anew, sorted by name; an empty line without one", line5: "the timestamp", line6: "the nonce", line7: "the key id", line8: "SHA-256 of the body in lower-case hexadecimal; of no bytes without one",
  problemsText: "Problems are application/problem+json (RFC 9457): code is for programs, detail for people, errors lists every field that is wrong. Accept-Language chooses the language.",
  pagesText: "Lists answer {items, next}. While next is not empty, ask again with it as cursor.",
  idempotencyText: "A POST may carry Idempotency-Key: for 24 hours the same key with the same content is done once, and answered alike.",
  quotasText: "When a quota is used up the answer is 429 with Retry-After.",
  webhooksText: "Events are delivered by Standard Webhooks 1.0: verify webhook-id, webhook-timestamp and webhook-signature. Add endpoints on the Webhooks page of your program.",
  parameters: "Parameters", body: "Body", answers: "Answers", scopes: "Scope", required: "required", example: "Example", curl: "With curl", none: "No operations", deprecated: "deprecated", other: "Other", fields: "Fields", headers: "Headers of the answer",
});
