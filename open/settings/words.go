package settings

import "minimart/platform/fault"

const (
	nameMissing = "give the platform a name"
	badURL      = "this is no address of a page; write it like https://minimart.example/terms"
	changed     = "somebody changed the settings meanwhile; look at them again"
)

var _ = fault.Chinese(map[string]string{
	nameMissing: "请填写平台名称",
	badURL:      "不是有效的网址；请写成 https://minimart.example/terms",
	changed:     "设置已被他人修改，请重新查看",
})
