package capability

// Events about who has what. Their payload is [Changed]. The key is the id of the application, which the grant has too, or of
// the invitation: each happens once to it. They are the actions in the audit log as well.
const (
	TopicApplied   = "capability.applied"
	TopicWithdrawn = "capability.withdrawn"
	TopicGranted   = "capability.granted" // an application was approved
	TopicRejected  = "capability.rejected"
	TopicRevoked   = "capability.revoked"
	TopicInvited   = "capability.invited"
	TopicUninvited = "capability.uninvited"
)

// Topics are those after which each process forgets what it remembers of an app, see [Service.Forget].
var Topics = []string{TopicGranted, TopicRevoked}

// Changed says what became of an app and a capability.
type Changed struct {
	App         string `json:"app"`
	Org         string `json:"org"`
	Capability  string `json:"capability"`
	Application string `json:"application,omitempty"` // and grant
	From        int64  `json:"from,omitempty"`        // unix ms, of what was granted
	Until       int64  `json:"until,omitempty"`       // unix ms, 0 for no end
	Reason      string `json:"reason,omitempty"`
	Actor       string `json:"actor,omitempty"` // person, "" for the platform itself
	At          int64  `json:"at"`              // unix ms
}

// This room consumes no events.
