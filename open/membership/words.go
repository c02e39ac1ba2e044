package membership

import "minimart/platform/fault"

const (
	badCursor     = `"%s" is no cursor of this list; begin without one`
	reasonMissing = "say why; the next operator reads it"
	notSignedIn   = "sign in first"

	badCode      = "a code is 1 to 40 of a-z, 0-9 and single hyphens, a letter first: plus-month"
	codeTwice    = "the code %s is there twice"
	nameMissing  = "give the plan a name"
	badDays      = "a membership lasts 1 to %d days"
	badPrice     = "a price is 0 to %d fen"
	tooManyPlans = "there are %d plans, at most %d fit"

	noPlan           = `there is no plan "%s" on offer`
	planMissing      = "name a plan: this membership was given by the platform"
	opensWithCashier = "the plan %s costs %s yuan and opens with the cashier; until then join one that is free"
	waitsForCashier  = "opens with the cashier"
	memberAlready    = "you are a member until %s; renew instead"
	wasRemoved       = "the platform ended this membership; ask its customer service"
	noMember         = "you are no member; join first"
	noMemberThere    = "this consumer is no member"
	notRenewable     = "the plan of this membership is not on offer any more, so it cannot renew itself"
	movedMeanwhile   = "the membership was changed meanwhile; look at it again"
	tooFarAhead      = "a membership ends within %d days at most"
	noMove           = "the membership is %s; it cannot be %s from there"
)

var _ = fault.Chinese(map[string]string{
	badCursor:     `“%s”不是此列表的游标；请从头开始`,
	reasonMissing: "请说明原因，供后续运营人员查看",
	notSignedIn:   "请先登录",

	badCode:      "代码由 1 至 40 个小写字母、数字和单个连字符组成，以字母开头，例如 plus-month",
	codeTwice:    "代码 %s 重复",
	nameMissing:  "请填写套餐名称",
	badDays:      "会员时长为 1 至 %d 天",
	badPrice:     "价格为 0 至 %d 分",
	tooManyPlans: "共 %d 个套餐，最多 %d 个",

	noPlan:           `没有在售的套餐“%s”`,
	planMissing:      "请选择套餐：此会员由平台赠送",
	opensWithCashier: "套餐 %s 售价 %s 元，将随收银台上线开放；在此之前请选择免费套餐",
	waitsForCashier:  "随收银台上线开放",
	memberAlready:    "您的会员有效期至 %s；请直接续期",
	wasRemoved:       "平台已终止此会员；请联系平台客服",
	noMember:         "您还不是会员；请先开通",
	noMemberThere:    "此消费者不是会员",
	notRenewable:     "此会员的套餐已下架，无法自动续期",
	movedMeanwhile:   "会员状态刚刚发生变化；请重新查看",
	tooFarAhead:      "会员到期日最多在 %d 天之内",
	noMove:           "会员当前状态为 %s，不能 %s",
})
