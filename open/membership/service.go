package membership

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"time"

	"minimart/open/membership/membershipdb"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
	"minimart/platform/timer"
)

// Schema are the room's migrations: db.Migrate(ctx, "membership", membership.Schema).
//
//go:embed schema/*.sql
var Schema embed.FS

// What the operator needs in a console.
const (
	ReadPlans      access.Action = "platform.read"
	ConfigurePlans access.Action = "platform.configure"
	ManageMembers  access.Action = "consumer.manage"
)

// Consumers knows who there is. open/identity does.
type Consumers interface {
	// Exists is nil when there is such a consumer. Errors: not_found.
	Exists(ctx context.Context, consumer string) error
	// Consumer is who an openid stands for in an app. Errors: invalid; not_found, also for one of another app.
	Consumer(ctx context.Context, app, openid string) (consumer string, err error)
}

// Disclosures asks whether an app may know, and notes that it does. open/identity does.
type Disclosures interface {
	// LearnMembership is for an app's server. Errors: denied.
	LearnMembership(ctx context.Context, app, consumer string) error
	// LearnMembershipInHost is for a program that the visitor of ctx uses; it answers who that is. Errors: unauthenticated;
	// not_found; denied.
	LearnMembershipInHost(ctx context.Context, app, ticket string) (consumer string, err error)
}

// Config is what the room stands on. All but Clock must be set. The database must have the timers' table too.
type Config struct {
	DB          *db.DB
	Consumers   Consumers
	Disclosures Disclosures
	Log         access.Log
	Clock       clock.Clock // default clock.System
}

// Service is the operations of the room. It is safe for concurrent use, by several processes on one database as well.
type Service struct {
	Config
}

// New is the service over a database that was migrated with Schema.
func New(c Config) *Service {
	if c.Clock == nil {
		c.Clock = clock.System
	}
	return &Service{c}
}

// find is the membership of a consumer as the clock has it: one that came to its end is moved there first.
func (s *Service) find(ctx context.Context, tx db.Tx, consumer string) (Membership, error) {
	row, err := membershipdb.New(tx).OfConsumer(ctx, consumer)
	if errors.Is(err, sql.ErrNoRows) {
		return Membership{Consumer: consumer, State: None}, nil
	}
	if err != nil {
		return Membership{}, err
	}
	m := membershipOf(row)
	if m.State == Active && clock.Millis(s.Clock) >= m.Until {
		return s.expire(ctx, tx, m)
	}
	return m, nil
}

func (s *Service) expire(ctx context.Context, tx db.Tx, m Membership) (Membership, error) {
	return s.move(ctx, tx, m, Ran, m, byClock, "")
}

// Who makes a membership move.
const (
	byConsumer = "consumer"
	byOperator = "operator"
	byClock    = "clock"
)

// move takes a step: want holds the plan, the end and whether it renews itself afterwards.
// Errors: conflict when the table of moves has no such step from here.
func (s *Service) move(ctx context.Context, tx db.Tx, m Membership, step Step, want Membership, by, reason string) (Membership, error) {
	to, ok := moves[m.State][step]
	if !ok {
		return m, fault.Conflict(noMove, string(m.State), string(step))
	}
	q, now, before := membershipdb.New(tx), clock.Millis(s.Clock), m.State
	m.State, m.Plan, m.Until, m.Auto = to, want.Plan, want.Until, want.Auto && to == Active
	if before != Active {
		m.Since = now
	}
	if m.ID == "" {
		m.ID, m.CreatedAt, m.sequence = id.New(MembershipPrefix), now, 1
		err := q.Add(ctx, membershipdb.AddParams{ID: m.ID, ConsumerID: m.Consumer, State: string(m.State), Plan: m.Plan, Since: m.Since, Until: m.Until, Auto: m.Auto, CreatedAt: now})
		if err != nil {
			return m, err
		}
	} else {
		n, err := q.Move(ctx, membershipdb.MoveParams{ID: m.ID, Before: m.sequence, State: string(m.State), Plan: m.Plan, Since: m.Since, Until: m.Until, Auto: m.Auto})
		if err == nil && n == 0 {
			err = fault.Conflict(movedMeanwhile) // cannot be within one transaction; to go on would lose a step
		}
		if err != nil {
			return m, err
		}
		m.sequence++
	}
	if err := s.setTimer(ctx, tx, m); err != nil {
		return m, err
	}
	err := q.AddHistory(ctx, membershipdb.AddHistoryParams{
		ID: id.New(HistoryPrefix), ConsumerID: m.Consumer, Step: string(step), Plan: m.Plan, Until: m.Until, ByWhom: by, Reason: reason, At: now,
	})
	if err != nil {
		return m, err
	}
	level, _ := m.LevelAt(now)
	return m, tx.Emit(ctx, topic(step, before), fmt.Sprintf("%s:n%d", m.ID, m.sequence), Moved{
		Consumer: m.Consumer, Membership: m.ID, Step: step, Plan: m.Plan, Level: level, Until: m.Until, At: now,
	})
}

// Room is the name of this room's timers.
const Room = "membership"

func (s *Service) setTimer(ctx context.Context, tx db.Tx, m Membership) error {
	if m.State != Active {
		_, err := timer.Cancel(ctx, tx, Room, m.ID)
		return err
	}
	at := clock.Time(m.Until)
	if m.Auto {
		at = at.Add(-renewAhead)
	}
	return timer.Set(ctx, tx, Room, m.ID, at, nil)
}

// Attach lets memberships renew themselves and end when their time has come.
func (s *Service) Attach(timers *timer.Timers) { timers.Handle(Room, s.due) }

// due is what happens when a timer of this room runs.
func (s *Service) due(ctx context.Context, due timer.Due) error {
	return s.DB.Update(ctx, func(tx db.Tx) error {
		ours, err := due.Finish(ctx, tx)
		if err != nil || !ours {
			return err
		}
		row, err := membershipdb.New(tx).ByID(ctx, due.Key)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		m, now := membershipOf(row), clock.Millis(s.Clock)
		if m.State != Active {
			return nil
		}
		if m.Auto && now >= m.Until-renewAhead.Milliseconds() {
			plan, err := joinable(ctx, tx, m.Plan)
			if err == nil {
				want := m
				want.Until = m.extended(now, plan.Days)
				_, err = s.move(ctx, tx, m, Renewed, want, byClock, "")
				return err
			}
			if !fault.Is(err, fault.CodeInvalid) && !fault.Is(err, fault.CodeConflict) {
				return err
			}
			m.Auto = false // the plan is not to be had any more: it ends
			if _, err := membershipdb.New(tx).SetAuto(ctx, membershipdb.SetAutoParams{ID: m.ID, Auto: false}); err != nil {
				return err
			}
		}
		if now >= m.Until {
			_, err := s.expire(ctx, tx, m)
			return err
		}
		return s.setTimer(ctx, tx, m)
	})
}

// Level is what a consumer is, and until when in unix ms (0 for none). For other rooms; no route leads here.
// Errors: unavailable.
func (s *Service) Level(ctx context.Context, consumer string) (level Level, until int64, err error) {
	m, err := s.Of(ctx, consumer)
	level, until = m.LevelAt(clock.Millis(s.Clock))
	return level, until, err
}

// Of is the membership of a consumer, state none when there never was one. For other rooms; no route leads here.
// Errors: unavailable.
func (s *Service) Of(ctx context.Context, consumer string) (m Membership, err error) {
	err = s.DB.View(ctx, func(tx db.Tx) error {
		row, err := membershipdb.New(tx).OfConsumer(ctx, consumer)
		if errors.Is(err, sql.ErrNoRows) {
			m = Membership{Consumer: consumer, State: None}
			return nil
		}
		m = membershipOf(row)
		return err
	})
	if m.State == Active && clock.Millis(s.Clock) >= m.Until {
		m.State, m.Auto = Expired, false // nobody has noted it yet
	}
	return m, err
}

// Join makes the consumer of a visitor a member by a plan that costs nothing. auto says whether it is to renew itself.
// Errors: invalid, field plan; conflict for a plan with a price, somebody who is a member already, and somebody the operator
// removed; unavailable.
func (s *Service) Join(ctx context.Context, v access.Visitor, plan string, auto bool) (m Membership, err error) {
	err = s.DB.Update(ctx, func(tx db.Tx) error {
		p, err := joinable(ctx, tx, plan)
		if err != nil {
			return err
		}
		if m, err = s.find(ctx, tx, v.Consumer); err != nil {
			return err
		}
		switch m.State {
		case Active:
			return fault.Conflict(memberAlready, clock.Time(m.Until).Format(time.DateOnly))
		case Removed:
			return fault.Conflict(wasRemoved)
		}
		want := Membership{Plan: p.Code, Until: m.extended(clock.Millis(s.Clock), p.Days), Auto: auto}
		m, err = s.move(ctx, tx, m, Joined, want, byConsumer, "")
		return err
	})
	return m, err
}

// Renew extends the membership of the consumer of a visitor by a plan that costs nothing, from its end. plan "" is the plan it
// has. until is the end the consumer saw: a second click extends nothing.
// Errors: invalid, field plan; conflict for somebody who is no member, a plan with a price, another end, and one too far ahead;
// unavailable.
func (s *Service) Renew(ctx context.Context, v access.Visitor, plan string, until int64) (m Membership, err error) {
	err = s.DB.Update(ctx, func(tx db.Tx) error {
		if m, err = s.find(ctx, tx, v.Consumer); err != nil {
			return err
		}
		if m.State != Active {
			return fault.Conflict(noMember)
		}
		if m.Until != until {
			return fault.Conflict(movedMeanwhile)
		}
		if plan == "" {
			plan = m.Plan
		}
		if plan == "" {
			return fault.Invalid("plan", planMissing)
		}
		p, err := joinable(ctx, tx, plan)
		if err != nil {
			return err
		}
		now := clock.Millis(s.Clock)
		want := m
		want.Plan, want.Until = p.Code, m.extended(now, p.Days)
		if want.Until-now > mostAhead {
			return fault.Conflict(tooFarAhead, mostAhead/day)
		}
		m, err = s.move(ctx, tx, m, Renewed, want, byConsumer, "")
		return err
	})
	return m, err
}

// SetAuto says whether the membership of the consumer of a visitor renews itself, for plans that cost nothing.
// Errors: conflict for somebody who is no member, and for a plan that is not to be had or has a price; unavailable.
func (s *Service) SetAuto(ctx context.Context, v access.Visitor, auto bool) (m Membership, err error) {
	err = s.DB.Update(ctx, func(tx db.Tx) error {
		if m, err = s.find(ctx, tx, v.Consumer); err != nil {
			return err
		}
		if m.State != Active {
			return fault.Conflict(noMember)
		}
		if auto {
			if _, err := joinable(ctx, tx, m.Plan); fault.Is(err, fault.CodeInvalid) {
				return fault.Conflict(notRenewable)
			} else if err != nil {
				return err
			}
		}
		if m.Auto == auto {
			return nil
		}
		m.Auto = auto
		if _, err := membershipdb.New(tx).SetAuto(ctx, membershipdb.SetAutoParams{ID: m.ID, Auto: auto}); err != nil {
			return err
		}
		return s.setTimer(ctx, tx, m)
	})
	return m, err
}

// Gift is what the operator gives.
type Gift struct {
	Days   int64  // 1 to 3660
	Reason string // 1 to 500 characters, for operators
}

// Grant makes a consumer a member, or one for longer, from the end. The operator may call it.
// Errors: invalid with every field that is wrong; denied; not_found; conflict for an end too far ahead; unavailable.
func (s *Service) Grant(ctx context.Context, by access.Actor, consumer string, in Gift) (m Membership, err error) {
	if err := by.OnPlatform(ctx, ManageMembers); err != nil {
		return Membership{}, err
	}
	var c fault.Checks
	c.Require(in.Days >= 1 && in.Days <= maxDays, "days", badDays, maxDays)
	in.Reason = checkReason(&c, in.Reason)
	if err := c.Err(); err != nil {
		return Membership{}, err
	}
	if err := s.Consumers.Exists(ctx, consumer); err != nil {
		return Membership{}, err
	}
	err = s.DB.Update(ctx, func(tx db.Tx) error {
		if m, err = s.find(ctx, tx, consumer); err != nil {
			return err
		}
		now := clock.Millis(s.Clock)
		want := Membership{Until: m.extended(now, in.Days)}
		if m.State == Active {
			want.Plan, want.Auto = m.Plan, m.Auto
		}
		if want.Until-now > maxDays*day {
			return fault.Conflict(tooFarAhead, maxDays)
		}
		if m, err = s.move(ctx, tx, m, Granted, want, byOperator, in.Reason); err != nil {
			return err
		}
		return s.Log.Record(ctx, tx, access.Done(by, "", "membership.granted", consumer, map[string]string{"days": fmt.Sprint(in.Days), "reason": in.Reason}))
	})
	return m, err
}

// Remove ends a consumer's membership at once. It cannot be joined again until the operator grants it. The operator may call it.
// Errors: invalid, field reason; denied; not_found; conflict for somebody who is no member; unavailable.
func (s *Service) Remove(ctx context.Context, by access.Actor, consumer, reason string) (m Membership, err error) {
	if err := by.OnPlatform(ctx, ManageMembers); err != nil {
		return Membership{}, err
	}
	var c fault.Checks
	reason = checkReason(&c, reason)
	if err := c.Err(); err != nil {
		return Membership{}, err
	}
	if err := s.Consumers.Exists(ctx, consumer); err != nil {
		return Membership{}, err
	}
	err = s.DB.Update(ctx, func(tx db.Tx) error {
		if m, err = s.find(ctx, tx, consumer); err != nil {
			return err
		}
		if m.State != Active {
			return fault.Conflict(noMemberThere)
		}
		want := m
		want.Until = clock.Millis(s.Clock)
		if m, err = s.move(ctx, tx, m, Cancelled, want, byOperator, reason); err != nil {
			return err
		}
		return s.Log.Record(ctx, tx, access.Done(by, "", "membership.removed", consumer, map[string]string{"reason": reason}))
	})
	return m, err
}

func checkReason(c *fault.Checks, reason string) string {
	reason = c.Text("reason", reason, maxReason)
	c.Require(reason != "", "reason", reasonMissing)
	return reason
}

// Event is one step in the history of a membership.
type Event struct {
	ID     string
	Step   Step
	Plan   string
	Until  int64  // unix ms: the end afterwards
	By     string // consumer, operator or clock
	Reason string // the operator's, for operators
	At     int64  // unix ms
}

// History pages through what became of the membership of a consumer, the newest first. It is for the consumer of a visitor and
// for [Service.Look].
// Errors: invalid for a cursor that History did not give; unavailable.
func (s *Service) History(ctx context.Context, consumer, cursor string, limit int) (page []Event, next string, err error) {
	if cursor != "" && id.Check(HistoryPrefix, cursor) != nil {
		return nil, "", fault.Invalid("cursor", badCursor, fault.Cut(cursor, 40))
	}
	limit = max(1, min(limit, 100))
	err = s.DB.View(ctx, func(tx db.Tx) error {
		rows, err := membershipdb.New(tx).History(ctx, membershipdb.HistoryParams{ConsumerID: consumer, Before: cursor, Most: int32(limit + 1)})
		page = make([]Event, len(rows))
		for i, r := range rows {
			page[i] = Event{ID: r.ID, Step: Step(r.Step), Plan: r.Plan, Until: r.Until, By: r.ByWhom, Reason: r.Reason, At: r.At}
		}
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(page) > limit {
		page = page[:limit]
		next = page[limit-1].ID
	}
	return page, next, nil
}

// Look is the membership of a consumer for the operator.
// Errors: denied; not_found; unavailable.
func (s *Service) Look(ctx context.Context, by access.Actor, consumer string) (Membership, error) {
	if err := by.OnPlatform(ctx, ManageMembers); err != nil {
		return Membership{}, err
	}
	if err := s.Consumers.Exists(ctx, consumer); err != nil {
		return Membership{}, err
	}
	return s.Of(ctx, consumer)
}

// Status is what a program's server learns: the level of a consumer who agreed to it. app is that of its key.
// Errors: invalid for what is no openid; not_found for one of another app; denied without the capability or the consent;
// exhausted; unavailable.
func (s *Service) Status(ctx context.Context, app, openid string) (level Level, until int64, err error) {
	consumer, err := s.Consumers.Consumer(ctx, app, openid)
	if err != nil {
		return "", 0, err
	}
	if err := s.Disclosures.LearnMembership(ctx, app, consumer); err != nil {
		return "", 0, err
	}
	return s.Level(ctx, consumer)
}

// StatusInHost is what a program learns of the visitor of ctx: jd.getPlusStatus. ticket is the one it was opened with.
// Errors: unauthenticated; not_found; denied without the capability or the consent; exhausted; unavailable.
func (s *Service) StatusInHost(ctx context.Context, app, ticket string) (level Level, until int64, err error) {
	consumer, err := s.Disclosures.LearnMembershipInHost(ctx, app, ticket)
	if err != nil {
		return "", 0, err
	}
	return s.Level(ctx, consumer)
}
