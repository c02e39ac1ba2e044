package timer

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
	"minimart/platform/timer/timerdb"
)

//go:embed schema/*.sql
var schema embed.FS

// Limits of what a timer holds.
const (
	maxRoom    = 40
	maxKey     = 200
	maxPayload = 64 << 10
)

const noTimer = "there is no timer %s in %s"

var _ = fault.Chinese(map[string]string{noTimer: "没有定时器 %s（%s）"})

// Set makes key of room due at at, in the caller's transaction. A timer with that key that is there already is replaced,
// also one that is running just now: its Finish will not be taken. payload becomes JSON of at most 64 KiB; it should name
// things, and leave their state to be read when the time has come.
func Set(ctx context.Context, tx db.Tx, room, key string, at time.Time, payload any) error {
	if err := checkNames(room, key); err != nil {
		return err
	}
	body, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("timer %s of %s: payload does not become JSON: %w", key, room, err)
	}
	if len(body) > maxPayload {
		return fmt.Errorf("timer %s of %s: payload is %d bytes, at most %d go", key, room, len(body), maxPayload)
	}
	return timerdb.New(tx).Put(ctx, timerdb.PutParams{
		Room: room, TimerKey: key, DueAt: at.UnixMilli(), Payload: string(body), Ticket: id.New("tkt"),
	})
}

// Cancel removes a timer, in the caller's transaction. was is false if there was none. One that is running just now may
// come to its end; its Finish will not be taken.
func Cancel(ctx context.Context, tx db.Tx, room, key string) (was bool, err error) {
	if err := checkNames(room, key); err != nil {
		return false, err
	}
	n, err := timerdb.New(tx).Remove(ctx, timerdb.RemoveParams{Room: room, TimerKey: key})
	return n > 0, err
}

// State is a timer as it stands.
type State struct {
	At       time.Time // when it was to run
	Next     time.Time // when it may next be taken: later than At while it runs, and after a failure
	Attempts int       // how often it was taken
	Error    string    // of the last attempt; "" if it did not fail
}

// Find reads a timer.
//
// Errors: NotFound.
func Find(ctx context.Context, tx db.Tx, room, key string) (State, error) {
	row, err := timerdb.New(tx).Find(ctx, timerdb.FindParams{Room: room, TimerKey: key})
	if errors.Is(err, sql.ErrNoRows) {
		return State{}, fault.NotFound(noTimer, key, room)
	}
	if err != nil {
		return State{}, err
	}
	return State{At: clock.Time(row.DueAt), Next: clock.Time(row.ReadyAt), Attempts: int(row.Attempts), Error: row.LastError}, nil
}

// Due is a timer whose time has come.
type Due struct {
	Room    string
	Key     string
	At      time.Time // when it was to run: now, or earlier
	Payload json.RawMessage
	Attempt int // counts from 1

	ticket string
}

// Finish removes the timer in the transaction that has its effect, so that the effect happens once. ours is false if it
// was cancelled, set anew or taken by another process meanwhile: then the caller must have no effect. A handler that does
// not call it may return nil, and the timer is removed after that; then its effect may happen again after a crash.
func (d Due) Finish(ctx context.Context, tx db.Tx) (ours bool, err error) {
	n, err := timerdb.New(tx).Finish(ctx, timerdb.FinishParams{Room: d.Room, TimerKey: d.Key, Ticket: d.ticket})
	return n == 1, err
}

func checkNames(room, key string) error {
	if room == "" || len(room) > maxRoom {
		return fmt.Errorf("timer: room %.80q has %d characters, want 1 to %d", room, len(room), maxRoom)
	}
	for i := 0; i < len(room); i++ {
		if c := room[i]; (c < 'a' || c > 'z') && (i == 0 || c != '_' && c != '-' && (c < '0' || c > '9')) {
			return fmt.Errorf("timer: room %q: want a lower-case letter, then letters, digits, - and _", room)
		}
	}
	if key == "" || len(key) > maxKey {
		return fmt.Errorf("timer of %s: key %.80q has %d characters, want 1 to %d", room, key, len(key), maxKey)
	}
	for i := 0; i < len(key); i++ {
		if key[i] <= ' ' || key[i] > '~' {
			return fmt.Errorf("timer of %s: key %q: character %d is %q, want printable ASCII without spaces", room, key, i+1, key[i])
		}
	}
	return nil
}
