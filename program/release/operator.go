package release

import (
	"context"
	"strings"

	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
	"minimart/program/release/releasedb"
)

// Overview is an app in the operator's list.
type Overview struct {
	ID          string
	Org         string
	Name        string
	Icon        string
	Summary     string
	SuspendedAt int64 // unix ms, 0 when it is not
	Number      int64 // of the version everybody gets, 0 for none
	Label       string
	ReleasedAt  int64 // unix ms
	CreatedAt   int64 // unix ms
}

// AppStates are what AllApps can be asked for.
var AppStates = []string{"out", "unreleased", "suspended"}

// AllApps pages through the apps of all organisations, the newest first: those whose name contains query, or whose id or
// organisation is query; in one of [AppStates], or "" for any. The operator's members call it.
// Errors: denied; invalid for a cursor that AllApps did not give; unavailable.
func (s *Service) AllApps(ctx context.Context, actor access.Actor, query, state, cursor string, limit int) (page []Overview, next string, err error) {
	if err := actor.OnPlatform(ctx, ActionReadPlatform); err != nil {
		return nil, "", err
	}
	if cursor != "" && id.Check(AppPrefix, cursor) != nil {
		return nil, "", fault.Invalid("cursor", badCursor, fault.Cut(cursor, 60))
	}
	query = strings.TrimSpace(query)
	if len(query) > 4*maxName {
		return nil, "", nil
	}
	limit = clamp(limit)
	var rows []releasedb.AllAppsRow
	err = s.db.View(ctx, func(tx db.Tx) (err error) {
		rows, err = releasedb.New(tx).AllApps(ctx, releasedb.AllAppsParams{Before: cursor, Exact: query, Pattern: db.Containing(query), State: state, Most: int32(limit + 1)})
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	page = make([]Overview, len(rows))
	for i, r := range rows {
		page[i] = Overview{
			ID: r.ID, Org: r.OrgID, Name: r.Name, Icon: r.Icon, Summary: r.Summary, SuspendedAt: r.SuspendedAt,
			Number: r.Number, Label: r.Label, ReleasedAt: r.ReleasedAt, CreatedAt: r.CreatedAt,
		}
	}
	return page, next, nil
}

// Inspect shows any app to the operator's members.
// Errors: denied; not_found; unavailable.
func (s *Service) Inspect(ctx context.Context, actor access.Actor, app string) (Standing, error) {
	if err := actor.OnPlatform(ctx, ActionReadPlatform); err != nil {
		return Standing{}, err
	}
	return s.standing(ctx, app)
}

// Suspend takes an app off at once: out of the list, no launch but the operator's own preview, and no request of a program
// that runs goes anywhere. The operator's members who may review versions call it.
// Errors: denied; invalid for the reason; not_found; conflict when it is suspended; unavailable.
func (s *Service) Suspend(ctx context.Context, actor access.Actor, app, reason string) (Standing, error) {
	if err := actor.OnPlatform(ctx, ActionReview); err != nil {
		return Standing{}, err
	}
	var c fault.Checks
	reason = c.Text("reason", reason, maxReason)
	c.Require(reason != "", "reason", reasonMissing)
	if err := c.Err(); err != nil {
		return Standing{}, err
	}
	return s.suspension(ctx, actor, app, Record{Step: StepSuspended, Reason: reason}, func(q *releasedb.Queries, now int64) (int64, error) {
		return q.Suspend(ctx, releasedb.SuspendParams{ID: app, SuspendedAt: now, SuspensionReason: reason})
	})
}

// Resume ends a suspension: everything is as it was before. The same may call it as Suspend.
// Errors: denied; not_found; conflict when the app is not suspended; unavailable.
func (s *Service) Resume(ctx context.Context, actor access.Actor, app string) (Standing, error) {
	if err := actor.OnPlatform(ctx, ActionReview); err != nil {
		return Standing{}, err
	}
	return s.suspension(ctx, actor, app, Record{Step: StepResumed}, func(q *releasedb.Queries, now int64) (int64, error) {
		return q.Resume(ctx, releasedb.ResumeParams{ID: app, ChangedAt: now})
	})
}

func (s *Service) suspension(ctx context.Context, actor access.Actor, app string, r Record, set func(*releasedb.Queries, int64) (int64, error)) (out Standing, err error) {
	err = s.db.Update(ctx, func(tx db.Tx) error {
		before, err := findApp(ctx, tx, app)
		if err != nil {
			return err
		}
		n, err := set(releasedb.New(tx), clock.Millis(s.clock))
		if err != nil {
			return err
		}
		if n == 0 && r.Step == StepSuspended {
			return fault.Conflict(isSuspended)
		} else if n == 0 {
			return fault.Conflict(isNotSuspended)
		}
		p, err := pointer(ctx, tx, app)
		if err != nil {
			return err
		}
		step := r // this may run twice
		step.App, step.Previous = app, p.VersionID
		if err := s.record(ctx, tx, ByActor(actor, before.Org), step); err != nil {
			return err
		}
		a, err := findApp(ctx, tx, app)
		if err != nil {
			return err
		}
		out, err = standing(ctx, tx, a)
		return err
	})
	return out, err
}
