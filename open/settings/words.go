package settings

import "minimart/platform/fault"

const (
	nameMissing = "give the platform a name"
	notText     = "this is not valid UTF-8 text"
	textTooLong = "this has %d characters, at most %d fit"
	invisible   = "this holds the invisible character %U; leave it out"
	badURL      = "this is no address of a page; write it like https://minimart.example/terms"
	changed     = "somebody changed the settings meanwhile; look at them again"
)

var _ = fault.Chinese(map[string]string{
	nameMissing: "请填写平台名称",
	notText:     "不是有效的 UTF-8 文本",
	textTooLong: "共 %d 个字，最多 %d 个",
	invisible:   "含有不可见字符 %U，请去掉",
	badURL:      "不是有效的网址；请写成 https://minimart.example/terms",
	changed:     "设置已被他人修改，请重新查看",
})
