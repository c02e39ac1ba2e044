package identity

import (
	"minimart/open/capability"
	"minimart/platform/access"
)

// PhoneNumberCapability lets an app ask consumers for their phone number.
var PhoneNumberCapability = capability.Declare(phoneCapability, capability.Spec{
	Title: capability.Words{Zh: "手机号快速验证", En: "Phone number"},
	Summary: capability.Words{
		Zh: "消费者在宿主应用的授权面板中同意后，小程序的服务器可取得其已验证的手机号。",
		En: "Once a consumer agrees on the host's sheet, the program's server learns the phone number the consumer has proved.",
	},
	Opens: capability.Words{
		Zh: "getPhoneNumber 接口、button 的 open-type=getPhoneNumber，以及服务端以一次性 code 换取手机号的接口。",
		En: "The API getPhoneNumber, buttons with open-type=getPhoneNumber, and exchanging the one-time code for the number from a server.",
	},
	APIs: []string{"getPhoneNumber"}, Components: []string{"button.open-type=getPhoneNumber"}, Scopes: []string{PhoneScope},
	Form: []capability.Question{
		{Key: "purpose", Words: capability.Words{Zh: "在哪个页面、为何需要手机号？", En: "On which page, and what is the number needed for?"}, Required: true, Max: 500},
		{Key: "storage", Words: capability.Words{Zh: "手机号如何保存，保存多久？", En: "How is the number kept, and for how long?"}, Required: true, Max: 500},
	},
	Verified: true, Privacy: string(PhoneNumber),
	Quota: capability.Limits{CallsPerDay: map[string]int64{PhoneScope: 10_000}},
})

// Scopes of the open API that this room serves.
const (
	ExchangeScope = "identity:exchange"
	PhoneScope    = "phone-number:read"
)

// Scopes are what keys may be good for here.
var Scopes = []access.Scope{
	{Name: ExchangeScope, Title: "Exchange login codes for openids", TitleZh: "以登录 code 换取 openid"},
	{Name: PhoneScope, Capability: phoneCapability, Title: "Exchange codes for phone numbers", TitleZh: "以 code 换取手机号"},
}
