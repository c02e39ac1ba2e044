package review

import (
	"encoding/json"
	"fmt"
	"strconv"

	"minimart/platform/fault"
	"minimart/program/review/reviewdb"
)

// Prefix of the ids of reviews.
const Prefix = "rev"

// State is where a review stands.
type State string

// The states. A review is pending once and ends once.
const (
	Pending   State = "pending"
	Approved  State = "approved"
	Rejected  State = "rejected"
	Withdrawn State = "withdrawn"
)

// States are all of them.
var States = []State{Pending, Approved, Rejected, Withdrawn}

// Review is one submission of a version and what came of it.
type Review struct {
	ID          string
	Org         string
	App         string
	AppName     string // when it was submitted
	Version     string
	Number      int64 // of the version
	Label       string
	Round       int64 // 1 for the first submission of the version
	Note        string
	State       State
	Rules       string // version of the safety rules it was looked over by
	High        int64  // findings of each severity
	Medium      int64
	Low         int64
	SubmittedBy string
	SubmittedAt int64  // unix ms
	EndedBy     string // "" while it is pending
	EndedAt     int64  // unix ms, 0 while it is pending
	Reasons     []Reason
}

// Reason is why a version was rejected, or something to mend next time; of a file, of a line in it, or of the whole.
type Reason struct {
	File string `json:"file,omitempty" maxLength:"512" doc:"Path in the package, empty for the version as a whole"`
	Line int    `json:"line,omitempty" minimum:"0" maximum:"10000000" doc:"1-based, 0 for the file as a whole"`
	Text string `json:"text" maxLength:"4000" doc:"1 to 500 characters; the developer reads it"`
}

// Decision is what a reviewer says. Approving needs no reasons; those given are advice.
type Decision struct {
	Verdict State // Approved or Rejected
	Reasons []Reason
}

// Limits on what people write, in characters, and on how much of it.
const (
	maxNote    = 500
	maxReason  = 500
	maxReasons = 50
	maxPath    = 512
	maxLine    = 10_000_000
	maxQuery   = 120
	// maxDaily is how often the versions of one app may be submitted in a day: each time costs the platform a look, and its people one.
	maxDaily = 30
)

func (d Decision) check() (Decision, error) {
	var c fault.Checks
	c.Require(d.Verdict == Approved || d.Verdict == Rejected, "verdict", noVerdict, fault.Cut(string(d.Verdict), 60))
	c.Require(d.Verdict != Rejected || len(d.Reasons) > 0, "reasons", reasonMissing)
	if c.Require(len(d.Reasons) <= maxReasons, "reasons", tooManyReasons, len(d.Reasons), maxReasons) {
		reasons := make([]Reason, len(d.Reasons))
		for i, r := range d.Reasons {
			at := "reasons[" + strconv.Itoa(i) + "]"
			r.Text = c.Text(at+".text", r.Text, maxReason)
			c.Require(r.Text != "", at+".text", reasonMissing)
			c.Line(at+".file", r.File, maxPath)
			c.Require(r.Line >= 0 && r.Line <= maxLine && (r.Line == 0 || r.File != ""), at+".line", badLine)
			reasons[i] = r
		}
		d.Reasons = reasons
	}
	return d, c.Err()
}

func clamp(limit int) int { return max(1, min(limit, 100)) }

func reviewOf(r reviewdb.ReviewReview) (Review, error) {
	out := Review{
		ID: r.ID, Org: r.OrgID, App: r.AppID, AppName: r.AppName, Version: r.VersionID, Number: r.Number, Label: r.Label, Round: r.Round, Note: r.Note,
		State: State(r.State), Rules: r.Rules, High: r.High, Medium: r.Medium, Low: r.Low, SubmittedBy: r.SubmittedBy, SubmittedAt: r.SubmittedAt,
		EndedBy: r.EndedBy, EndedAt: r.EndedAt, Reasons: []Reason{},
	}
	if err := json.Unmarshal([]byte(r.Reasons), &out.Reasons); err != nil {
		return Review{}, fmt.Errorf("review: the reasons of %s cannot be read: %w", r.ID, err)
	}
	return out, nil
}
