package upload

import "minimart/platform/fault"

const (
	tooLarge       = "the package has %d bytes zipped, at most %d fit; put large pictures and films on a server"
	notBuilt       = "the package cannot be built: %d to mend, see diagnostics"
	tooManyUploads = "too many packages are being compiled; try again in a moment"
	badCursor      = `"%s" is no cursor of this list; begin without one`
	keyOfAnother   = "the key %s is not one of %s; take a key of that program, or name the key's own"
	noCaller       = "this call came through no door of the open API"
)

var _ = fault.Chinese(map[string]string{
	tooLarge:       "压缩包有 %d 字节，最多 %d 字节；请将大图片和视频放到服务器上",
	notBuilt:       "无法构建此包：有 %d 处需要修改，见 diagnostics",
	tooManyUploads: "正在编译的包过多，请稍后重试",
	badCursor:      `“%s”不是此列表的游标；请从头开始`,
	keyOfAnother:   "密钥 %s 不属于小程序 %s；请使用该小程序的密钥，或改为密钥所属的小程序",
	noCaller:       "此调用未经过开放网关",
})
