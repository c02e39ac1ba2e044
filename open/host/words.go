package host

import "minimart/platform/fault"

const (
	notAPage    = "this request comes from a page that may not ask here; send it from the host app itself"
	keyMissing  = "say which host app this is, in the header %s: hpk_…"
	noKey       = "there is no host app with this key; take the publishable key the operator shows, it begins with hpk_"
	suspended   = "the host app %s is suspended: %s"
	otherOrigin = "%s is no origin of this host app; the operator registers origins"
	badDevice   = "a device is named by 16 to 64 characters of A-Z a-z 0-9 - _, made once for each installation"
	notSignedIn = "sign in first"

	nameMissing     = "give the host app a name"
	noKind          = `"%s" is no kind of host app; it is web, android, ios or harmony`
	onlyWebOrigins  = "only host apps of kind web have origins"
	tooManyOrigins  = "these are %d origins, at most %d fit"
	badOrigin       = `"%s" is no origin; write it like https://shop.example, without a path`
	reasonMissing   = "say why: the host app's owners ask"
	badOverlap      = "an old secret lives on for 0 to %d seconds"
	tooManyPrograms = "these are %d programs, at most %d fit; release all programs to the host app instead"
	noProgramID     = `"%s" is no id of a program`
	allAndList      = "either all programs are released to the host app, or those in the list"
	badCursor       = `"%s" is no cursor of this list; begin without one`

	noHost           = "there is no host app %s"
	tooManyHosts     = "there are %d host apps, which is the most there can be"
	alreadySuspended = "the host app is suspended already"
	notSuspended     = "the host app is not suspended"
	builtinForever   = "the platform's own web host cannot be suspended"
	builtinSecret    = "the platform's own web host signs nobody in itself and has no secret"

	badAssertion      = "the assertion does not hold: %s"
	assertionReplayed = "the assertion does not hold: it was used already"
)

// What is wrong with an assertion. These are put into a sentence, so they are not translated one by one: they are for the
// developers of host apps, as the words of the JWT standard are.
const (
	whyMalformed = "it is no JWT of three parts in base64url, or larger than 8 KiB"
	whyAlgorithm = "alg must be HS256"
	whySignature = "the signature is not by the host app's secret"
	whyExpired   = "exp is past"
	whyTimes     = "iat and exp must be there, iat not in the future, exp at most 5 minutes after iat"
	whyAudience  = "aud must be minimart or the platform's public address"
	whySubject   = "sub must have 1 to 128 visible characters"
	whyID        = "jti must have 8 to 128 characters of A-Z a-z 0-9 - _ . : and be new each time"
	whyPhone     = "phone must be a phone number like 13800138000 or +85291234567"
	whyName      = "name must have at most 40 visible characters"
)

var _ = fault.Chinese(map[string]string{
	notAPage:    "此请求来自无权访问的页面；请由宿主应用自身发出",
	keyMissing:  "请在请求头 %s: hpk_… 中说明是哪个宿主应用",
	noKey:       "没有使用此密钥的宿主应用；请使用平台运营方提供的以 hpk_ 开头的公开密钥",
	suspended:   "宿主应用 %s 已被停用：%s",
	otherOrigin: "%s 不是此宿主应用的来源地址；来源地址由平台运营方登记",
	badDevice:   "设备标识由 16 到 64 个 A-Z a-z 0-9 - _ 字符组成，每次安装生成一次",
	notSignedIn: "请先登录",

	nameMissing:     "请填写宿主应用名称",
	noKind:          `没有“%s”这种宿主应用类型；应为 web、android、ios 或 harmony`,
	onlyWebOrigins:  "仅 web 类型的宿主应用有来源地址",
	tooManyOrigins:  "共 %d 个来源地址，最多 %d 个",
	badOrigin:       `“%s”不是来源地址；请写成 https://shop.example，不带路径`,
	reasonMissing:   "请说明原因，以便宿主应用方知晓",
	badOverlap:      "旧密钥的保留时间为 0 到 %d 秒",
	tooManyPrograms: "共 %d 个小程序，最多 %d 个；可改为向该宿主应用开放全部小程序",
	noProgramID:     `“%s”不是小程序编号`,
	allAndList:      "请在“全部小程序”与“小程序列表”中二选一",
	badCursor:       `“%s”不是此列表的游标；请从头开始`,

	noHost:           "没有宿主应用 %s",
	tooManyHosts:     "已有 %d 个宿主应用，达到上限",
	alreadySuspended: "宿主应用已处于停用状态",
	notSuspended:     "宿主应用并未停用",
	builtinForever:   "平台自有的网页宿主不能停用",
	builtinSecret:    "平台自有的网页宿主不自行登录用户，没有密钥",

	badAssertion:      "登录断言无效：%s",
	assertionReplayed: "登录断言无效：已被使用过",
})
