package capability

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"minimart/open/capability/capabilitydb"
	"minimart/platform/fault"
)

// Prefix begins the ids of applications, which are those of the grants they became; invitationPrefix those of invitations.
const (
	Prefix           = "cap"
	invitationPrefix = "inv"
)

// State is how far an application has come. applied is the one that moves: to each of the others, once.
type State string

// The states.
const (
	StateApplied   State = "applied"
	StateApproved  State = "approved"
	StateRejected  State = "rejected"
	StateWithdrawn State = "withdrawn"
)

// Application is an app's wish for a capability. Times are unix ms, 0 for never.
type Application struct {
	ID         string
	App        string
	Org        string
	Capability string
	State      State
	Special    bool              // whether it asks for special approval; the reason is among the answers
	Answers    map[string]string // by the keys of the form, and [SpecialReason]
	AppliedBy  string
	AppliedAt  int64
	DecidedBy  string // who approved, rejected or withdrew it
	DecidedAt  int64
	Reason     string // what the reviewer says
}

// SpecialReason is the key of the answer that applications for special capabilities hold besides those of the form.
const SpecialReason = "special-reason"

// GrantState is what a grant is worth at a time.
type GrantState string

// The states of a grant. Only revoking is something that somebody does; the clock does the rest.
const (
	GrantScheduled GrantState = "scheduled" // it begins later
	GrantLive      GrantState = "live"
	GrantExpired   GrantState = "expired"
	GrantRevoked   GrantState = "revoked"
)

// Grant is what an approval gave an app. Times are unix ms.
type Grant struct {
	ID         string // of the application
	App        string
	Org        string
	Capability string
	Limits     Limits
	From       int64
	Until      int64 // 0 for no end
	GrantedBy  string
	GrantedAt  int64
	RevokedBy  string
	RevokedAt  int64  // 0 when it was not
	Reason     string // why it was revoked
}

// State of the grant at a time in unix ms.
func (g Grant) State(now int64) GrantState {
	switch {
	case g.RevokedAt > 0:
		return GrantRevoked
	case g.Until > 0 && g.Until <= now:
		return GrantExpired
	case g.From > now:
		return GrantScheduled
	}
	return GrantLive
}

// Decision is what a reviewer says to an application.
type Decision struct {
	Verdict State  // approved or rejected
	Reason  string // up to 500 characters; needed when rejected: the app's people read it
	// Limits of an approval, by scope of the capability. What is left out or 0 is as declared; -1 is no limit.
	Limits Limits
	From   int64 // unix ms, 0 for now, up to a year ahead
	Until  int64 // unix ms, 0 for no end, up to ten years after From
	// ConfirmSpecial must be true to approve what asks for special approval.
	ConfirmSpecial bool
}

const (
	maxReason        = 500
	maxSpecialReason = 1000
	maxAhead         = 366 * 24 * time.Hour
	maxLength        = 10 * 366 * 24 * time.Hour
)

// check brings a decision into the form it is stored in.
func (d Decision) check(a Application, c Capability, now int64) (Decision, error) {
	var wrong fault.Checks
	wrong.Require(d.Verdict == StateApproved || d.Verdict == StateRejected, "verdict", noVerdict, fault.Cut(string(d.Verdict), 20))
	d.Reason = wrong.Text("reason", d.Reason, maxReason)
	if d.Verdict == StateRejected {
		wrong.Require(d.Reason != "", "reason", reasonMissing)
		return d, wrong.Err()
	}
	wrong.Require(!a.Special || d.ConfirmSpecial, "confirmSpecial", confirmMissing)
	if d.From == 0 {
		d.From = now
	}
	// A minute of grace for a form that stood open.
	wrong.Require(d.From >= now-time.Minute.Milliseconds(), "from", fromPast)
	wrong.Require(d.From <= now+maxAhead.Milliseconds(), "from", fromTooFar)
	if d.Until != 0 && d.From <= now+maxAhead.Milliseconds() {
		wrong.Require(d.Until > d.From && d.Until > now, "until", untilTooEarly)
		wrong.Require(d.Until <= d.From+maxLength.Milliseconds(), "until", untilTooFar)
	}
	limits := Limits{CallsPerDay: map[string]int64{}, ConsumersPerDay: checkLimit(&wrong, "limits.consumersPerDay", d.Limits.ConsumersPerDay, c.Quota.ConsumersPerDay)}
	for _, scope := range c.Scopes {
		if n := checkLimit(&wrong, "limits.callsPerDay."+scope, d.Limits.CallsPerDay[scope], c.Quota.CallsPerDay[scope]); n > 0 {
			limits.CallsPerDay[scope] = n
		}
	}
	for scope := range d.Limits.CallsPerDay {
		wrong.Require(slices.Contains(c.Scopes, scope), "limits.callsPerDay", noScope, fault.Cut(scope, 60), c.Name)
	}
	d.Limits = limits
	return d, wrong.Err()
}

// checkLimit is a limit as it is stored: 0 for none.
func checkLimit(c *fault.Checks, field string, given, declared int64) int64 {
	switch given {
	case 0:
		return declared
	case -1:
		return 0
	}
	c.Require(given > 0 && given <= maxLimit, field, badLimit, given, maxLimit)
	return given
}

// checkAnswers holds answers against the form of a capability. Answers come back without spaces around them, empty ones left
// out.
func checkAnswers(of Capability, answers map[string]string) (map[string]string, error) {
	var c fault.Checks
	form := of.form()
	out := map[string]string{}
	for _, q := range form {
		field := "answers." + q.Key
		text := c.Text(field, answers[q.Key], q.Max)
		c.Require(text != "" || !q.Required, field, answerMissing)
		if text != "" {
			out[q.Key] = text
		}
	}
	unknown := 0
	for key := range answers {
		if !slices.ContainsFunc(form, func(q Question) bool { return q.Key == key }) {
			if unknown++; unknown <= 10 {
				c.Add("answers", noQuestion, fault.Cut(key, maxName))
			}
		}
	}
	return out, c.Err()
}

// form is what is asked of applications, the special reason first.
func (c Capability) form() []Question {
	if c.Admission != Special {
		return c.Form
	}
	return append([]Question{{Key: SpecialReason, Words: Words{Zh: "特批理由", En: "Why this needs special approval"}, Required: true, Max: maxSpecialReason}}, c.Form...)
}

func applicationOf(r capabilitydb.CapabilityApplication) (Application, error) {
	a := Application{
		ID: r.ID, App: r.AppID, Org: r.OrgID, Capability: r.Capability, State: State(r.State), Special: r.Special,
		AppliedBy: r.AppliedBy, AppliedAt: r.AppliedAt, DecidedBy: r.DecidedBy, DecidedAt: r.DecidedAt, Reason: r.Reason,
	}
	if err := json.Unmarshal([]byte(r.Answers), &a.Answers); err != nil {
		return Application{}, fmt.Errorf("capability: the answers of %s cannot be read: %w", r.ID, err)
	}
	return a, nil
}

// storedLimits is how limits lie in the database.
type storedLimits struct {
	Calls     map[string]int64 `json:"calls,omitempty"`
	Consumers int64            `json:"consumers,omitempty"`
}

func grantOf(r capabilitydb.CapabilityGrant) (Grant, error) {
	g := Grant{
		ID: r.ID, App: r.AppID, Org: r.OrgID, Capability: r.Capability, From: r.FromAt, Until: r.UntilAt,
		GrantedBy: r.GrantedBy, GrantedAt: r.GrantedAt, RevokedBy: r.RevokedBy, RevokedAt: r.RevokedAt, Reason: r.Reason,
	}
	var l storedLimits
	if err := json.Unmarshal([]byte(r.Limits), &l); err != nil {
		return Grant{}, fmt.Errorf("capability: the limits of %s cannot be read: %w", r.ID, err)
	}
	g.Limits = Limits{CallsPerDay: l.Calls, ConsumersPerDay: l.Consumers}
	return g, nil
}

func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers: cannot happen
	}
	return string(b)
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
