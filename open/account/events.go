package account

// Events of this room. Their keys hold which time something happened, so each happens once.
const (
	// The qualification of an organisation came further: payload [OrganisationMoved], key "org_01J…:n3".
	TopicOrganisationSubmitted = "organisation.submitted"
	TopicOrganisationVerified  = "organisation.verified"
	TopicOrganisationRejected  = "organisation.rejected"

	// Somebody joined, left or changes the role: payload [MemberChanged]. The key is the membership's, which is another one
	// each time a person joins: "mem_01J…", with the count of changes for roles: "mem_01J…:n2".
	TopicMemberJoined      = "member.joined"
	TopicMemberRoleChanged = "member.role-changed"
	TopicMemberRemoved     = "member.removed"
)

// OrganisationMoved says where an organisation's qualification stands now.
type OrganisationMoved struct {
	Organisation string `json:"organisation"`
	Name         string `json:"name"`
	Kind         Kind   `json:"kind"`
	State        State  `json:"state"`
	Reason       string `json:"reason,omitempty"`
	Submission   int64  `json:"submission"`
	At           int64  `json:"at"` // unix ms
}

// MemberChanged says who belongs to an organisation, and as what.
type MemberChanged struct {
	Organisation string `json:"organisation"`
	Person       string `json:"person"`
	Role         Role   `json:"role,omitempty"`   // "" when it left or was removed
	Before       Role   `json:"before,omitempty"` // "" when it joined
	At           int64  `json:"at"`               // unix ms
}

// This room consumes no events.
