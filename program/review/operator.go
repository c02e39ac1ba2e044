package review

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"minimart/platform/access"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
	"minimart/program/release"
	"minimart/program/review/reviewdb"
)

// Filter chooses reviews of the queue.
type Filter struct {
	State State  // "" for any
	Query string // part of the program's name or the version's label; or the id of an app, a version or an organisation
}

// Queue pages through reviews: up to limit (1 to 100) of them, and the cursor of the next page, "" at the end. Those that are
// pending come oldest first, for that is the order they are worked through; all others newest first. The operator's members
// call it.
// Errors: denied; invalid for a state or a cursor; unavailable.
func (s *Service) Queue(ctx context.Context, actor access.Actor, f Filter, cursor string, limit int) (page []Review, next string, err error) {
	if err := actor.OnPlatform(ctx, ActionReadPlatform); err != nil {
		return nil, "", err
	}
	var c fault.Checks
	c.Require(f.State == "" || slices.Contains(States, f.State), "state", noState, fault.Cut(string(f.State), 60))
	c.Require(cursor == "" || id.Check(Prefix, cursor) == nil, "cursor", badCursor, fault.Cut(cursor, 60))
	if err := c.Err(); err != nil {
		return nil, "", err
	}
	if f.Query = strings.TrimSpace(f.Query); len(f.Query) > 4*maxQuery {
		return []Review{}, "", nil // longer than anything that is searched
	}
	limit = clamp(limit)
	var rows []reviewdb.ReviewReview
	err = s.with.DB.View(ctx, func(tx db.Tx) (err error) {
		q := reviewdb.New(tx)
		state, exact, pattern, most := string(f.State), f.Query, db.Containing(f.Query), int32(limit+1)
		if f.State == Pending {
			rows, err = q.Oldest(ctx, reviewdb.OldestParams{State: state, After: cursor, Exact: exact, Pattern: pattern, Most: most})
		} else {
			rows, err = q.Newest(ctx, reviewdb.NewestParams{State: state, Before: cursor, Exact: exact, Pattern: pattern, Most: most})
		}
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	page = make([]Review, len(rows))
	for i, r := range rows {
		if page[i], err = reviewOf(r); err != nil {
			return nil, "", err
		}
	}
	return page, next, nil
}

// Waiting is how many reviews are pending, and since when the oldest is, in unix ms; 0 for none. The operator's members call
// it.
// Errors: denied; unavailable.
func (s *Service) Waiting(ctx context.Context, actor access.Actor) (pending, oldest int64, err error) {
	if err := actor.OnPlatform(ctx, ActionReadPlatform); err != nil {
		return 0, 0, err
	}
	var row reviewdb.CountPendingRow
	err = s.with.DB.View(ctx, func(tx db.Tx) (err error) {
		row, err = reviewdb.New(tx).CountPending(ctx)
		return err
	})
	return row.Pending, row.Oldest, err
}

// Full is a review as the operator sees it.
type Full struct {
	Review
	Subject  release.Version
	Findings Findings
	Diff     Diff
	// Domains and Privacy are what the app had set when the version was submitted.
	Domains release.Domains
	Privacy map[string]string
	// Changed is set when the app has other domains or statements now: they hold at once, without a review.
	Changed bool
	// Suspended is set when the app is.
	Suspended bool
}

// Review shows one review with all that was found. The operator's members call it.
// Errors: denied; not_found; unavailable.
func (s *Service) Review(ctx context.Context, actor access.Actor, review string) (Full, error) {
	if err := actor.OnPlatform(ctx, ActionReadPlatform); err != nil {
		return Full{}, err
	}
	if id.Check(Prefix, review) != nil {
		return Full{}, fault.NotFound(noReview, fault.Cut(review, 60))
	}
	var out Full
	err := s.with.DB.View(ctx, func(tx db.Tx) error {
		q := reviewdb.New(tx)
		row, err := q.Review(ctx, review)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.NotFound(noReview, fault.Cut(review, 60))
		}
		if err != nil {
			return err
		}
		report, err := q.Report(ctx, review)
		if err != nil {
			return err
		}
		if out.Review, err = reviewOf(row); err != nil {
			return err
		}
		out.Findings, out.Diff = Findings{}, Diff{}
		var had settings
		for text, into := range map[string]any{report.Findings: &out.Findings, report.Diff: &out.Diff, report.Settings: &had} {
			if err := json.Unmarshal([]byte(text), into); err != nil {
				return err
			}
		}
		out.Domains, out.Privacy = had.Domains, had.Privacy
		return nil
	})
	if err != nil {
		return Full{}, err
	}
	app, err := s.with.Releases.App(ctx, out.App)
	if err != nil {
		return Full{}, err
	}
	if out.Subject, err = s.with.Releases.Version(ctx, out.App, out.Version); err != nil {
		return Full{}, err
	}
	out.Suspended = app.SuspendedAt != 0
	out.Changed = !reflect.DeepEqual(app.Domains, out.Domains) || len(app.Privacy)+len(out.Privacy) > 0 && !reflect.DeepEqual(app.Privacy, out.Privacy)
	return out, nil
}

// maxShown is how much of a file is shown, in bytes.
const maxShown = 512 << 10

// Source is a file of a version under review.
type Source struct {
	Path      string
	Bytes     int64
	Text      string // "" when it is no text
	Cut       bool   // only the first 512 KiB are in Text
	Delivered string // the name of the delivered file, for pictures; "" otherwise
}

// File shows one file of the version a review is about, whatever its state. The operator's members call it.
// Errors: denied; not_found for the review, the file, and where no source was kept; unavailable.
func (s *Service) File(ctx context.Context, actor access.Actor, review, name string) (Source, error) {
	if err := actor.OnPlatform(ctx, ActionReadPlatform); err != nil {
		return Source{}, err
	}
	version, err := s.versionOf(ctx, review)
	if err != nil {
		return Source{}, err
	}
	files, err := s.with.Releases.Source(ctx, version)
	if err != nil {
		return Source{}, err
	}
	content, ok := files[name]
	if !ok {
		return Source{}, fault.NotFound(noFile, fault.Cut(name, 60))
	}
	out := Source{Path: name, Bytes: int64(len(content))}
	switch {
	case image(name):
		out.Delivered = delivered(name, content)
		if path.Ext(name) != ".svg" {
			break
		}
		fallthrough
	default:
		if readable(content) {
			if out.Cut = len(content) > maxShown; out.Cut {
				content = content[:maxShown]
			}
			out.Text = strings.ToValidUTF8(string(content), "")
		}
	}
	return out, nil
}

// versionOf is the version a review is about.
func (s *Service) versionOf(ctx context.Context, review string) (version string, err error) {
	if id.Check(Prefix, review) != nil {
		return "", fault.NotFound(noReview, fault.Cut(review, 60))
	}
	err = s.with.DB.View(ctx, func(tx db.Tx) error {
		row, err := reviewdb.New(tx).Review(ctx, review)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.NotFound(noReview, fault.Cut(review, 60))
		}
		version = row.VersionID
		return err
	})
	return version, err
}

// Decide ends a review. The version is approved, and may go out, or rejected, and the developer reads why. The operator's
// members who may review versions call it.
// Errors: denied; invalid with every field that is wrong; not_found; conflict when the review has ended, by another's decision
// or the developer's withdrawal; unavailable.
func (s *Service) Decide(ctx context.Context, actor access.Actor, review string, d Decision) (Review, error) {
	if err := actor.OnPlatform(ctx, ActionReview); err != nil {
		return Review{}, err
	}
	d, err := d.check()
	if err != nil {
		return Review{}, err
	}
	version, err := s.versionOf(ctx, review)
	if err != nil {
		return Review{}, err
	}
	if err := s.checkFiles(ctx, version, d.Reasons); err != nil {
		return Review{}, err
	}
	to := release.StateApproved
	if d.Verdict == Rejected {
		to = release.StateRejected
	}
	var out Review
	err = s.with.DB.Update(ctx, func(tx db.Tx) (err error) {
		if out, err = s.end(ctx, tx, review, d.Verdict, actor.ActorID(), d.Reasons); err != nil {
			return err
		}
		if _, err := s.with.Releases.MoveVersion(ctx, tx, out.App, out.Version, []release.State{release.StateInReview}, to); err != nil {
			return err
		}
		if err := s.record(ctx, tx, access.Done(actor, out.Org, "version."+string(d.Verdict), out.Version, map[string]string{
			"app": out.App, "review": out.ID, "number": strconv.FormatInt(out.Number, 10), "reasons": strconv.Itoa(len(d.Reasons)),
		})); err != nil {
			return err
		}
		return emitEnded(ctx, tx, TopicDecided, out)
	})
	if err != nil {
		return Review{}, err
	}
	return out, nil
}

// checkFiles says which reasons name a file the version does not have.
func (s *Service) checkFiles(ctx context.Context, version string, reasons []Reason) error {
	if !slices.ContainsFunc(reasons, func(r Reason) bool { return r.File != "" }) {
		return nil
	}
	files, err := s.with.Releases.Source(ctx, version)
	if fault.Is(err, fault.CodeNotFound) {
		return nil // no source was kept: nobody can tell
	}
	if err != nil {
		return err
	}
	var c fault.Checks
	for i, r := range reasons {
		if r.File != "" {
			_, ok := files[r.File]
			c.Require(ok, "reasons["+strconv.Itoa(i)+"].file", noFile, fault.Cut(r.File, 60))
		}
	}
	return c.Err()
}
