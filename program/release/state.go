package release

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/program/release/releasedb"
)

// State is where a version stands.
type State string

// The states of a version.
const (
	StateDevelopment State = "development" // as uploaded
	StateInReview    State = "in-review"
	StateApproved    State = "approved" // may go out
	StateRejected    State = "rejected" // may be handed in again, when what was wrong lay outside of it
	StateReleased    State = "released" // has gone out, to some or to everybody
)

// moves are all there are.
var moves = map[State][]State{
	StateDevelopment: {StateInReview},
	StateInReview:    {StateApproved, StateRejected, StateDevelopment},
	StateRejected:    {StateInReview},
	StateApproved:    {StateReleased},
}

// MoveVersion moves a version from one of the states to another, in the caller's transaction, and says so with the event
// release.version-moved. Who did it, the caller records. The review room calls it. It panics on a move that is not in the table.
// Errors: not_found; conflict, naming the state the version is in, when that is none of from; unavailable.
func (s *Service) MoveVersion(ctx context.Context, tx db.Tx, app, version string, from []State, to State) (Version, error) {
	q := releasedb.New(tx)
	for _, state := range from {
		if !slices.Contains(moves[state], to) {
			panic(fmt.Sprintf("release: no version moves from %s to %s", state, to))
		}
		row, err := q.MoveVersion(ctx, releasedb.MoveVersionParams{AppID: app, ID: version, State: string(state), Next: string(to)})
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return Version{}, err
		}
		v := versionOf(releasedb.VersionRow(row))
		return v, tx.Emit(ctx, TopicMoved, fmt.Sprintf("%s:m%d", version, row.Moves),
			Moved{App: app, Version: version, Number: v.Number, From: state, To: to, At: clock.Millis(s.clock)})
	}
	row, err := q.Version(ctx, releasedb.VersionParams{AppID: app, ID: version})
	if err != nil {
		return Version{}, orNotFound(err, noVersion, fault.Cut(app, 60), fault.Cut(version, 60))
	}
	return Version{}, fault.Conflict(wrongState, row.Number, row.State, to)
}
