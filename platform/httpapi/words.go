package httpapi

import (
	"regexp"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2/validation"

	"minimart/platform/fault"
)

const (
	bodyTooLarge     = "the body is larger than the %d bytes allowed here"
	bodyTooSlow      = "the body came in too slowly"
	bodyBroken       = "the body broke off before it was complete"
	methodNotAllowed = "%s is not possible at %s; use %s"
	noSuchPath       = "there is nothing at %s"
)

var _ = fault.Chinese(map[string]string{
	bodyTooLarge:     "请求体超过了此处允许的 %d 字节",
	bodyTooSlow:      "请求体传输过慢",
	bodyBroken:       "请求体在传完之前中断",
	methodNotAllowed: "%[2]s 不支持 %[1]s，请使用 %[3]s",
	noSuchPath:       "%s 处没有内容",
})

var titles = map[fault.Code][2]string{
	fault.CodeInvalid:         {"Invalid input", "输入有误"},
	fault.CodeUnauthenticated: {"Not signed in", "未登录"},
	fault.CodeDenied:          {"Not allowed", "无权操作"},
	fault.CodeNotFound:        {"Not found", "未找到"},
	fault.CodeConflict:        {"In conflict with the present state", "与当前状态冲突"},
	fault.CodeExhausted:       {"Over the limit", "超出限制"},
	fault.CodeUnavailable:     {"Not available now", "暂不可用"},
	fault.CodeInternal:        {"Internal error", "内部错误"},
}

func title(c fault.Code, l fault.Language) string {
	if l == fault.Zh {
		return titles[c][1]
	}
	return titles[c][0]
}

// validationZh are huma's messages in Chinese. huma puts its messages together before we see them, so they are
// recognized by their form and put together again.
var validationZh = [][2]string{
	{validation.MsgUnexpectedProperty, "未知的属性"},
	{validation.MsgExpectedRFC3339DateTime, "应为 RFC 3339 日期时间"},
	{validation.MsgExpectedRFC1123DateTime, "应为 RFC 1123 日期时间"},
	{validation.MsgExpectedRFC3339Date, "应为 RFC 3339 日期"},
	{validation.MsgExpectedRFC3339Time, "应为 RFC 3339 时间"},
	{validation.MsgExpectedRFC5322Email, "应为电子邮件地址：%v"},
	{validation.MsgExpectedRFC5890Hostname, "应为主机名"},
	{validation.MsgExpectedRFC2673IPv4, "应为 IPv4 地址"},
	{validation.MsgExpectedRFC2373IPv6, "应为 IPv6 地址"},
	{validation.MsgExpectedRFCIPAddr, "应为 IPv4 或 IPv6 地址"},
	{validation.MsgExpectedRFC3986URI, "应为 URI：%v"},
	{validation.MsgExpectedRFC4122UUID, "应为 UUID：%v"},
	{validation.MsgExpectedRegexp, "应为正则表达式：%v"},
	{validation.MsgExpectedMatchAtLeastOneSchema, "应至少符合一种格式"},
	{validation.MsgExpectedMatchExactlyOneSchema, "应恰好符合一种格式"},
	{validation.MsgExpectedNotMatchSchema, "不应符合此格式"},
	{validation.MsgExpectedBoolean, "应为布尔值"},
	{validation.MsgExpectedDuration, "应为时长：%v"},
	{validation.MsgExpectedNumber, "应为数字"},
	{validation.MsgExpectedInteger, "应为整数"},
	{validation.MsgExpectedString, "应为字符串"},
	{validation.MsgExpectedBase64String, "应为 base64 编码的字符串"},
	{validation.MsgExpectedArray, "应为数组"},
	{validation.MsgExpectedObject, "应为对象"},
	{validation.MsgExpectedArrayItemsUnique, "数组元素不应重复"},
	{validation.MsgExpectedOneOf, "应为以下之一：%s"},
	{validation.MsgExpectedMinimumNumber, "应不小于 %v"},
	{validation.MsgExpectedExclusiveMinimumNumber, "应大于 %v"},
	{validation.MsgExpectedMaximumNumber, "应不大于 %v"},
	{validation.MsgExpectedExclusiveMaximumNumber, "应小于 %v"},
	{validation.MsgExpectedNumberBeMultipleOf, "应为 %v 的倍数"},
	{validation.MsgExpectedMinLength, "长度应不小于 %d"},
	{validation.MsgExpectedMaxLength, "长度应不大于 %d"},
	{validation.MsgExpectedBePattern, "应为 %s"},
	{validation.MsgExpectedMatchPattern, "应符合 %s"},
	{validation.MsgExpectedMinItems, "数组元素应不少于 %d 个"},
	{validation.MsgExpectedMaxItems, "数组元素应不多于 %d 个"},
	{validation.MsgExpectedMinProperties, "属性应不少于 %d 个"},
	{validation.MsgExpectedMaxProperties, "属性应不多于 %d 个"},
	{validation.MsgExpectedRequiredProperty, "缺少必填属性 %s"},
	{validation.MsgExpectedDependentRequiredProperty, "有 %s 时应同时有 %s"}, // "expected property %s … when %s": see swapped
	{"required %s parameter is missing", "缺少必填的 %s 参数"},
	{"unknown query parameter", "未知的查询参数"},
	{"expected at most one value, but received multiple values", "只能有一个值"},
	{"invalid integer", "应为整数"},
	{"invalid float", "应为数字"},
	{"invalid floating value", "应为数字"},
	{"invalid boolean", "应为布尔值"},
	{"request body is required", "缺少请求体"},
	{"request body is too large limit=%d bytes", "请求体超过了此处允许的 %d 字节"},
	{"request body read timeout", "读取请求体超时"},
	{"validation failed", "输入有误"},
}

type validationForm struct {
	english *regexp.Regexp
	chinese string
}

var (
	verb = regexp.MustCompile(`%[vds]`)

	validationForms = sync.OnceValue(func() []validationForm {
		var forms []validationForm
		for _, pair := range validationZh {
			pieces := verb.Split(pair[0], -1)
			for i := range pieces {
				pieces[i] = regexp.QuoteMeta(pieces[i])
			}
			n := 0
			chinese := verb.ReplaceAllStringFunc(strings.ReplaceAll(pair[1], "$", "$$"), func(string) string {
				n++
				if pair[0] == validation.MsgExpectedDependentRequiredProperty {
					return []string{"", "${2}", "${1}"}[n] // the two change places
				}
				return "${" + string(rune('0'+n)) + "}"
			})
			forms = append(forms, validationForm{regexp.MustCompile("(?s)^" + strings.Join(pieces, "(.*)") + "$"), chinese})
		}
		return forms
	})
)

func validationWords(message string, l fault.Language) string {
	if l != fault.Zh {
		return message
	}
	for _, f := range validationForms() {
		if m := f.english.FindStringSubmatchIndex(message); m != nil {
			return string(f.english.ExpandString(nil, f.chinese, message, m))
		}
	}
	return message
}
