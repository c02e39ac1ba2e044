package gateway

import "minimart/platform/fault"

const (
	keyNameMissing   = "give the key a name, like warehouse server"
	notText          = "this is not valid UTF-8 text"
	textTooLong      = "this has %d characters, at most %d fit"
	controlCharacter = "this holds the invisible character %U; leave it out"
	scopesMissing    = "name at least one scope"
	tooManyScopes    = "%d scopes are named, there are %d"
	noScope          = "there is no scope %s"
	tooManyNetworks  = "%d networks are named, at most %d fit"
	badNetwork       = `"%s" is no address and no block of addresses; write it like 203.0.113.7 or 203.0.113.0/24`
	tooManyKeys      = "the app has %d live keys; revoke one that is no longer used"
	badOverlap       = "the overlap is 0 to %d seconds"
	noKey            = "there is no key %s"
	keyIsRevoked     = "the key %s is revoked; create a new one"
	keyIsExpired     = "the key %s has expired; create a new one"
	keyIsRotated     = "the key %s was rotated already, its successor is %s"

	notSigned       = "this call must be signed: Authorization: %s key=…, timestamp=…, nonce=…, body=…, signature=…"
	headerBroken    = "the signature cannot be read: %s"
	cannotBeSigned  = "this call cannot be signed: %s"
	fromTheFuture   = "the timestamp is %d s ahead of the server's clock, which shows %d; at most %d s are allowed"
	tooOld          = "the timestamp is %d s behind the server's clock, which shows %d; at most %d s are allowed"
	wrongSignature  = "the key %s is unknown, or the signature is not that of its secret; the text the server expects to be signed has the SHA-256 %s"
	revokedKey      = "the key %s was revoked at %s"
	expiredKey      = "the key %s expired at %s"
	wasReplayed     = "this very call was made before; sign each call anew, with a new nonce"
	wrongBody       = "the body is not the one that was signed: %d bytes came in, with the SHA-256 %s"
	wrongNetwork    = "the key %s may not be used from %s; add the address to the key's networks"
	scopeMissing    = "the key %s lacks the scope %s; add it to the key"
	notGranted      = "the app %s has not been granted the capability %s; apply for it in the capability centre"
	wrongSecret     = "this is the secret of no live key of the app %s"
	noKeysAtAll     = "the app %s has no keys; create one in the console"
	wrongProof      = "the signature is not that of the secret of the key %s"
	noLiveKey       = "the key %s is unknown or no longer live"
	guessedTooOften = "too many wrong secrets came from your address; try again in %d s"
	keyInMotion     = "the key is being changed; try again"
	appQuotaUsed    = "the app's quota of %d calls in %s is used up"
	scopeQuotaUsed  = "the app's quota for %s, %d calls in %s, is used up"

	badIdempotencyKey = "an idempotency key is 1 to %d visible ASCII characters without quotes and backslashes"
	keyOfAnotherCall  = "the idempotency key %s came with another call before; use a new key for a new call"
	callIsOn          = "a call with the idempotency key %s is still under way; try again"
	answerTooLarge    = "the call with the idempotency key %s was done; its answer was too large to be kept"
)

var _ = fault.Chinese(map[string]string{
	keyNameMissing:   "请填写密钥名称，例如“仓库服务器”",
	notText:          "不是有效的 UTF-8 文本",
	textTooLong:      "共 %d 个字，最多 %d 个",
	controlCharacter: "含有不可见字符 %U，请去掉",
	scopesMissing:    "请至少选择一个权限范围",
	tooManyScopes:    "填写了 %d 个权限范围，总共只有 %d 个",
	noScope:          "没有权限范围 %s",
	tooManyNetworks:  "填写了 %d 个网段，最多 %d 个",
	badNetwork:       `“%s”不是 IP 地址或网段；请写成 203.0.113.7 或 203.0.113.0/24`,
	tooManyKeys:      "该小程序已有 %d 个有效密钥；请先吊销不再使用的密钥",
	badOverlap:       "重叠时间应为 0 到 %d 秒",
	noKey:            "没有密钥 %s",
	keyIsRevoked:     "密钥 %s 已吊销；请新建密钥",
	keyIsExpired:     "密钥 %s 已过期；请新建密钥",
	keyIsRotated:     "密钥 %s 已轮换，新密钥为 %s",

	notSigned:       "此调用必须签名：Authorization: %s key=…, timestamp=…, nonce=…, body=…, signature=…",
	headerBroken:    "无法读取签名：%s",
	cannotBeSigned:  "此调用无法签名：%s",
	fromTheFuture:   "时间戳比服务器时间（%[2]d）快 %[1]d 秒；最多允许相差 %[3]d 秒",
	tooOld:          "时间戳比服务器时间（%[2]d）慢 %[1]d 秒；最多允许相差 %[3]d 秒",
	wrongSignature:  "密钥 %s 不存在，或签名与其密钥值不符；服务器端待签名文本的 SHA-256 为 %s",
	revokedKey:      "密钥 %s 已于 %s 吊销",
	expiredKey:      "密钥 %s 已于 %s 过期",
	wasReplayed:     "此调用已执行过；每次调用都要用新的随机串重新签名",
	wrongBody:       "请求体与签名不符：收到 %d 字节，SHA-256 为 %s",
	wrongNetwork:    "不允许从 %[2]s 使用密钥 %[1]s；请将该地址加入密钥的 IP 白名单",
	scopeMissing:    "密钥 %s 没有权限范围 %s；请为密钥添加",
	notGranted:      "小程序 %s 未获得能力 %s；请在能力中心申请",
	wrongSecret:     "不是小程序 %s 的任何有效密钥的密钥值",
	noKeysAtAll:     "小程序 %s 没有密钥；请在控制台创建",
	wrongProof:      "签名与密钥 %s 的密钥值不符",
	noLiveKey:       "密钥 %s 不存在或已失效",
	guessedTooOften: "您的地址提交错误密钥的次数过多；请在 %d 秒后重试",
	keyInMotion:     "密钥正在变更，请重试",
	appQuotaUsed:    "小程序的调用配额（%[2]s 内 %[1]d 次）已用完",
	scopeQuotaUsed:  "小程序在 %[1]s 上的调用配额（%[3]s 内 %[2]d 次）已用完",

	badIdempotencyKey: "幂等键应为 1 到 %d 个可见 ASCII 字符，不含引号和反斜杠",
	keyOfAnotherCall:  "幂等键 %s 已用于另一个调用；新的调用请使用新的键",
	callIsOn:          "幂等键为 %s 的调用仍在进行，请稍后重试",
	answerTooLarge:    "幂等键为 %s 的调用已完成；其结果过大，未保留",
})
