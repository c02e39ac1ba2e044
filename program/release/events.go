package release

// TopicPromoted is emitted when another version of an app becomes the one everybody gets. Its payload is [Promoted], its
// key the app and how often it was promoted: "app_01J…:r3".
const TopicPromoted = "release.promoted"

// Promoted says which version is out now.
type Promoted struct {
	App      string `json:"app"`
	Version  string `json:"version"`
	Number   int64  `json:"number"`
	Previous string `json:"previous,omitempty"` // version, "" for the first release
	At       int64  `json:"at"`                 // unix ms
}

// This room consumes no events.
