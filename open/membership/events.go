package membership

// Events of this room. Their key is the membership with how often it moved, "mbr_01J…:n4", so each happens once. Payload: [Moved].
const (
	TopicJoined    = "membership.joined"    // a member now who was none: joined, or given by the operator
	TopicRenewed   = "membership.renewed"   // a member for longer
	TopicExpired   = "membership.expired"   // it came to its end
	TopicCancelled = "membership.cancelled" // the operator took it away
)

// Moved says how a membership stands now.
type Moved struct {
	Consumer   string `json:"consumer"`
	Membership string `json:"membership"`
	Step       Step   `json:"step"`
	Plan       string `json:"plan,omitempty"` // "" when the operator gave it
	Level      Level  `json:"level"`
	Until      int64  `json:"until"` // unix ms, of the end
	At         int64  `json:"at"`    // unix ms
}

// topic is the event of a step, which for what the operator gives depends on what was before.
func topic(step Step, before State) string {
	switch {
	case step == Ran:
		return TopicExpired
	case step == Cancelled:
		return TopicCancelled
	case before == Active:
		return TopicRenewed
	}
	return TopicJoined
}

// This room consumes no events. The end of a membership is a timer's.
