package review

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
	"minimart/program/pkgfile"
	"minimart/program/release"
	"minimart/program/review/reviewdb"
	"minimart/program/safety"
)

// Schema are the room's migrations: db.Migrate(ctx, "review", review.Schema).
//
//go:embed schema/*.sql
var Schema embed.FS

// What this room asks about the people in consoles.
const (
	ActionRead         access.Action = "program.read"
	ActionSubmit       access.Action = "version.submit"
	ActionReadPlatform access.Action = "platform.read"
	ActionReview       access.Action = "version.review"
)

// Capabilities say what an API needs and what an app has. open/capability is them.
type Capabilities interface {
	// Needed is the capability an API ("getPhoneNumber") or a component ("button.open-type=getPhoneNumber") needs.
	Needed(use string) (capability string, ok bool)
	Allowed(ctx context.Context, app, capability string) (bool, error)
}

// Standing says whether an organisation may submit at all.
// Errors: denied or conflict, for the developer to read, when it may not: it was never verified, or is suspended.
type Standing interface {
	MaySubmit(ctx context.Context, org, app string) error
}

// Config is what a service needs. Capabilities may be nil, and then nothing is gated; Standing may be nil, and then only a
// suspended app cannot submit; Safety is [safety.Default] when it is nil.
type Config struct {
	DB           *db.DB
	Releases     *release.Service
	Capabilities Capabilities
	Standing     Standing
	Safety       *safety.Checker
	Log          access.Log
	Clock        clock.Clock    // default clock.System
	Limits       pkgfile.Limits // those packages are uploaded under; the zero value is pkgfile's own
}

// Service is the operations of the room. It is safe for concurrent use.
type Service struct {
	with    Config
	looking chan struct{} // turns
}

// atOnce is how many versions are looked over at the same time: each takes a processor, and up to some hundred megabytes.
const atOnce = 2

// patience is how long a submission waits for its turn.
const patience = 15 * time.Second

// New is the service over a database that was migrated with Schema.
func New(c Config) *Service {
	if c.Safety == nil {
		c.Safety = safety.Default()
	}
	if c.Clock == nil {
		c.Clock = clock.System
	}
	return &Service{with: c, looking: make(chan struct{}, atOnce)}
}

// Submit hands a version to the operator. It is looked over first; then, in one transaction, it moves to review, and is locked
// there until it is decided or withdrawn. A rejected version may be submitted again: what was wrong may lie outside of it, in
// domains, statements or capabilities. Members who may submit versions call it.
// Errors: not_found; denied; invalid for the note; conflict when the version is in another state or the app is suspended;
// exhausted when it was tried too often; what [Standing] says; unavailable.
func (s *Service) Submit(ctx context.Context, actor access.Actor, app, version, note string) (Review, error) {
	org, err := actor.InApp(ctx, app, ActionSubmit)
	if err != nil {
		return Review{}, err
	}
	var c fault.Checks
	note = c.Text("note", note, maxNote)
	if err := c.Err(); err != nil {
		return Review{}, err
	}
	if id.Check(release.VersionPrefix, version) != nil {
		return Review{}, fault.NotFound(noVersion, fault.Cut(version, 60))
	}
	subject, err := s.admit(ctx, org, app, version)
	if err != nil {
		return Review{}, err
	}
	looked, err := s.look(ctx, subject)
	if err != nil {
		return Review{}, err
	}
	row := reviewdb.SubmitParams{
		ID: id.New(Prefix), OrgID: org, AppID: app, AppName: subject.app.Name, SearchText: db.Fold(subject.app.Name + "\n" + subject.version.Label),
		VersionID: version, Number: subject.version.Number, Label: subject.version.Label, Note: note, Rules: s.with.Safety.Version(),
		SubmittedBy: actor.ActorID(),
	}
	for _, f := range looked.findings.Items {
		switch f.Severity {
		case safety.High:
			row.High++
		case safety.Medium:
			row.Medium++
		default:
			row.Low++
		}
	}
	report := reviewdb.AddReportParams{ReviewID: row.ID, AppID: app}
	for to, from := range map[*string]any{&report.Settings: settingsOf(subject.app), &report.Findings: looked.findings, &report.Diff: looked.diff} {
		b, err := json.Marshal(from)
		if err != nil {
			return Review{}, err
		}
		*to = string(b)
	}
	var out Review
	err = s.with.DB.Update(ctx, func(tx db.Tx) error {
		q := reviewdb.New(tx)
		if _, err := s.with.Releases.MoveVersion(ctx, tx, app, version, []release.State{release.StateDevelopment, release.StateRejected}, release.StateInReview); err != nil {
			return err
		}
		rounds, err := q.Rounds(ctx, reviewdb.RoundsParams{AppID: app, VersionID: version})
		if err != nil {
			return err
		}
		row := row // this may run twice
		row.Round, row.SubmittedAt = rounds+1, clock.Millis(s.with.Clock)
		if err := q.Submit(ctx, row); err != nil {
			return err
		}
		if err := q.AddReport(ctx, report); err != nil {
			return err
		}
		stored, err := q.Review(ctx, row.ID)
		if err != nil {
			return err
		}
		if out, err = reviewOf(stored); err != nil {
			return err
		}
		if err := s.record(ctx, tx, access.Done(actor, org, "version.submitted", version, map[string]string{
			"app": app, "review": out.ID, "number": strconv.FormatInt(out.Number, 10), "round": strconv.FormatInt(out.Round, 10),
		})); err != nil {
			return err
		}
		return tx.Emit(ctx, TopicSubmitted, out.ID, Submitted{out.ID, org, app, version, out.Number, out.Round, out.SubmittedAt})
	})
	if err != nil {
		return Review{}, err
	}
	return out, nil
}

func (s *Service) record(ctx context.Context, tx db.Tx, e access.Entry) error {
	if s.with.Log == nil {
		return nil
	}
	return s.with.Log.Record(ctx, tx, e)
}

// subject is what is looked over.
type subject struct {
	app     release.App
	version release.Version
}

// admit says whether a version may be submitted, before anything costly is done for it. What can change meanwhile, its state,
// is decided again where it matters.
func (s *Service) admit(ctx context.Context, org, app, version string) (out subject, err error) {
	if out.version, err = s.with.Releases.Version(ctx, app, version); err != nil {
		return out, err
	}
	if out.app, err = s.with.Releases.App(ctx, app); err != nil {
		return out, err
	}
	switch {
	case out.app.SuspendedAt != 0:
		return out, fault.Conflict(appSuspended)
	case out.version.State != release.StateDevelopment && out.version.State != release.StateRejected:
		return out, fault.Conflict(notSubmittable, out.version.Number, out.version.State)
	}
	if s.with.Standing != nil {
		if err := s.with.Standing.MaySubmit(ctx, org, app); err != nil {
			return out, err
		}
	}
	const day = 24 * time.Hour
	since := s.with.Clock.Now().Add(-day).UnixMilli()
	err = s.with.DB.View(ctx, func(tx db.Tx) error {
		n, err := reviewdb.New(tx).SubmittedSince(ctx, reviewdb.SubmittedSinceParams{AppID: app, SubmittedAt: since})
		if err == nil && n >= maxDaily {
			err = fault.Exhausted(tooOften, n).WithRetryAfter(day)
		}
		return err
	})
	return out, err
}

// looked is what is worked out when a version is submitted.
type looked struct {
	findings Findings
	diff     Diff
}

// look works out what a reviewer sees. It waits for its turn.
func (s *Service) look(ctx context.Context, sub subject) (looked, error) {
	turn := time.NewTimer(patience)
	defer turn.Stop()
	select {
	case s.looking <- struct{}{}:
		defer func() { <-s.looking }()
	case <-turn.C:
		return looked{}, fault.Unavailable(busy).WithRetryAfter(patience)
	case <-ctx.Done():
		return looked{}, ctx.Err()
	}
	now, err := s.gather(ctx, sub.version.ID)
	if err != nil {
		return looked{}, err
	}
	against, before, had, err := s.baseline(ctx, sub)
	if err != nil {
		return looked{}, err
	}
	if now == nil { // nothing of it was kept: the reviewer is told, and that is all there is to tell
		found := &findings{}
		found.add(PackageUnread, safety.High, Place{}, sub.version.ID)
		empty := &facts{pkg: pkgfile.New(pkgfile.JD, nil)}
		out := looked{found.sorted(), compare(nil, empty, had, settingsOf(sub.app))}
		out.diff.Against, out.diff.Missing = against, true
		return out, nil
	}
	in := &inspection{facts: now, app: sub.app, safety: s.with.Safety, gates: map[string]string{}, granted: map[string]bool{}}
	if err := s.gates(ctx, in); err != nil {
		return looked{}, err
	}
	out := looked{findings: in.inspect(), diff: compare(before, now, had, settingsOf(sub.app))}
	out.diff.Against, out.diff.Missing = against, against != nil && before == nil
	return out, ctx.Err()
}

// gates asks what the names a package uses need, and what of it the app has.
func (s *Service) gates(ctx context.Context, in *inspection) error {
	if s.with.Capabilities == nil {
		return nil
	}
	for _, group := range []map[string]*use{in.facts.apis, in.facts.components} {
		for name := range group {
			capability, ok := s.with.Capabilities.Needed(name)
			if !ok {
				continue
			}
			in.gates[name] = capability
			if _, asked := in.granted[capability]; asked {
				continue
			}
			allowed, err := s.with.Capabilities.Allowed(ctx, in.app.ID, capability)
			if err != nil {
				return err
			}
			in.granted[capability] = allowed
		}
	}
	return nil
}

// gather reads the source of a version; nil when none was kept.
func (s *Service) gather(ctx context.Context, version string) (*facts, error) {
	files, err := s.with.Releases.Source(ctx, version)
	if fault.Is(err, fault.CodeNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	pkg, err := repack(files, s.with.Limits)
	if err != nil {
		return nil, fmt.Errorf("review: the source of %s: %w", version, err)
	}
	return gather(pkg, func(api string) bool {
		if len(release.PrivacyOfAPI(api)) > 0 {
			return true
		}
		if s.with.Capabilities == nil {
			return false
		}
		_, ok := s.with.Capabilities.Needed(api)
		return ok
	}), nil
}

// repack reads a package from files that were read before.
func repack(files map[string][]byte, limits pkgfile.Limits) (*pkgfile.Package, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(files[name]); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	pkg, list := pkgfile.ReadZip(bytes.NewReader(out.Bytes()), int64(out.Len()), limits)
	if pkg == nil {
		return nil, list.Err()
	}
	return pkg, nil
}

// baseline is the version that is out: what it holds, and what was set when it was approved. What was set is not known for one
// that came out without a review; then all that is set now counts as new.
func (s *Service) baseline(ctx context.Context, sub subject) (*VersionRef, *facts, settings, error) {
	out, is, err := s.with.Releases.ReleasedVersion(ctx, sub.app.ID)
	if err != nil || !is || out.ID == sub.version.ID {
		return nil, nil, settings{}, err
	}
	ref := &VersionRef{out.ID, out.Number, out.Label}
	var had settings
	err = s.with.DB.View(ctx, func(tx db.Tx) error {
		text, err := reviewdb.New(tx).ApprovedSettings(ctx, reviewdb.ApprovedSettingsParams{AppID: sub.app.ID, VersionID: out.ID})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		had = settings{}
		return json.Unmarshal([]byte(text), &had)
	})
	if err != nil {
		return nil, nil, settings{}, err
	}
	before, err := s.gather(ctx, out.ID)
	return ref, before, had, err
}

// Withdraw takes a submission back; the version is in development again. Members who may submit versions call it.
// Errors: not_found; denied; conflict when the version is not in review; unavailable.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, app, version string) (Review, error) {
	org, err := actor.InApp(ctx, app, ActionSubmit)
	if err != nil {
		return Review{}, err
	}
	if id.Check(release.VersionPrefix, version) != nil {
		return Review{}, fault.NotFound(noVersion, fault.Cut(version, 60))
	}
	if _, err := s.with.Releases.Version(ctx, app, version); err != nil {
		return Review{}, err
	}
	var out Review
	err = s.with.DB.Update(ctx, func(tx db.Tx) error {
		q := reviewdb.New(tx)
		latest, err := q.LatestOf(ctx, reviewdb.LatestOfParams{AppID: app, VersionID: version})
		if errors.Is(err, sql.ErrNoRows) || err == nil && State(latest.State) != Pending {
			return fault.Conflict(nothingPending, fault.Cut(version, 60))
		}
		if err != nil {
			return err
		}
		if out, err = s.end(ctx, tx, latest.ID, Withdrawn, actor.ActorID(), []Reason{}); err != nil {
			return err
		}
		if _, err := s.with.Releases.MoveVersion(ctx, tx, app, version, []release.State{release.StateInReview}, release.StateDevelopment); err != nil {
			return err
		}
		if err := s.record(ctx, tx, access.Done(actor, org, "version.withdrawn", version, map[string]string{
			"app": app, "review": out.ID, "number": strconv.FormatInt(out.Number, 10),
		})); err != nil {
			return err
		}
		return emitEnded(ctx, tx, TopicWithdrawn, out)
	})
	if err != nil {
		return Review{}, err
	}
	return out, nil
}

// end ends a review that is pending. Of two who end it at once, one does, and the other learns how.
func (s *Service) end(ctx context.Context, tx db.Tx, review string, state State, by string, reasons []Reason) (Review, error) {
	text, err := json.Marshal(reasons)
	if err != nil {
		return Review{}, err
	}
	q := reviewdb.New(tx)
	row, err := q.End(ctx, reviewdb.EndParams{ID: review, State: string(state), EndedBy: by, EndedAt: clock.Millis(s.with.Clock), Reasons: string(text)})
	if errors.Is(err, sql.ErrNoRows) {
		row, err := q.Review(ctx, review)
		if errors.Is(err, sql.ErrNoRows) {
			return Review{}, fault.NotFound(noReview, fault.Cut(review, 60))
		}
		if err != nil {
			return Review{}, err
		}
		return Review{}, fault.Conflict(reviewEnded, row.State)
	}
	if err != nil {
		return Review{}, err
	}
	return reviewOf(row)
}

func emitEnded(ctx context.Context, tx db.Tx, topic string, r Review) error {
	return tx.Emit(ctx, topic, r.ID, Ended{r.ID, r.Org, r.App, r.Version, r.Number, r.State, r.Reasons, r.EndedAt})
}

// Told is a review as its developer sees it.
type Told struct {
	Review
	Findings Findings
}

// Latest is the newest review of a version, with its reasons and findings. Members who may see the program call it.
// Errors: not_found, also when the version was never submitted; denied; unavailable.
func (s *Service) Latest(ctx context.Context, actor access.Actor, app, version string) (Told, error) {
	if _, err := actor.InApp(ctx, app, ActionRead); err != nil {
		return Told{}, err
	}
	if id.Check(release.VersionPrefix, version) != nil {
		return Told{}, fault.NotFound(neverSubmitted, fault.Cut(version, 60))
	}
	var out Told
	err := s.with.DB.View(ctx, func(tx db.Tx) error {
		q := reviewdb.New(tx)
		row, err := q.LatestOf(ctx, reviewdb.LatestOfParams{AppID: app, VersionID: version})
		if errors.Is(err, sql.ErrNoRows) {
			return fault.NotFound(neverSubmitted, fault.Cut(version, 60))
		}
		if err != nil {
			return err
		}
		report, err := q.Report(ctx, row.ID)
		if err != nil {
			return err
		}
		if out.Review, err = reviewOf(row); err != nil {
			return err
		}
		out.Findings = Findings{}
		return json.Unmarshal([]byte(report.Findings), &out.Findings)
	})
	if err != nil {
		return Told{}, err
	}
	return out, nil
}
