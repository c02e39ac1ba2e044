package fault

const (
	wentWrong   = "something went wrong on our side; the log has the details under this request id"
	tookTooLong = "this took too long; try again"
	wasCanceled = "the request was canceled before it was done"

	notText            = "this is not valid UTF-8 text"
	textTooLong        = "this has %d characters, at most %d fit"
	invisibleCharacter = "this holds the invisible character %U; leave it out"
)

var _ = Chinese(map[string]string{
	wentWrong:   "我们这边出了问题；日志中以此请求编号记录了详情",
	tookTooLong: "处理超时，请重试",
	wasCanceled: "请求在完成之前被取消",

	notText:            "不是有效的 UTF-8 文本",
	textTooLong:        "共 %d 个字，最多 %d 个",
	invisibleCharacter: "含有不可见字符 %U，请去掉",
})
