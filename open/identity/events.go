package identity

// Events of this room. Their keys hold which time something happened, so each happens once.
const (
	// Somebody signed in to a host app: payload [SignedIn], key is the session.
	TopicSignedIn = "identity.signed-in"

	// A consumer agreed to something, or no longer does: payload [ConsentMoved], key "cns_01J…:n2", "cns_01J…".
	TopicConsentGiven     = "identity.consent-given"
	TopicConsentWithdrawn = "identity.consent-withdrawn"

	// The operator shut a consumer out, or let it in again: payload [ConsumerMoved], key "csm_01J…:n3".
	TopicSuspended  = "identity.suspended"
	TopicReinstated = "identity.reinstated"
)

// SignedIn says who signed in where.
type SignedIn struct {
	Consumer string `json:"consumer"`
	Host     string `json:"host"`
	Session  string `json:"session"`
	New      bool   `json:"new"` // whether the consumer is new
	At       int64  `json:"at"`  // unix ms
}

// ConsentMoved says what an app may know. It names the consumer as the app does, since apps may hear of it.
type ConsentMoved struct {
	App    string `json:"app"`
	OpenID string `json:"openid"`
	Kind   Kind   `json:"kind"`
	At     int64  `json:"at"` // unix ms
}

// ConsumerMoved says whether a consumer is shut out now.
type ConsumerMoved struct {
	Consumer string `json:"consumer"`
	State    State  `json:"state"`
	Reason   string `json:"reason,omitempty"`
	At       int64  `json:"at"` // unix ms
}

// This room consumes no events.
