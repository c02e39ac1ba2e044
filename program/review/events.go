package review

// TopicSubmitted is emitted when a version was submitted. Its payload is [Submitted], its key the review.
const TopicSubmitted = "review.submitted"

// TopicDecided is emitted when a review was decided, TopicWithdrawn when the developer took it back. Their payload is [Ended],
// their key the review.
const (
	TopicDecided   = "review.decided"
	TopicWithdrawn = "review.withdrawn"
)

// Submitted says which version waits for a reviewer.
type Submitted struct {
	Review  string `json:"review"`
	Org     string `json:"organisation"`
	App     string `json:"app"`
	Version string `json:"version"`
	Number  int64  `json:"number"`
	Round   int64  `json:"round"`
	At      int64  `json:"at"` // unix ms
}

// Ended says what came of a review.
type Ended struct {
	Review  string   `json:"review"`
	Org     string   `json:"organisation"`
	App     string   `json:"app"`
	Version string   `json:"version"`
	Number  int64    `json:"number"`
	State   State    `json:"state"` // approved, rejected or withdrawn
	Reasons []Reason `json:"reasons"`
	At      int64    `json:"at"` // unix ms
}

// This room consumes no events.
