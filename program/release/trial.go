package release

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
	"minimart/program/build"
	"minimart/program/release/releasedb"
)

// PreviewTime is how long a preview link opens its version.
const PreviewTime = time.Hour

const (
	maxTesters    = 100
	maxTesterName = 30
	maxPreviews   = 200 // alive, of one app
	// keepExpired is how long a preview link is remembered after its time, so that whoever opens it learns why it does not.
	keepExpired = 24 * time.Hour
	// usedEvery is how exactly it is known when a trial link was used.
	usedEvery = 24 * time.Hour
)

// Link opens a version that is not out. Its token is in this answer alone: what is kept is a hash.
type Link struct {
	App       string
	Version   string
	Token     string
	ExpiresAt int64 // unix ms, 0 for never
}

// Path is where the link leads in a host app, from the root of the site.
func (l Link) Path() string { return "/app/" + l.App + "?ticket=" + l.Token }

// newToken is 256 bits of randomness, 43 characters of base64url: not to be guessed, so a plain hash of it may be kept.
func newToken() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // it does not fail, or ends the program
	return base64.RawURLEncoding.EncodeToString(b)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// SetTrial puts a version on trial, in place of the one that was, and makes a link to it. Links made before stay good: they open
// the version that is on trial, for testers. Members who may upload versions call it.
// Errors: not_found; denied; unavailable.
func (s *Service) SetTrial(ctx context.Context, actor access.Actor, app, version string) (Link, error) {
	org, err := actor.InApp(ctx, app, ActionUpload)
	if err != nil {
		return Link{}, err
	}
	return s.Try(ctx, ByActor(actor, org), app, version)
}

// Try is SetTrial by somebody who may.
func (s *Service) Try(ctx context.Context, by By, app, version string) (Link, error) {
	link := Link{App: app, Version: version, Token: newToken()}
	err := s.db.Update(ctx, func(tx db.Tx) error {
		q := releasedb.New(tx)
		v, err := findVersion(ctx, tx, app, version)
		if err != nil {
			return err
		}
		now := clock.Millis(s.clock)
		if _, err := q.SetTrial(ctx, releasedb.SetTrialParams{ID: app, TrialVersion: version, ChangedAt: now}); err != nil {
			return err
		}
		if err := q.AddTicket(ctx, releasedb.AddTicketParams{Hash: hashToken(link.Token), AppID: app, MadeBy: by.id(), CreatedAt: now}); err != nil {
			return err
		}
		if err := q.PruneLinks(ctx, app); err != nil { // of the most recently used ones 200 stay
			return err
		}
		return s.note(ctx, tx, by, "trial.set", app, map[string]string{"version": version, "number": strconv.FormatInt(v.Number, 10)})
	})
	if err != nil {
		return Link{}, err
	}
	return link, nil
}

// EndTrial ends an app's trial; all links to it are void. The same members may call it as SetTrial.
// Errors: not_found; denied; conflict when nothing is on trial; unavailable.
func (s *Service) EndTrial(ctx context.Context, actor access.Actor, app string) error {
	org, err := actor.InApp(ctx, app, ActionUpload)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx db.Tx) error {
		q := releasedb.New(tx)
		a, err := findApp(ctx, tx, app)
		if err != nil {
			return err
		}
		if a.Trial == "" {
			return fault.Conflict(noTrialToEnd)
		}
		if _, err := q.SetTrial(ctx, releasedb.SetTrialParams{ID: app, ChangedAt: clock.Millis(s.clock)}); err != nil {
			return err
		}
		if err := q.WithdrawLinks(ctx, app); err != nil {
			return err
		}
		return s.note(ctx, tx, ByActor(actor, org), "trial.ended", app, map[string]string{"version": a.Trial})
	})
}

// Tester is somebody who may open the trial version.
type Tester struct {
	ID        string
	Phone     string // +8613800138000
	Name      string
	CreatedAt int64 // unix ms
}

// Testers lists an app's testers. Members who may see the app call it.
// Errors: not_found; denied; unavailable.
func (s *Service) Testers(ctx context.Context, actor access.Actor, app string) ([]Tester, error) {
	if _, err := actor.InApp(ctx, app, ActionRead); err != nil {
		return nil, err
	}
	var out []Tester
	err := s.db.View(ctx, func(tx db.Tx) error {
		rows, err := releasedb.New(tx).Testers(ctx, app)
		out = make([]Tester, len(rows))
		for i, r := range rows {
			out[i] = Tester{r.ID, r.Phone, r.Name, r.CreatedAt}
		}
		return err
	})
	return out, err
}

// AddTester lets the consumer who signs in with a phone number open the trial version. The same members may call it as SetTrial.
// Errors: not_found; denied; invalid with every field that is wrong; conflict when the number is there; exhausted with 100
// testers; unavailable.
func (s *Service) AddTester(ctx context.Context, actor access.Actor, app, phone, name string) (Tester, error) {
	org, err := actor.InApp(ctx, app, ActionUpload)
	if err != nil {
		return Tester{}, err
	}
	var c fault.Checks
	number, ok := parsePhone(phone)
	c.Require(ok, "phone", noPhone, fault.Cut(phone, 60))
	name = c.Line("name", name, maxTesterName)
	c.Require(name != "", "name", testerNameMissing)
	if err := c.Err(); err != nil {
		return Tester{}, err
	}
	t := Tester{ID: id.New(TesterPrefix), Phone: number, Name: name, CreatedAt: clock.Millis(s.clock)}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		q := releasedb.New(tx)
		have, err := q.CountTesters(ctx, app)
		if err != nil {
			return err
		}
		if have >= maxTesters {
			return fault.Exhausted(tooManyTesters, have)
		}
		n, err := q.AddTester(ctx, releasedb.AddTesterParams{ID: t.ID, AppID: app, Phone: number, Name: name, CreatedAt: t.CreatedAt})
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict(testerThere, number)
		}
		return s.note(ctx, tx, ByActor(actor, org), "tester.added", app, map[string]string{"tester": t.ID, "name": name})
	})
	if err != nil {
		return Tester{}, err
	}
	return t, nil
}

// RemoveTester takes that back. The same members may call it as SetTrial.
// Errors: not_found; denied; unavailable.
func (s *Service) RemoveTester(ctx context.Context, actor access.Actor, app, tester string) error {
	org, err := actor.InApp(ctx, app, ActionUpload)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx db.Tx) error {
		n, err := releasedb.New(tx).RemoveTester(ctx, releasedb.RemoveTesterParams{AppID: app, ID: tester})
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.NotFound(noTester, fault.Cut(tester, 60))
		}
		return s.note(ctx, tx, ByActor(actor, org), "tester.removed", app, map[string]string{"tester": tester})
	})
}

// parsePhone answers a mobile number of mainland China in its one spelling, whatever people put between the digits.
func parsePhone(s string) (string, bool) {
	if len(s) > 60 {
		return "", false
	}
	s = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "\u00a0", "").Replace(norm.NFKC.String(strings.TrimSpace(s)))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "+86"), "0086")
	if len(s) == 13 {
		s = strings.TrimPrefix(s, "86")
	}
	if len(s) != 11 || s[0] != '1' || s[1] < '3' {
		return "", false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return "", false
		}
	}
	return "+86" + s, true
}

// Preview makes a link that opens a version, whatever its state, for an hour and for whoever has it. Members who may see the
// app call it.
// Errors: not_found; denied; exhausted with too many links alive; unavailable.
func (s *Service) Preview(ctx context.Context, actor access.Actor, app, version string) (Link, error) {
	org, err := actor.InApp(ctx, app, ActionRead)
	if err != nil {
		return Link{}, err
	}
	return s.preview(ctx, actor, org, app, version, false)
}

// PreviewAny is Preview for the operator: of any version of any app, suspended ones too. Members who may review versions call it.
// Errors: denied; not_found; exhausted; unavailable.
func (s *Service) PreviewAny(ctx context.Context, actor access.Actor, app, version string) (Link, error) {
	if err := actor.OnPlatform(ctx, ActionReview); err != nil {
		return Link{}, err
	}
	a, err := s.App(ctx, app)
	if err != nil {
		return Link{}, err
	}
	return s.preview(ctx, actor, a.Org, app, version, true)
}

func (s *Service) preview(ctx context.Context, actor access.Actor, org, app, version string, operator bool) (Link, error) {
	now := s.clock.Now()
	link := Link{App: app, Version: version, Token: newToken(), ExpiresAt: now.Add(PreviewTime).UnixMilli()}
	err := s.db.Update(ctx, func(tx db.Tx) error {
		q := releasedb.New(tx)
		v, err := findVersion(ctx, tx, app, version)
		if err != nil {
			return err
		}
		if err := q.ForgetTickets(ctx, now.Add(-keepExpired).UnixMilli()); err != nil {
			return err
		}
		alive, err := q.CountTickets(ctx, releasedb.CountTicketsParams{AppID: app, ExpiresAt: now.UnixMilli()})
		if err != nil {
			return err
		}
		if alive >= maxPreviews && !operator {
			return fault.Exhausted(tooManyPreviews, alive)
		}
		if err := q.AddTicket(ctx, releasedb.AddTicketParams{
			Hash: hashToken(link.Token), AppID: app, VersionID: version, Operator: operator, MadeBy: actor.ActorID(),
			CreatedAt: now.UnixMilli(), ExpiresAt: link.ExpiresAt,
		}); err != nil {
			return err
		}
		return s.note(ctx, tx, ByActor(actor, org), "version.previewed", version, map[string]string{"app": app, "number": strconv.FormatInt(v.Number, 10)})
	})
	if err != nil {
		return Link{}, err
	}
	return link, nil
}

// Opened is a version that a link opened.
type Opened struct {
	App      App
	Version  Version
	Manifest *build.Manifest // shared: do not change it
	Preview  bool            // by a preview link, not a trial
}

// Open finds the version that the token of a link opens. consumer is who has signed in, "" for nobody: a trial opens for testers
// alone, a preview for whoever has the link. Anybody may call it.
// Errors: not_found for a token that is no good, an app without a trial and a suspended app; unauthenticated for a trial and
// nobody; denied for a preview whose time is over, and for somebody who is no tester; unavailable.
func (s *Service) Open(ctx context.Context, app, token, consumer string) (Opened, error) {
	if len(token) > 100 {
		return Opened{}, fault.NotFound(badTicket)
	}
	hash, now := hashToken(token), s.clock.Now()
	var ticket releasedb.ReleaseTicket
	var out Opened
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		if ticket, err = releasedb.New(tx).Ticket(ctx, releasedb.TicketParams{Hash: hash, AppID: app}); err != nil {
			return orNotFound(err, badTicket)
		}
		if out.App, err = findApp(ctx, tx, app); err != nil {
			return err
		}
		version := ticket.VersionID
		if out.Preview = version != ""; !out.Preview {
			version = out.App.Trial
		}
		switch {
		case out.Preview && ticket.ExpiresAt <= now.UnixMilli():
			return fault.Denied(previewOver)
		case out.App.SuspendedAt != 0 && !ticket.Operator:
			return fault.NotFound(takenOff, out.App.Name)
		case version == "":
			return fault.NotFound(noTrial, out.App.Name)
		}
		out.Version, err = findVersion(ctx, tx, app, version)
		return err
	})
	if err == nil && !out.Preview {
		err = s.checkTester(ctx, out.App, consumer)
	}
	if err != nil {
		return Opened{}, err
	}
	if !out.Preview && now.UnixMilli()-ticket.UsedAt > usedEvery.Milliseconds() {
		err := s.db.Update(ctx, func(tx db.Tx) error {
			return releasedb.New(tx).UseTicket(ctx, releasedb.UseTicketParams{Hash: hash, UsedAt: now.UnixMilli()})
		})
		if err != nil {
			return Opened{}, err
		}
	}
	out.Manifest, err = s.Manifest(ctx, out.Version.ID)
	return out, err
}

// checkTester says whether a consumer is among the testers of an app.
func (s *Service) checkTester(ctx context.Context, app App, consumer string) error {
	if consumer == "" {
		return fault.Unauthenticated(signInToTry, app.Name)
	}
	if s.phones == nil {
		return fault.Denied(notTester, app.Name)
	}
	phone, err := s.phones.PhoneOf(ctx, consumer)
	if err != nil && !fault.Is(err, fault.CodeNotFound) {
		return err
	}
	number, ok := parsePhone(phone)
	if !ok {
		return fault.Denied(notTester, app.Name)
	}
	return s.db.View(ctx, func(tx db.Tx) error {
		_, err := releasedb.New(tx).TesterByPhone(ctx, releasedb.TesterByPhoneParams{AppID: app.ID, Phone: number})
		if f := orNotFound(err, notTester, app.Name); fault.Is(f, fault.CodeNotFound) {
			return fault.Denied(notTester, app.Name)
		}
		return err
	})
}
