package account

import (
	"slices"

	"minimart/platform/access"
)

// Role is what a member is to an organisation.
type Role string

// The roles. What each may do is written down in the table of this file and nowhere else.
const (
	Owner      Role = "owner"      // 所有者
	Developer  Role = "developer"  // 开发者
	Operations Role = "operations" // 运营
	Finance    Role = "finance"    // 财务
	ReadOnly   Role = "readonly"   // 只读
)

// Roles are all of them.
var Roles = []Role{Owner, Developer, Operations, Finance, ReadOnly}

// Permission is something a role may be allowed to do in its organisation.
type Permission = access.Action

// The permissions of every organisation.
const (
	OrganisationRead   Permission = "organisation.read"
	OrganisationWrite  Permission = "organisation.write"  // its name, its documents, its submission
	DocumentRead       Permission = "document.read"       // what the documents say
	MemberRead         Permission = "member.read"         // who belongs to it
	MemberManage       Permission = "member.manage"       // invite, change roles, remove
	AuditRead          Permission = "audit.read"          // who did what
	ProgramRead        Permission = "program.read"        // programs and their versions
	ProgramWrite       Permission = "program.write"       // create programs, change their settings
	VersionUpload      Permission = "version.upload"      // and try out
	VersionSubmit      Permission = "version.submit"      // for review
	VersionRelease     Permission = "version.release"     // and roll back
	CapabilityApply    Permission = "capability.apply"    // for a capability
	KeyRead            Permission = "key.read"            // keys of servers, without their secrets
	KeyManage          Permission = "key.manage"          // make, change and revoke them
	WebhookRead        Permission = "webhook.read"        // endpoints and what was delivered there
	WebhookManage      Permission = "webhook.manage"      // change endpoints, deliver again
	TradeRead          Permission = "trade.read"          // products, stock, orders
	TradeWrite         Permission = "trade.write"         // change them
	MoneyRead          Permission = "money.read"          // bills, balances
	MoneyMove          Permission = "money.move"          // pay out, refund
	GrowthWrite        Permission = "growth.write"        // campaigns, messages, audiences
	ConversationAnswer Permission = "conversation.answer" // at the desk
)

// The permissions that only members of the operator's organisation have.
const (
	PlatformRead       Permission = "platform.read"       // every organisation and program
	PlatformAudit      Permission = "platform.audit"      // every audit entry
	PlatformConfigure  Permission = "platform.configure"  // settings, commissions, policies
	OrganisationReview Permission = "organisation.review" // qualifications
	VersionReview      Permission = "version.review"
	CapabilityReview   Permission = "capability.review"
	HostManage         Permission = "host.manage"     // host apps, their keys and programs
	ConsumerManage     Permission = "consumer.manage" // look consumers up, suspend them
)

// granted is the whole of it: who may do what. Owners may do everything.
var granted = map[Permission][]Role{
	OrganisationRead:   {Owner, Developer, Operations, Finance, ReadOnly},
	OrganisationWrite:  {Owner},
	DocumentRead:       {Owner, Operations, Finance},
	MemberRead:         {Owner, Developer, Operations, Finance, ReadOnly},
	MemberManage:       {Owner},
	AuditRead:          {Owner},
	ProgramRead:        {Owner, Developer, Operations, Finance, ReadOnly},
	ProgramWrite:       {Owner, Developer},
	VersionUpload:      {Owner, Developer},
	VersionSubmit:      {Owner, Developer, Operations},
	VersionRelease:     {Owner, Operations},
	CapabilityApply:    {Owner, Developer, Operations},
	KeyRead:            {Owner, Developer, Operations},
	KeyManage:          {Owner, Developer},
	WebhookRead:        {Owner, Developer, Operations},
	WebhookManage:      {Owner, Developer},
	TradeRead:          {Owner, Developer, Operations, Finance, ReadOnly},
	TradeWrite:         {Owner, Operations},
	MoneyRead:          {Owner, Finance},
	MoneyMove:          {Owner, Finance},
	GrowthWrite:        {Owner, Operations},
	ConversationAnswer: {Owner, Operations},

	PlatformRead:       {Owner, Developer, Operations, Finance, ReadOnly},
	PlatformAudit:      {Owner},
	PlatformConfigure:  {Owner},
	OrganisationReview: {Owner, Operations},
	VersionReview:      {Owner, Operations},
	CapabilityReview:   {Owner, Operations},
	HostManage:         {Owner, Developer},
	ConsumerManage:     {Owner, Operations},
}

// platform are the permissions that count only in the operator's organisation: an owner of any other has none of them.
var platform = map[Permission]bool{
	PlatformRead: true, PlatformAudit: true, PlatformConfigure: true, OrganisationReview: true, VersionReview: true, CapabilityReview: true,
	HostManage: true, ConsumerManage: true,
}

// Permissions are all of them, in the order of their names.
func Permissions() []Permission {
	out := make([]Permission, 0, len(granted))
	for p := range granted {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// Can says whether a role has a permission. Permissions of the platform count in the operator's organisation alone, which
// [Service.Authorize] sees to. An unknown role or permission can nothing.
func Can(r Role, p Permission) bool { return slices.Contains(granted[p], r) }

// PermissionsOf lists what a role may do in an organisation of this kind.
func PermissionsOf(r Role, k Kind) []Permission {
	out := []Permission{}
	for _, p := range Permissions() {
		if Can(r, p) && (!platform[p] || k == Operator) {
			out = append(out, p)
		}
	}
	return out
}
