package review

import "minimart/platform/fault"

const (
	noReview       = "there is no review %s"
	noVersion      = "the program has no version %s"
	neverSubmitted = "version %s was never submitted"
	nothingPending = "version %s is not in review"
	notSubmittable = "version %d is %s; only a version in development or a rejected one can be submitted"
	appSuspended   = "the program is suspended by the operator; ask them before you submit"
	tooOften       = "versions of this program were submitted %d times in a day, which is the most; try again tomorrow"
	reviewEnded    = "this review is %s already; look at it again"
	noVerdict      = `"%s" is no verdict; it is approved or rejected`
	reasonMissing  = "say why, so that the developer knows what to mend"
	tooManyReasons = "there are %d reasons, at most %d fit"
	badLine        = "a line is a number from 0 to 10000000, and belongs to a file"
	noFile         = "the version has no file %s"
	noState        = `"%s" is no state of a review; it is pending, approved, rejected or withdrawn`
	badCursor      = `"%s" is no cursor of this list; begin without one`
	busy           = "many versions are being looked over; try again in a moment"
)

var _ = fault.Chinese(map[string]string{
	noReview:       "没有审核 %s",
	noVersion:      "该小程序没有版本 %s",
	neverSubmitted: "版本 %s 从未提交审核",
	nothingPending: "版本 %s 不在审核中",
	notSubmittable: "版本 %d 的状态为 %s；只有开发版本或被驳回的版本才能提交审核",
	appSuspended:   "该小程序已被平台运营方暂停；请先与其联系",
	tooOften:       "该小程序一天内已提交审核 %d 次，达到上限；请明天再试",
	reviewEnded:    "此审核已是 %s 状态；请重新查看",
	noVerdict:      `没有“%s”这种结论；应为 approved 或 rejected`,
	reasonMissing:  "请说明原因，以便开发者改正",
	tooManyReasons: "共有 %d 条原因，最多 %d 条",
	badLine:        "行号应为 0 到 10000000 的数字，且须指明文件",
	noFile:         "该版本没有文件 %s",
	noState:        `没有“%s”这种审核状态；应为 pending、approved、rejected 或 withdrawn`,
	badCursor:      `“%s”不是此列表的游标；请从头开始`,
	busy:           "正在检查的版本较多，请稍后再试",
})
