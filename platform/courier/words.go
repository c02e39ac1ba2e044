package courier

import "minimart/platform/fault"

const (
	noMail     = "this platform sends no e-mail; the operator sets a mail server with --smtp"
	noPhone    = "this platform sends no SMS; the operator sets a provider with --sms"
	mailFailed = "the e-mail could not be handed over; try again"
	smsFailed  = "the SMS could not be handed over; try again"
)

var _ = fault.Chinese(map[string]string{
	noMail:     "本平台未设置邮件服务；运营方可用 --smtp 设置邮件服务器",
	noPhone:    "本平台未设置短信服务；运营方可用 --sms 设置短信服务商",
	mailFailed: "邮件未能发出，请重试",
	smsFailed:  "短信未能发出，请重试",
})
