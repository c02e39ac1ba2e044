package money

import "minimart/platform/fault"

const (
	amountTooLarge = "the amount is too large to count: it has to stay below ¥92,233,720,368,547,758"
	notAmount      = `"%s" is not an amount in yuan; write it like 99 or 99.50`
	rateNegative   = "a rate of %d ppm is negative; use a rate of 0 or more"
	portionOutside = "%s of %s is no part: it has to lie between nothing and the whole"
	lineNegative   = "line %d is negative (%s); only amounts of 0 or more can share"
	totalNegative  = "%s is negative; only 0 or more can be shared"
	totalAbove     = "%s is more than all lines together (%s)"
)

var _ = fault.Chinese(map[string]string{
	amountTooLarge: "金额过大，无法计算：必须小于 ¥92,233,720,368,547,758",
	notAmount:      "“%s”不是以元为单位的金额，请写成 99 或 99.50",
	rateNegative:   "费率 %d ppm 为负，请使用不小于 0 的费率",
	portionOutside: "%[2]s 中的 %[1]s 不成其为一部分：应介于零与全额之间",
	lineNegative:   "第 %d 行为负（%s）；只有不小于 0 的金额才能分摊",
	totalNegative:  "%s 为负；只能分摊不小于 0 的金额",
	totalAbove:     "%s 超过所有行的合计（%s）",
})

func tooLarge() error { return fault.Invalid("amount", amountTooLarge) }
