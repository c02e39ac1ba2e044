package release

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"

	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
	"minimart/program/release/releasedb"
)

// Everybody is the share of a release that is not staged: a million of a million devices.
const Everybody = 1_000_000

// Rollout is a staged release: a version for a share of the devices, while the others keep what they have.
type Rollout struct {
	ID        string
	App       string
	Version   string
	Share     int64 // ppm of devices
	State     RolloutState
	CreatedAt int64 // unix ms
	ChangedAt int64 // unix ms
}

// RolloutState is where a staged release stands.
type RolloutState string

// The states of a staged release.
const (
	RolloutActive   RolloutState = "active"
	RolloutComplete RolloutState = "complete" // its version became the one everybody gets
	RolloutStopped  RolloutState = "stopped"
)

// InShare says whether a device gets the version of a staged release: the first eight bytes of a SHA-256 over app, rollout
// and device, modulo a million, are below its share. So a larger share has all the devices a smaller one had, and each
// rollout takes others first. A device without a name is in no share.
func InShare(app, rollout, device string, share int64) bool {
	if device == "" {
		return false
	}
	sum := sha256.Sum256([]byte(app + "\x00" + rollout + "\x00" + device))
	return int64(binary.BigEndian.Uint64(sum[:8])%Everybody) < share
}

// Step is something that happened to the releases of an app.
type Step string

// The steps.
const (
	StepPublished  Step = "published"   // by the platform itself, without a review
	StepStaged     Step = "staged"      // to a share
	StepRaised     Step = "raised"      // to a larger one
	StepReleased   Step = "released"    // to everybody
	StepStopped    Step = "stopped"     // the staged release; everybody is back at what was out
	StepRolledBack Step = "rolled-back" // to an earlier version
	StepSuspended  Step = "suspended"   // the app, by the operator
	StepResumed    Step = "resumed"
)

// Record is one step in the history of an app's releases.
type Record struct {
	ID             string
	App            string
	Number         int64 // 1, 2, 3 … within the app
	Step           Step
	Version        string // "" when the step is about the app
	VersionNumber  int64
	Label          string
	Previous       string // version everybody had before, "" for none
	PreviousNumber int64
	Rollout        string // "" when there was none
	Share          int64  // ppm
	Reason         string
	Actor          string // person, "" for the platform itself
	At             int64  // unix ms
}

// auditActions are what the steps are called in the audit log.
var auditActions = map[Step]string{
	StepPublished: "release.published", StepStaged: "release.staged", StepRaised: "release.raised", StepReleased: "release.completed",
	StepStopped: "release.stopped", StepRolledBack: "release.rolled-back", StepSuspended: "app.suspended", StepResumed: "app.resumed",
}

// record writes down a step: in the history, in the audit log and as an event.
func (s *Service) record(ctx context.Context, tx db.Tx, by By, r Record) error {
	q := releasedb.New(tx)
	number, err := q.NextRecord(ctx, r.App)
	if err != nil {
		return err
	}
	now := clock.Millis(s.clock)
	err = q.AddRecord(ctx, releasedb.AddRecordParams{
		ID: id.New(RecordPrefix), AppID: r.App, Number: number, Step: string(r.Step), VersionID: r.Version, PreviousID: r.Previous,
		RolloutID: r.Rollout, Share: r.Share, Reason: r.Reason, Actor: by.id(), At: now,
	})
	if err != nil {
		return err
	}
	detail := map[string]string{}
	if r.Version != "" {
		detail["version"], detail["number"] = r.Version, strconv.FormatInt(r.VersionNumber, 10)
	}
	if r.Share != 0 {
		detail["share"] = strconv.FormatInt(r.Share, 10)
	}
	if r.Reason != "" {
		detail["reason"] = r.Reason
	}
	if err := s.note(ctx, tx, by, auditActions[r.Step], r.App, detail); err != nil {
		return err
	}
	return tx.Emit(ctx, TopicStep, fmt.Sprintf("%s:s%d", r.App, number),
		Stepped{App: r.App, Number: number, Step: r.Step, Version: r.Version, Previous: r.Previous, Rollout: r.Rollout, Share: r.Share, At: now})
}

// Release lets a version that passed review go out: to a share of the devices, or with [Everybody] to all of them. Members
// of the app's organisation who may release call it.
// Errors: invalid for the share; not_found; denied; conflict when the version has not passed, is out already, another one is
// on its way, or the app is suspended; unavailable.
func (s *Service) Release(ctx context.Context, actor access.Actor, app, version string, share int64) (Rollout, error) {
	org, err := actor.InApp(ctx, app, ActionRelease)
	if err != nil {
		return Rollout{}, err
	}
	if share < 1 || share > Everybody {
		return Rollout{}, fault.Invalid("share", badShare, Everybody)
	}
	by, out := ByActor(actor, org), Rollout{}
	rollout := id.New(RolloutPrefix)
	err = s.db.Update(ctx, func(tx db.Tx) error {
		q := releasedb.New(tx)
		v, previous, err := releasable(ctx, tx, app, version)
		if err != nil {
			return err
		}
		if v.State != StateApproved && v.State != StateReleased {
			return fault.Conflict(notApproved, v.Number, v.State)
		}
		now := clock.Millis(s.clock)
		n, err := q.StartRollout(ctx, releasedb.StartRolloutParams{ID: rollout, AppID: app, VersionID: version, Share: share, CreatedAt: now})
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict(anotherOnItsWay)
		}
		out = Rollout{ID: rollout, App: app, Version: version, Share: share, State: RolloutActive, CreatedAt: now, ChangedAt: now}
		if share == Everybody {
			return s.complete(ctx, tx, by, &out, v)
		}
		if err := s.released(ctx, tx, v); err != nil {
			return err
		}
		return s.record(ctx, tx, by, Record{
			App: app, Step: StepStaged, Version: version, VersionNumber: v.Number, Label: v.Label, Previous: previous, Rollout: rollout, Share: share,
		})
	})
	if err != nil {
		return Rollout{}, err
	}
	return out, nil
}

// releasable finds a version of an app that can be released now, and what everybody has.
func releasable(ctx context.Context, tx db.Tx, app, version string) (v Version, previous string, err error) {
	a, err := findApp(ctx, tx, app)
	if err != nil {
		return v, "", err
	}
	if v, err = findVersion(ctx, tx, app, version); err != nil {
		return v, "", err
	}
	if a.SuspendedAt != 0 {
		return v, "", fault.Conflict(isSuspended)
	}
	p, err := pointer(ctx, tx, app)
	if err == nil && p.VersionID == version {
		err = fault.Conflict(alreadyOut, v.Number)
	}
	return v, p.VersionID, err
}

// complete makes the version of a rollout the one everybody gets.
func (s *Service) complete(ctx context.Context, tx db.Tx, by By, r *Rollout, v Version) error {
	now := clock.Millis(s.clock)
	n, err := releasedb.New(tx).EndRollout(ctx, releasedb.EndRolloutParams{ID: r.ID, State: string(RolloutComplete), Share: Everybody, ChangedAt: now})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict(noRollout)
	}
	r.Share, r.State, r.ChangedAt = Everybody, RolloutComplete, now
	return s.goOut(ctx, tx, by, v, Record{Step: StepReleased, Rollout: r.ID, Share: Everybody})
}

// Raise gives a staged release a larger share; [Everybody] completes it. Devices that have the version keep it. The same
// members may call it as Release.
// Errors: invalid for the share, also for one that is not larger; not_found; denied; conflict when nothing is on its way or
// the app is suspended; unavailable.
func (s *Service) Raise(ctx context.Context, actor access.Actor, app string, share int64) (Rollout, error) {
	org, err := actor.InApp(ctx, app, ActionRelease)
	if err != nil {
		return Rollout{}, err
	}
	if share < 1 || share > Everybody {
		return Rollout{}, fault.Invalid("share", badShare, Everybody)
	}
	by, out := ByActor(actor, org), Rollout{}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		r, on, err := activeRollout(ctx, tx, app)
		if err != nil {
			return err
		}
		if !on {
			return fault.Conflict(noRollout)
		}
		v, previous, err := releasable(ctx, tx, app, r.Version)
		if err != nil {
			return err
		}
		if share <= r.Share {
			return fault.Invalid("share", notRaised, r.Share)
		}
		out = r
		if share == Everybody {
			return s.complete(ctx, tx, by, &out, v)
		}
		now := clock.Millis(s.clock)
		n, err := releasedb.New(tx).RaiseRollout(ctx, releasedb.RaiseRolloutParams{ID: r.ID, Share: share, ChangedAt: now})
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict(noRollout)
		}
		out.Share, out.ChangedAt = share, now
		return s.record(ctx, tx, by, Record{
			App: app, Step: StepRaised, Version: v.ID, VersionNumber: v.Number, Label: v.Label, Previous: previous, Rollout: r.ID, Share: share,
		})
	})
	if err != nil {
		return Rollout{}, err
	}
	return out, nil
}

// Stop ends a staged release: everybody is back at what was out. The same members may call it as Release.
// Errors: not_found; denied; conflict when nothing is on its way; unavailable.
func (s *Service) Stop(ctx context.Context, actor access.Actor, app string) (Rollout, error) {
	org, err := actor.InApp(ctx, app, ActionRelease)
	if err != nil {
		return Rollout{}, err
	}
	var out Rollout
	err = s.db.Update(ctx, func(tx db.Tx) error {
		r, on, err := activeRollout(ctx, tx, app)
		if err != nil {
			return err
		}
		if !on {
			return fault.Conflict(noRollout)
		}
		v, err := findVersion(ctx, tx, app, r.Version)
		if err != nil {
			return err
		}
		p, err := pointer(ctx, tx, app)
		if err != nil {
			return err
		}
		out = r
		out.State, out.ChangedAt = RolloutStopped, clock.Millis(s.clock)
		if err := s.stopRollout(ctx, tx, app); err != nil {
			return err
		}
		return s.record(ctx, tx, ByActor(actor, org), Record{
			App: app, Step: StepStopped, Version: v.ID, VersionNumber: v.Number, Label: v.Label, Previous: p.VersionID, Rollout: r.ID, Share: r.Share,
		})
	})
	if err != nil {
		return Rollout{}, err
	}
	return out, nil
}

// stopRollout stops the active rollout, if there is one.
func (s *Service) stopRollout(ctx context.Context, tx db.Tx, app string) error {
	r, on, err := activeRollout(ctx, tx, app)
	if err != nil || !on {
		return err
	}
	_, err = releasedb.New(tx).EndRollout(ctx, releasedb.EndRolloutParams{ID: r.ID, State: string(RolloutStopped), Share: r.Share, ChangedAt: clock.Millis(s.clock)})
	return err
}

// RollBack makes an earlier release the version everybody gets again, and stops a staged release. The same members may
// call it as Release.
// Errors: not_found; denied; conflict for a version that was never out to everybody or is out now, or a suspended app;
// unavailable.
func (s *Service) RollBack(ctx context.Context, actor access.Actor, app, version string) (Version, error) {
	org, err := actor.InApp(ctx, app, ActionRelease)
	if err != nil {
		return Version{}, err
	}
	var out Version
	err = s.db.Update(ctx, func(tx db.Tx) error {
		v, _, err := releasable(ctx, tx, app, version)
		if err != nil {
			return err
		}
		if v.OutAt == 0 {
			return fault.Conflict(neverOut, v.Number)
		}
		out = v
		if err := s.stopRollout(ctx, tx, app); err != nil {
			return err
		}
		return s.goOut(ctx, tx, ByActor(actor, org), v, Record{Step: StepRolledBack, Share: Everybody})
	})
	if err != nil {
		return Version{}, err
	}
	return out, nil
}

// activeRollout is the staged release that is on its way, if there is one.
func activeRollout(ctx context.Context, tx db.Tx, app string) (Rollout, bool, error) {
	r, err := releasedb.New(tx).ActiveRollout(ctx, app)
	if errors.Is(err, sql.ErrNoRows) {
		return Rollout{}, false, nil
	}
	if err != nil {
		return Rollout{}, false, err
	}
	return Rollout{ID: r.ID, App: r.AppID, Version: r.VersionID, Share: r.Share, State: RolloutState(r.State), CreatedAt: r.CreatedAt, ChangedAt: r.ChangedAt}, true, nil
}

// History lists up to limit (1 to 100) steps of an app's releases, the last first, with numbers below before; 0 begins at
// the last. Members who may see the app call it.
// Errors: not_found; denied; unavailable.
func (s *Service) History(ctx context.Context, actor access.Actor, app string, before int64, limit int) ([]Record, error) {
	if _, err := actor.InApp(ctx, app, ActionRead); err != nil {
		return nil, err
	}
	if before <= 0 {
		before = 1 << 62
	}
	var out []Record
	err := s.db.View(ctx, func(tx db.Tx) error {
		rows, err := releasedb.New(tx).Records(ctx, releasedb.RecordsParams{AppID: app, Before: before, Most: int32(clamp(limit))})
		out = make([]Record, len(rows))
		for i, r := range rows {
			out[i] = Record{
				ID: r.ID, App: r.AppID, Number: r.Number, Step: Step(r.Step), Version: r.VersionID, VersionNumber: r.VersionNumber, Label: r.Label,
				Previous: r.PreviousID, PreviousNumber: r.PreviousNumber, Rollout: r.RolloutID, Share: r.Share, Reason: r.Reason, Actor: r.Actor, At: r.At,
			}
		}
		return err
	})
	return out, err
}
