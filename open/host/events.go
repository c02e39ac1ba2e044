package host

import "strconv"

// Events about host apps: payload [Changed], key "hst_01J…:n3". They are the actions in the audit log as well.
const (
	TopicCreated   = "host.created"
	TopicChanged   = "host.changed"
	TopicRotated   = "host.rotated"
	TopicReleased  = "host.released" // which programs it shows
	TopicSuspended = "host.suspended"
	TopicResumed   = "host.resumed"
)

// Topics are all of them. Each process forgets what it remembers of host apps when one comes, see [Service.Forget].
var Topics = []string{TopicCreated, TopicChanged, TopicRotated, TopicReleased, TopicSuspended, TopicResumed}

// Changed says what a host app is now.
type Changed struct {
	Host        string `json:"host"`
	Name        string `json:"name"`
	Kind        Kind   `json:"kind"`
	AllPrograms bool   `json:"allPrograms"`
	Suspended   bool   `json:"suspended"`
	Reason      string `json:"reason,omitempty"`
	Actor       string `json:"actor,omitempty"`
	At          int64  `json:"at"` // unix ms
}

func eventKey(host string, revision int64) string {
	return host + ":n" + strconv.FormatInt(revision, 10)
}

func eventOf(h Host, actor string, at int64) Changed {
	return Changed{Host: h.ID, Name: h.Name, Kind: h.Kind, AllPrograms: h.AllPrograms, Suspended: h.SuspendedAt > 0, Reason: h.Reason, Actor: actor, At: at}
}

// This room consumes no events.
