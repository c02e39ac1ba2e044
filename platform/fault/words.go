package fault

const (
	wentWrong   = "something went wrong on our side; the log has the details under this request id"
	tookTooLong = "this took too long; try again"
	wasCanceled = "the request was canceled before it was done"
)

var _ = Chinese(map[string]string{
	wentWrong:   "我们这边出了问题；日志中以此请求编号记录了详情",
	tookTooLong: "处理超时，请重试",
	wasCanceled: "请求在完成之前被取消",
})
