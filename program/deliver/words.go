package deliver

import "minimart/platform/fault"

const (
	noProgram  = "there is no program %s"
	noVersion  = "the program %s has no version %s"
	noFile     = "there is no file %s"
	cannotRead = "the file %s cannot be read now; try again"
	notBuilt   = "%s has not been built yet; look at the build's messages"
	badHost    = `the request was sent to "%s", which is no name of a host`
)

var _ = fault.Chinese(map[string]string{
	noProgram:  "没有小程序 %s",
	noVersion:  "小程序 %s 没有版本 %s",
	noFile:     "没有文件 %s",
	cannotRead: "暂时无法读取文件 %s，请重试",
	notBuilt:   "%s 尚未构建，请查看构建信息",
	badHost:    "请求的目标“%s”不是主机名",
})
