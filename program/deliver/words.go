package deliver

import "minimart/platform/fault"

const (
	noProgram  = "there is no program %s"
	noVersion  = "the program %s has no version %s"
	noFile     = "there is no file %s"
	cannotRead = "the file %s cannot be read now; try again"
	notBuilt   = "%s has not been built yet; look at the build's messages"
	notHere    = "the program %s is not released to this app"
	noHost     = "the request came through no host app; send the host's key in Minimart-Host"
	badHost    = `the request was sent to "%s", which is no name of a host`
)

var _ = fault.Chinese(map[string]string{
	noProgram:  "没有小程序 %s",
	noVersion:  "小程序 %s 没有版本 %s",
	noFile:     "没有文件 %s",
	cannotRead: "暂时无法读取文件 %s，请重试",
	notBuilt:   "%s 尚未构建，请查看构建信息",
	notHere:    "小程序 %s 未在此应用中开放",
	noHost:     "请求未经过宿主应用；请在 Minimart-Host 中带上宿主的公开密钥",
	badHost:    "请求的目标“%s”不是主机名",
})
