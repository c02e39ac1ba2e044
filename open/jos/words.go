package jos

import "minimart/platform/fault"

const (
	queryTooLong  = "the query is longer than the %d bytes allowed; send the parameters in a form"
	bodyTooLarge  = "the body is larger than the %d bytes allowed here"
	bodyBroken    = "the body broke off before it was complete"
	noUploads     = "files (360buy_file, multipart/form-data) are not taken here; upload a package with minimart upload or POST /open/v1/versions"
	comesTwice    = "the parameter %s comes twice"
	notEncoded    = "the parameters are not URL-encoded"
	tooManyParams = "there are %d parameters, at most %d are taken"
	notText       = "the name or the value of the parameter %s is too long or not valid UTF-8"
	noObject      = "%s is no JSON object"
	fieldTooLong  = "the field %s is longer than %d bytes or holds a zero byte"
	fieldMissing  = "the field %s is missing or no id"

	onlyVersions   = "v is 1.0 or 2.0"
	onlyMD5        = "sign_method is md5 here; the open API of this platform signs with HMAC-SHA256"
	onlyJSON       = "format is json"
	timeForm       = "timestamp is written as 2026-06-18 08:00:00, in China's time"
	timeOff        = "timestamp is %d s from the server's clock, which shows %s in China; at most %d s are allowed"
	madeBefore     = "this very call was made before; sign it anew, with the time it is now"
	signedNames    = "the signature is not that of the secret of the key %s; these parameters were signed, in this order: %s"
	notOffered     = "%s is not offered by this platform; it offers %s"
	tokenUnknown   = "the access_token is unknown, has expired, was replaced, or the authorization was withdrawn"
	notThisApp     = "the call acts for the app %[2]s, not for %[1]s"
	onlyGetAndPost = "only GET and POST are possible here"

	redirectForm      = `"%s" is no address to come back to; write it like https://erp.example/jd/callback, without a fragment`
	tooManyRedirects  = "%d addresses are named, at most %d fit"
	redirectUnknown   = "the address to come back to is not among those of the key %s; add it to the key first"
	responseType      = "response_type is code"
	stateTooLong      = "state has %d bytes, at most %d fit"
	consentElsewhere  = "this platform has no page for this yet; nobody can be asked"
	noScopeLeft       = "the key %s has no scopes that could be granted"
	tooManyGiven      = "the app has let %d keys in; withdraw one that is no longer used"
	noAuthorization   = "there is no authorization %s"
	keyOfAnother      = "there is no key %s in this app"
	keyNotAsked       = "there is no key %s"
	ownKey            = "the key %s belongs to this very app and needs no authorization"
	codeUseless       = "the code is unknown, was used, has expired or belongs to another app_key"
	refreshUseless    = "the refresh_token is unknown, was used, has expired or belongs to another app_key"
	grantTypeMissing  = "grant_type is %s"
	secretWrong       = "the app_secret is not that of the app_key"
	parameterRequired = "the parameter %s is missing"
)

var _ = fault.Chinese(map[string]string{
	queryTooLong:  "查询串超过了允许的 %d 字节；请用表单发送参数",
	bodyTooLarge:  "请求体超过了此处允许的 %d 字节",
	bodyBroken:    "请求体在传完之前中断",
	noUploads:     "此处不接收文件（360buy_file、multipart/form-data）；请用 minimart upload 或 POST /open/v1/versions 上传代码包",
	comesTwice:    "参数 %s 重复出现",
	notEncoded:    "参数未按 URL 编码",
	tooManyParams: "共有 %d 个参数，最多 %d 个",
	notText:       "参数 %s 的名称或值过长，或不是有效的 UTF-8",
	noObject:      "%s 不是 JSON 对象",
	fieldTooLong:  "字段 %s 超过 %d 字节，或含有零字节",
	fieldMissing:  "缺少字段 %s，或其值不是标识",

	onlyVersions:   "v 应为 1.0 或 2.0",
	onlyMD5:        "此处 sign_method 应为 md5；本平台的开放 API 使用 HMAC-SHA256 签名",
	onlyJSON:       "format 应为 json",
	timeForm:       "timestamp 应写成 2026-06-18 08:00:00，按北京时间",
	timeOff:        "timestamp 与服务器时间（北京时间 %[2]s）相差 %[1]d 秒；最多允许相差 %[3]d 秒",
	madeBefore:     "此调用已执行过；请按当前时间重新签名",
	signedNames:    "签名与密钥 %s 的密钥值不符；参与签名的参数依次为：%s",
	notOffered:     "本平台不提供 %s；提供的方法有：%s",
	tokenUnknown:   "access_token 不存在、已过期、已被替换，或授权已撤销",
	notThisApp:     "此调用代表小程序 %[2]s，而不是 %[1]s",
	onlyGetAndPost: "此处只支持 GET 和 POST",

	redirectForm:      `“%s”不是有效的回调地址；请写成 https://erp.example/jd/callback，不带片段`,
	tooManyRedirects:  "填写了 %d 个回调地址，最多 %d 个",
	redirectUnknown:   "回调地址不在密钥 %s 的回调地址之列；请先添加",
	responseType:      "response_type 应为 code",
	stateTooLong:      "state 有 %d 字节，最多 %d 字节",
	consentElsewhere:  "本平台暂无授权页面，无法征求同意",
	noScopeLeft:       "密钥 %s 没有可授予的权限范围",
	tooManyGiven:      "该小程序已授权 %d 个密钥；请先撤销不再使用的",
	noAuthorization:   "没有授权 %s",
	keyOfAnother:      "该小程序没有密钥 %s",
	keyNotAsked:       "没有密钥 %s",
	ownKey:            "密钥 %s 属于该小程序自己，无需授权",
	codeUseless:       "code 不存在、已使用、已过期，或属于其他 app_key",
	refreshUseless:    "refresh_token 不存在、已使用、已过期，或属于其他 app_key",
	grantTypeMissing:  "grant_type 应为 %s",
	secretWrong:       "app_secret 与 app_key 不符",
	parameterRequired: "缺少参数 %s",
})
