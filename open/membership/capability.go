package membership

import (
	"minimart/open/capability"
	"minimart/platform/access"
)

// capabilityName is also what open/identity asks for before an app learns anything.
const capabilityName = "plus-membership"

// ReadScope lets a key ask for memberships.
const ReadScope = "membership:read"

// Plus lets an app ask whether a consumer is a member.
var Plus = capability.Declare(capabilityName, capability.Spec{
	Title: capability.Words{Zh: "PLUS 会员状态", En: "PLUS membership"},
	Summary: capability.Words{
		Zh: "消费者同意后，小程序可得知其是否为 PLUS 会员及到期时间，用于会员价与会员权益。",
		En: "Once a consumer agrees, a program learns whether it is a PLUS member and until when, for members' prices and benefits.",
	},
	Opens: capability.Words{
		Zh: "getPlusStatus 接口，以及服务端按 openid 查询会员状态的接口。",
		En: "The API getPlusStatus, and asking for the membership behind an openid from a server.",
	},
	APIs: []string{"getPlusStatus"}, Scopes: []string{ReadScope},
	Form: []capability.Question{
		{Key: "benefits", Words: capability.Words{Zh: "会员在小程序内享有哪些权益？", En: "What do members get in the program?"}, Required: true, Max: 500},
	},
	Privacy: "membership",
	Quota:   capability.Limits{CallsPerDay: map[string]int64{ReadScope: 100_000}},
})

// Scopes are what keys may be good for here.
var Scopes = []access.Scope{
	{Name: ReadScope, Capability: capabilityName, Title: "Read memberships", TitleZh: "查询会员状态"},
}
