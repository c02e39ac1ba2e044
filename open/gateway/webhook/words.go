package webhook

import "minimart/platform/fault"

const (
	notText          = "this is not valid UTF-8 text"
	textTooLong      = "this has %d characters, at most %d fit"
	invisible        = "this holds invisible characters; leave them out"
	typesMissing     = `name at least one type of event, or "*" for all`
	tooManyTypes     = "%d types are named, there are not so many"
	noType           = "there is no type of event %s"
	urlTooLong       = "the URL has %d bytes, at most %d fit"
	urlForm          = `"%s" is no URL; write it like https://shop.example/hooks`
	urlUser          = "the URL holds a user or a password; leave them out, deliveries are signed"
	urlFragment      = "the URL holds a fragment, which no server gets to see; leave it out"
	urlScheme        = "the URL must begin with https://"
	urlInside        = "%s is no public address"
	tooManyEndpoints = "the app has %d endpoints; remove one that is no longer used"
	badOverlap       = "the overlap is 0 to %d seconds"
	noEndpoint       = "there is no endpoint %s"
	noDelivery       = "there is no delivery %s"
	endpointDisabled = "the endpoint %s is disabled; enable it first"
	badCursor        = `"%s" is no cursor of this list; begin without one`
	badState         = "there is no state %s; there are pending, delivered, failed and stopped"
)

var _ = fault.Chinese(map[string]string{
	notText:          "不是有效的 UTF-8 文本",
	textTooLong:      "共 %d 个字，最多 %d 个",
	invisible:        "含有不可见字符，请去掉",
	typesMissing:     "请至少选择一种事件类型，或用 \"*\" 表示全部",
	tooManyTypes:     "填写了 %d 种事件类型，超过了现有的数量",
	noType:           "没有事件类型 %s",
	urlTooLong:       "URL 有 %d 字节，最多 %d 字节",
	urlForm:          `“%s”不是 URL；请写成 https://shop.example/hooks`,
	urlUser:          "URL 中含有用户名或密码，请去掉；投递内容带有签名",
	urlFragment:      "URL 中含有服务器看不到的片段（#），请去掉",
	urlScheme:        "URL 必须以 https:// 开头",
	urlInside:        "%s 不是公网地址",
	tooManyEndpoints: "该小程序已有 %d 个接收地址；请先删除不再使用的",
	badOverlap:       "重叠时间应为 0 到 %d 秒",
	noEndpoint:       "没有接收地址 %s",
	noDelivery:       "没有投递 %s",
	endpointDisabled: "接收地址 %s 已停用，请先启用",
	badCursor:        `“%s”不是此列表的游标；请从头开始`,
	badState:         "没有状态 %s；应为 pending、delivered、failed 或 stopped",
})
