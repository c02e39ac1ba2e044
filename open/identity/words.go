package identity

import "minimart/platform/fault"

const (
	phoneMissing = "give a phone number"
	phoneWrong   = "this is no phone number; write it like 13800138000 or +85291234567"
	noLanguage   = `"%s" is no language of this platform; it is zh or en`

	nicknameMissing = "choose a nickname"
	noAvatar        = `there is no avatar "%s"; it is one of %s`
	reasonMissing   = "say why; the next operator reads it"
	badCursor       = `"%s" is no cursor of this list; begin without one`
	badQuery        = "look for a whole phone number or an id; parts of a number find nobody"

	notInHost    = "this call does not come from a host app"
	notSignedIn  = "sign in first"
	sessionOver  = "your session is over; sign in again"
	wrongDigits  = "the code is wrong, used up or too old; ask for another"
	notDelivered = "the message could not be sent; try again"
	isSuspended  = "this account is suspended; ask the platform's customer service"
	phoneTaken   = "this phone number belongs to another account; sign in with it instead"
	phoneThere   = "this account has a phone number already"
	badSubject   = "the assertion names no user; a host's name for its user has 1 to %d bytes"

	noConsumer  = "there is no consumer %s"
	noSession   = "there is no session %s"
	noMove      = "the consumer is %s; it cannot become %s from there"
	noOpenID    = "there is no consumer with the openid %s in this program"
	badOpenID   = "this is no openid; it is o and 27 characters"
	badSign     = "the signature is not that of the present session key"
	codeBroken  = "this is no code: it has 43 characters of A-Z, a-z, 0-9, - and _"
	codeUnknown = "there is no such code for this program; ask for another"
	codeExpired = "the code is too old: it holds for five minutes; ask for another"
	codeUsed    = "the code was exchanged before: each is good for once; ask for another"

	noKind         = `"%s" is nothing to agree to; it is profile, phone-number or membership`
	noStatement    = "the program does not say what it needs this for (%s), so nobody is asked; its developer adds a privacy statement for it and releases that"
	noCapability   = "the program was not granted the capability %s; its developer applies for it in the capability centre"
	notAgreed      = "the consumer has not agreed to this (%s); ask on the host's sheet"
	purposeChanged = "the program has changed what it says it needs this for; show the consumer what it says now, and ask again"
	asksAnew       = "a phone number is asked for anew each time, on the host's sheet"
	noPhone        = "this account has no phone number; add one in the account's settings first"
	nothingToTake  = "there is no consent of this kind for the program %s"
)

var _ = fault.Chinese(map[string]string{
	phoneMissing: "请填写手机号",
	phoneWrong:   "不是手机号；请写成 13800138000 或 +85291234567",
	noLanguage:   `平台不支持语言“%s”；应为 zh 或 en`,

	nicknameMissing: "请填写昵称",
	noAvatar:        `没有头像“%s”；可选：%s`,
	reasonMissing:   "请说明原因，供后续运营人员查看",
	badCursor:       `“%s”不是此列表的游标；请从头开始`,
	badQuery:        "请输入完整的手机号或 ID；号码片段查不到任何人",

	notInHost:    "此请求并非来自宿主应用",
	notSignedIn:  "请先登录",
	sessionOver:  "登录已过期，请重新登录",
	wrongDigits:  "验证码错误、已失效或已过期；请重新获取",
	notDelivered: "消息未能发出，请重试",
	isSuspended:  "此账号已被停用；请联系平台客服",
	phoneTaken:   "此手机号已属于其他账号；请直接用它登录",
	phoneThere:   "此账号已有手机号",
	badSubject:   "身份声明未指明用户；宿主的用户标识为 1 至 %d 字节",

	noConsumer:  "没有消费者 %s",
	noSession:   "没有登录会话 %s",
	noMove:      "消费者当前状态为 %s，不能变为 %s",
	noOpenID:    "此小程序中没有 openid 为 %s 的消费者",
	badOpenID:   "不是 openid；应为 o 加 27 个字符",
	badSign:     "签名与当前 session_key 不符",
	codeBroken:  "不是有效的 code：应为 43 个字符（A-Z、a-z、0-9、-、_）",
	codeUnknown: "此小程序没有这个 code；请重新获取",
	codeExpired: "code 已过期：有效期五分钟；请重新获取",
	codeUsed:    "code 已被使用：每个只能换取一次；请重新获取",

	noKind:         `没有“%s”这种授权；应为 profile、phone-number 或 membership`,
	noStatement:    "小程序未说明此项用途（%s），因此不会询问用户；请开发者补充隐私声明并发布",
	noCapability:   "小程序未获得能力 %s；请开发者在能力中心申请",
	notAgreed:      "用户尚未同意此项授权（%s）；请在宿主应用的授权面板中询问",
	purposeChanged: "小程序已更改用途说明；请向用户展示新的说明并重新询问",
	asksAnew:       "手机号每次都需在宿主应用的授权面板中重新询问",
	noPhone:        "此账号没有手机号；请先在账号设置中绑定",
	nothingToTake:  "没有对小程序 %s 的此项授权",
})
