package release

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
	"minimart/program/build"
	"minimart/program/release/releasedb"
)

// Current is the version of an app that somebody gets.
type Current struct {
	App        App
	Version    Version
	Manifest   *build.Manifest // shared: do not change it
	ReleasedAt int64           // unix ms
}

// Promote makes version the one everybody gets, without a review: for programs that come with the platform. An active
// rollout stops. Promoting the version that is out already changes nothing. It tells by the events release.promoted and
// release.step.
// Errors: not_found for the app or the version; unavailable.
func (s *Service) Promote(ctx context.Context, app, version string) error {
	return s.db.Update(ctx, func(tx db.Tx) error {
		a, err := findApp(ctx, tx, app)
		if err != nil {
			return err
		}
		v, err := findVersion(ctx, tx, app, version)
		if err != nil {
			return err
		}
		previous, err := pointer(ctx, tx, app)
		if err != nil || previous.VersionID == version {
			return err
		}
		if err := s.stopRollout(ctx, tx, app); err != nil {
			return err
		}
		if err := s.approve(ctx, tx, v); err != nil {
			return err
		}
		return s.goOut(ctx, tx, By{Org: a.Org}, v, Record{Step: StepPublished, Share: Everybody})
	})
}

// approve moves a version to where it may go out from, whatever it is.
func (s *Service) approve(ctx context.Context, tx db.Tx, v Version) error {
	if v.State == StateDevelopment || v.State == StateRejected {
		if _, err := s.MoveVersion(ctx, tx, v.App, v.ID, []State{StateDevelopment, StateRejected}, StateInReview); err != nil {
			return err
		}
		v.State = StateInReview
	}
	if v.State == StateInReview {
		_, err := s.MoveVersion(ctx, tx, v.App, v.ID, []State{StateInReview}, StateApproved)
		return err
	}
	return nil
}

// goOut makes v the version everybody gets and records the step.
func (s *Service) goOut(ctx context.Context, tx db.Tx, by By, v Version, r Record) error {
	q := releasedb.New(tx)
	if err := s.released(ctx, tx, v); err != nil {
		return err
	}
	before, err := pointer(ctx, tx, v.App)
	if err != nil {
		return err
	}
	now, sequence := clock.Millis(s.clock), before.Sequence+1
	if err := q.SetPointer(ctx, releasedb.SetPointerParams{AppID: v.App, VersionID: v.ID, Sequence: sequence, ReleasedAt: now}); err != nil {
		return err
	}
	if err := q.WentOut(ctx, releasedb.WentOutParams{AppID: v.App, ID: v.ID, OutAt: now}); err != nil {
		return err
	}
	err = tx.Emit(ctx, TopicPromoted, fmt.Sprintf("%s:r%d", v.App, sequence), Promoted{App: v.App, Version: v.ID, Number: v.Number, Previous: before.VersionID, At: now})
	if err != nil {
		return err
	}
	r.App, r.Version, r.VersionNumber, r.Label, r.Previous = v.App, v.ID, v.Number, v.Label, before.VersionID
	return s.record(ctx, tx, by, r)
}

// released moves an approved version on when it first goes out, to whomever.
func (s *Service) released(ctx context.Context, tx db.Tx, v Version) error {
	row, err := releasedb.New(tx).Version(ctx, releasedb.VersionParams{AppID: v.App, ID: v.ID})
	if err != nil || State(row.State) == StateReleased {
		return err
	}
	_, err = s.MoveVersion(ctx, tx, v.App, v.ID, []State{StateApproved}, StateReleased)
	return err
}

// pointer is which version everybody gets; its VersionID is "" when none is out.
func pointer(ctx context.Context, tx db.Tx, app string) (releasedb.ReleasePointer, error) {
	p, err := releasedb.New(tx).Pointer(ctx, app)
	if errors.Is(err, sql.ErrNoRows) {
		return releasedb.ReleasePointer{}, nil
	}
	return p, err
}

// Released is what everybody gets of an app now. Anybody may call it.
// Errors: not_found when there is no such app, nothing of it is out to everybody, or it is suspended; unavailable.
func (s *Service) Released(ctx context.Context, app string) (Current, error) {
	return s.ReleasedTo(ctx, app, "")
}

// ReleasedTo is what a device gets of an app now: the version of a staged release if the device is among its share, else the
// one everybody gets. A device without a name, "", is in no share. Anybody may call it.
// Errors: not_found when there is no such app, nothing of it is out to the device, or it is suspended; unavailable.
func (s *Service) ReleasedTo(ctx context.Context, app, device string) (Current, error) {
	var out Current
	err := s.db.View(ctx, func(tx db.Tx) error {
		a, err := findApp(ctx, tx, app)
		if fault.Is(err, fault.CodeNotFound) { // reads like one that is not out: strangers learn of neither
			err = fault.NotFound(notReleased, fault.Cut(app, 60))
		}
		if err != nil {
			return err
		}
		if a.SuspendedAt != 0 {
			return fault.NotFound(takenOff, a.Name)
		}
		p, err := pointer(ctx, tx, app)
		if err != nil {
			return err
		}
		r, staged, err := activeRollout(ctx, tx, app)
		if err != nil {
			return err
		}
		version, at := p.VersionID, p.ReleasedAt
		if staged && InShare(app, r.ID, device, r.Share) {
			version, at = r.Version, r.CreatedAt
		}
		switch {
		case version == "" && staged:
			return fault.NotFound(notToYou, a.Name)
		case version == "":
			return fault.NotFound(notReleased, fault.Cut(app, 60))
		}
		v, err := findVersion(ctx, tx, app, version)
		out = Current{App: a, Version: v, ReleasedAt: at}
		return err
	})
	if err != nil {
		return Current{}, err
	}
	out.Manifest, err = s.Manifest(ctx, out.Version.ID)
	return out, err
}

// ReleasedVersion is the version everybody gets of an app, also while the app is suspended; false when none is out. The review
// room calls it.
// Errors: unavailable.
func (s *Service) ReleasedVersion(ctx context.Context, app string) (v Version, out bool, err error) {
	err = s.db.View(ctx, func(tx db.Tx) error {
		p, err := pointer(ctx, tx, app)
		if out = p.VersionID != ""; err != nil || !out {
			return err
		}
		v, err = findVersion(ctx, tx, app, p.VersionID)
		return err
	})
	return v, out && err == nil, err
}

// RequestDomains are the origins the app's programs may send requests to: those of an app that somebody can open, be it
// everybody, a share, its testers or somebody with a preview.
// Errors: not_found when there is no such app, nobody can open it, or it is suspended; unavailable.
func (s *Service) RequestDomains(ctx context.Context, app string) ([]string, error) {
	var d Domains
	err := s.db.View(ctx, func(tx db.Tx) error {
		text, err := releasedb.New(tx).Reachable(ctx, releasedb.ReachableParams{ID: app, Now: clock.Millis(s.clock)})
		if err != nil {
			return orNotFound(err, notReleased, fault.Cut(app, 60))
		}
		return json.Unmarshal([]byte(text), &d)
	})
	return d.Request, err
}

// Frame are the domains of an app for the document its programs are drawn in: of any version, whoever may open it. Whoever
// knows the id of a version has its launch manifest; the document itself holds nothing of it.
// Errors: not_found; unavailable.
func (s *Service) Frame(ctx context.Context, app, version string) (Domains, error) {
	var a App
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		if a, err = findApp(ctx, tx, app); fault.Is(err, fault.CodeNotFound) { // the same as without the version
			err = fault.NotFound(noVersion, fault.Cut(app, 60), fault.Cut(version, 60))
		}
		if err != nil {
			return err
		}
		_, err = findVersion(ctx, tx, app, version)
		return err
	})
	return a.Domains, err
}

// Listing is a released app in a list.
type Listing struct {
	App        string
	Name       string
	Icon       string // name of a delivered file, "" for none
	Summary    string
	Version    string
	Number     int64
	Label      string
	ReleasedAt int64 // unix ms
}

// Wanted says which released apps a list is to have.
type Wanted struct {
	Query  string   // part of a name, in any case and width
	Device string   // for whom: staged releases count if the device is in their share
	Among  []string // ids of apps, nil for all; they need not exist
}

// listRounds bounds how many pages of rows one page of a list may read: apps whose first release is staged for others are
// left out of it.
const listRounds = 5

// List pages through the released apps, the newest app first. It answers up to limit (1 to 100) of them, and the cursor of
// the next page, "" at the end; a page may have less than limit before the end. Anybody may call it.
// Errors: invalid for a cursor that List did not give; unavailable.
func (s *Service) List(ctx context.Context, w Wanted, cursor string, limit int) (page []Listing, next string, err error) {
	if cursor != "" && id.Check(AppPrefix, cursor) != nil {
		return nil, "", fault.Invalid("cursor", badCursor, fault.Cut(cursor, 60))
	}
	if len(w.Query) > 4*maxName || w.Among != nil && len(w.Among) == 0 {
		return nil, "", nil // longer than any name; among none
	}
	among := ""
	if w.Among != nil {
		among = "|" + strings.Join(w.Among, "|") + "|"
	}
	limit = clamp(limit)
	err = s.db.View(ctx, func(tx db.Tx) error {
		page, next = nil, ""
		before := cursor
		for range listRounds {
			rows, err := releasedb.New(tx).ListOut(ctx, releasedb.ListOutParams{Before: before, Pattern: db.Containing(w.Query), Among: among, Most: int32(limit + 1)})
			if err != nil {
				return err
			}
			for _, r := range rows {
				l, ok := listing(r, w.Device)
				if ok && len(page) == limit {
					next = before
					return nil
				}
				before = r.ID
				if ok {
					page = append(page, l)
				}
			}
			if len(rows) <= limit {
				return nil
			}
		}
		next = before
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	return page, next, nil
}

// listing is what a device gets of an app; false for nothing.
func listing(r releasedb.ListOutRow, device string) (Listing, bool) {
	l := Listing{App: r.ID, Name: r.Name, Icon: r.Icon, Summary: r.Summary, Version: r.VersionID, Number: r.Number, Label: r.Label, ReleasedAt: r.ReleasedAt}
	if r.RolloutID != "" && InShare(r.ID, r.RolloutID, device, r.Share) {
		l.Version, l.Number, l.Label, l.ReleasedAt = r.NextID, r.NextNumber, r.NextLabel, r.StagedAt
	}
	return l, l.Version != ""
}

// orNotFound makes "no rows" a fault.
func orNotFound(err error, format string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFound(format, args...)
	}
	return err
}
