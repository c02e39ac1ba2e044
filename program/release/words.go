package release

import "minimart/platform/fault"

const (
	malformedID       = "this is no id of an app: %s"
	nameMissing       = "give the program a name"
	iconTooLarge      = "the icon has %d bytes, at most %d fit"
	iconKind          = "the icon is no picture we know; use PNG, JPEG, GIF, WebP or SVG"
	tooManyDomains    = "%d domains are named, at most %d fit"
	originForm        = `"%s" is no origin; write it like https://shop.example or https://shop.example:8443`
	originScheme      = `"%s" begins with %q; only https is allowed`
	originRest        = `"%s" has more than a host and a port; leave the path, the query and the user out`
	originAddress     = `"%s" is an address; use a domain name`
	originHost        = `"%s" holds no full domain name; write it like https://shop.example, without wildcards`
	originPort        = `the port of "%s" is no number from 1 to 65535`
	appMissing        = "name the app"
	labelMissing      = "give the version a label, like 1.0.3"
	wrongFormat       = "this was built for format %d, this platform runs format %d; build it again"
	wrongDialect      = `the dialect "%s" is unknown; it is "jd" or "wx"`
	noSuchPage        = `the first page "%s" is not among the pages`
	notJSON           = "app.json is no valid JSON"
	tooManyFiles      = "there are %d files, at most %d fit"
	wrongFileName     = `"%s" is no name of a built file: 32 hexadecimal digits, a point, an ending`
	fileTwice         = "%s is there twice"
	wrongContent      = "the content of %s is not what its name says; build the package again"
	wrongBrotli       = "the compressed form of %s is not the same as its plain form; build the package again"
	fileMissing       = `the file "%s" is named but was not added`
	manifestTooLarge  = "the manifest has %d bytes, at most %d fit; split the program"
	appTaken          = "there is already an app %s"
	noApp             = "there is no app %s"
	noVersion         = "the app %s has no version %s"
	noSuchVersion     = "there is no version %s"
	notReleased       = "there is no released program %s"
	badCursor         = `"%s" is no cursor of this list; begin without one`
	tooManyApps       = "the organisation has %d apps, no more fit; ask the operator"
	noPrivacyKind     = "there is no privacy kind %s"
	wrongState        = "version %d is %s and cannot become %s now"
	noSource          = "the source of version %s was not kept"
	badShare          = "a share is 1 to %d millionths of the devices"
	notRaised         = "the share is %d already, and it is only raised; to go back, stop the staged release"
	notApproved       = "version %d is %s; only a version that passed review can go out"
	anotherOnItsWay   = "another version is on its way; stop or complete its staged release first"
	alreadyOut        = "version %d is what everybody gets already"
	noRollout         = "no staged release is on its way"
	neverOut          = "version %d was never out to everybody; roll back to one that was, or release it"
	isSuspended       = "the program is suspended by the operator"
	isNotSuspended    = "the program is not suspended"
	reasonMissing     = "say why; the developer reads it"
	takenOff          = "%s is suspended by the operator"
	notToYou          = "%s has not been released to you yet"
	badTicket         = "this link is not good, or not any more; ask the developer for a new one"
	previewOver       = "this preview is over after its hour; make a new one in the console"
	noTrial           = "%s has no trial version now; ask the developer"
	signInToTry       = "sign in to try %s, with the phone number the developer has invited"
	notTester         = "you are not among the testers of %s; ask the developer to add the phone number you sign in with"
	noTrialToEnd      = "no version is on trial"
	noPhone           = `"%s" is no mobile number of mainland China; write it like 138 0013 8000`
	testerNameMissing = "give the tester a name"
	tooManyTesters    = "the app has %d testers, no more fit; remove some first"
	testerThere       = "%s is among the testers already"
	noTester          = "there is no tester %s"
	tooManyPreviews   = "%d preview links of the app are alive; wait until some are over"
)

var _ = fault.Chinese(map[string]string{
	malformedID:       "这不是小程序的标识：%s",
	nameMissing:       "请填写小程序名称",
	iconTooLarge:      "图标有 %d 字节，最多 %d 字节",
	iconKind:          "无法识别的图标格式，请使用 PNG、JPEG、GIF、WebP 或 SVG",
	tooManyDomains:    "填写了 %d 个域名，最多 %d 个",
	originForm:        `“%s”不是域名；请写成 https://shop.example 或 https://shop.example:8443`,
	originScheme:      `“%s”以 %q 开头；只允许 https`,
	originRest:        `“%s”中除主机和端口外还有其他内容；请去掉路径、查询和用户名`,
	originAddress:     `“%s”是 IP 地址；请使用域名`,
	originHost:        `“%s”不含完整的域名；请写成 https://shop.example，不支持通配符`,
	originPort:        `“%s”的端口不是 1 到 65535 的数字`,
	appMissing:        "请指明小程序",
	labelMissing:      "请填写版本号，例如 1.0.3",
	wrongFormat:       "此包按格式 %d 构建，本平台运行格式 %d；请重新构建",
	wrongDialect:      `未知的方言“%s”；应为 "jd" 或 "wx"`,
	noSuchPage:        `首页“%s”不在页面列表中`,
	notJSON:           "app.json 不是有效的 JSON",
	tooManyFiles:      "共有 %d 个文件，最多 %d 个",
	wrongFileName:     `“%s”不是构建产物的文件名：32 位十六进制数、点、扩展名`,
	fileTwice:         "%s 出现了两次",
	wrongContent:      "%s 的内容与其名称不符；请重新构建",
	wrongBrotli:       "%s 的压缩内容与原文不同；请重新构建",
	fileMissing:       `缺少文件“%s”`,
	manifestTooLarge:  "清单有 %d 字节，最多 %d 字节；请拆分小程序",
	appTaken:          "小程序 %s 已存在",
	noApp:             "没有小程序 %s",
	noVersion:         "小程序 %s 没有版本 %s",
	noSuchVersion:     "没有版本 %s",
	notReleased:       "没有已发布的小程序 %s",
	badCursor:         `“%s”不是此列表的游标；请从头开始`,
	tooManyApps:       "该组织已有 %d 个小程序，已达上限；请联系平台运营方",
	noPrivacyKind:     "没有隐私类型 %s",
	wrongState:        "版本 %d 的状态为 %s，现在不能变为 %s",
	noSource:          "版本 %s 未保留源码包",
	badShare:          "比例应为设备总数的百万分之 1 到 %d",
	notRaised:         "比例已为 %d，只能提高；如需退回，请停止灰度发布",
	notApproved:       "版本 %d 的状态为 %s；只有审核通过的版本才能发布",
	anotherOnItsWay:   "另一个版本正在灰度发布；请先停止或全量发布",
	alreadyOut:        "版本 %d 已是线上版本",
	noRollout:         "没有进行中的灰度发布",
	neverOut:          "版本 %d 从未全量发布；请选择曾全量发布的版本回滚，或直接发布此版本",
	isSuspended:       "该小程序已被平台运营方暂停",
	isNotSuspended:    "该小程序未被暂停",
	reasonMissing:     "请填写原因，开发者会看到",
	takenOff:          "“%s”已被平台暂停服务",
	notToYou:          "“%s”尚未向你开放",
	badTicket:         "此链接无效或已失效，请向开发者索取新链接",
	previewOver:       "预览链接已超过一小时有效期，请在控制台重新生成",
	noTrial:           "“%s”目前没有体验版，请联系开发者",
	signInToTry:       "请使用开发者邀请的手机号登录后体验“%s”",
	notTester:         "你不在“%s”的体验成员中，请联系开发者添加你登录所用的手机号",
	noTrialToEnd:      "目前没有体验版",
	noPhone:           "“%s”不是中国大陆手机号；请写成 138 0013 8000",
	testerNameMissing: "请填写体验成员的名字",
	tooManyTesters:    "已有 %d 名体验成员，已达上限；请先移除一些",
	testerThere:       "%s 已是体验成员",
	noTester:          "没有体验成员 %s",
	tooManyPreviews:   "该小程序已有 %d 个有效的预览链接；请等部分链接过期后再试",
})
