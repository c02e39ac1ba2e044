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

// TopicMoved is emitted when the state of a version changes. Its payload is [Moved], its key the version and how often it
// moved: "ver_01J…:m2".
const TopicMoved = "release.version-moved"

// Moved says where a version stands now.
type Moved struct {
	App     string `json:"app"`
	Version string `json:"version"`
	Number  int64  `json:"number"`
	From    State  `json:"from"`
	To      State  `json:"to"`
	At      int64  `json:"at"` // unix ms
}

// TopicStep is emitted with every step of an app's releases. Its payload is [Stepped], its key the app and the number of the
// record: "app_01J…:s7".
const TopicStep = "release.step"

// Stepped is a step of an app's releases.
type Stepped struct {
	App      string `json:"app"`
	Number   int64  `json:"number"` // of the record
	Step     Step   `json:"step"`
	Version  string `json:"version,omitempty"`
	Previous string `json:"previous,omitempty"` // version that everybody had before
	Rollout  string `json:"rollout,omitempty"`
	Share    int64  `json:"share,omitempty"` // ppm
	At       int64  `json:"at"`              // unix ms
}

// This room consumes no events.
