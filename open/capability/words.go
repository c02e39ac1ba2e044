package capability

import "minimart/platform/fault"

const (
	noCapability    = "there is no capability %s"
	onlyAnnounced   = "%s is announced and not open yet; nobody can apply for it"
	notInvited      = "%s is a closed beta; the operator invites apps to it"
	notVerified     = "only verified organisations may have %s; hand in your organisation's documents first"
	applicationOpen = "there is an open application for %s already; withdraw it to apply anew"
	appliedTooOften = "there were %d applications for %s within a day; try again tomorrow"
	noOpenOne       = "there is no open application for %s"
	noApplication   = "there is no application %s"
	decidedAlready  = "the application is %s already; look at it again"
	noGrant         = "the app does not have %s, neither now nor later"
	notBeta         = "%s is no closed beta; nobody needs an invitation to it"
	noInvitation    = "the app is not invited to %s"
	noApp           = "there is no app %s"

	answerMissing = "answer this question"
	noQuestion    = `the form has no question "%s"`

	noVerdict      = `"%s" is no verdict; it is approved or rejected`
	noState        = `"%s" is no state of an application; it is applied, approved, rejected or withdrawn`
	reasonMissing  = "say why, so that the app's people know"
	confirmMissing = "this application asks for special approval; confirm that its reason is one"
	fromPast       = "the beginning lies in the past"
	fromTooFar     = "the beginning is more than a year ahead"
	untilTooEarly  = "the end must lie ahead and after the beginning"
	untilTooFar    = "the end is more than ten years after the beginning"
	noScope        = `"%s" is no scope of %s`
	badLimit       = "%d is no limit; it is 1 to %d, 0 for the usual or -1 for none"
	badCursor      = `"%s" is no cursor of this list; begin without one`

	notGranted    = "the app does not have the capability %s"
	consumersUsed = "the app has used %s for %d consumers today, which is its limit"
)

var _ = fault.Chinese(map[string]string{
	noCapability:    "没有能力 %s",
	onlyAnnounced:   "%s 尚未开放，敬请期待；目前不能申请",
	notInvited:      "%s 正在邀请内测；由平台运营方邀请小程序参加",
	notVerified:     "仅认证组织可以使用 %s；请先提交组织的资质文件",
	applicationOpen: "%s 已有待审核的申请；如需重新申请，请先撤回",
	appliedTooOften: "一天内已提交 %d 次 %s 的申请；请明天再试",
	noOpenOne:       "没有待审核的 %s 申请",
	noApplication:   "没有申请 %s",
	decidedAlready:  "该申请的状态已是 %s；请重新查看",
	noGrant:         "该小程序目前及之后都没有 %s",
	notBeta:         "%s 不是邀请内测，无需邀请",
	noInvitation:    "该小程序未被邀请参加 %s",
	noApp:           "没有小程序 %s",

	answerMissing: "请回答此问题",
	noQuestion:    `表单中没有问题“%s”`,

	noVerdict:      `没有“%s”这种结论；应为 approved 或 rejected`,
	noState:        `没有“%s”这种申请状态；应为 applied、approved、rejected 或 withdrawn`,
	reasonMissing:  "请说明原因，以便对方知晓",
	confirmMissing: "此申请需要特批；请确认其特批理由成立",
	fromPast:       "开始时间已过",
	fromTooFar:     "开始时间在一年之后",
	untilTooEarly:  "结束时间应晚于当前时间与开始时间",
	untilTooFar:    "结束时间在开始时间十年之后",
	noScope:        `“%s”不是 %s 的权限范围`,
	badLimit:       "%d 不是有效的限额；应为 1 到 %d，0 表示默认，-1 表示不限",
	badCursor:      `“%s”不是此列表的游标；请从头开始`,

	notGranted:    "该小程序没有能力 %s",
	consumersUsed: "该小程序今天已对 %[2]d 位消费者使用 %[1]s，达到上限",
})
