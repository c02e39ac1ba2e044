package membership

import (
	"time"

	"minimart/open/membership/membershipdb"
)

// Prefixes of the ids of this room.
const (
	MembershipPrefix = "mbr"
	HistoryPrefix    = "mbh"
)

// Level is what a consumer is, as programs see it.
type Level = string

// The levels.
const (
	LevelNone Level = "none"
	LevelPlus Level = "plus"
)

// State is where a membership stands.
type State string

// The states. There is no row for none.
const (
	None    State = "none"    // 非会员
	Active  State = "active"  // 会员
	Expired State = "expired" // 已到期
	Removed State = "removed" // 已被平台移除: only the operator gives it back
)

// Step is something that happens to a membership.
type Step string

// The steps.
const (
	Joined    Step = "joined"    // 开通
	Renewed   Step = "renewed"   // 续期, by the consumer or by itself
	Granted   Step = "granted"   // 平台赠送
	Ran       Step = "expired"   // 到期
	Cancelled Step = "cancelled" // 平台移除
)

// moves are all moves there are.
var moves = map[State]map[Step]State{
	None:    {Joined: Active, Granted: Active},
	Active:  {Renewed: Active, Granted: Active, Ran: Expired, Cancelled: Removed},
	Expired: {Joined: Active, Granted: Active},
	Removed: {Granted: Active},
}

// Membership is one consumer's. The zero value, with state none, is that of somebody who never was a member.
type Membership struct {
	ID        string
	Consumer  string
	State     State
	Plan      string // code, "" when the operator gave it
	Since     int64  // unix ms, of the present stretch without a gap
	Until     int64  // unix ms: the end, exclusive
	Auto      bool   // whether it renews itself
	CreatedAt int64  // unix ms

	sequence int64
}

func membershipOf(r membershipdb.MembershipMembership) Membership {
	return Membership{
		ID: r.ID, Consumer: r.ConsumerID, State: State(r.State), Plan: r.Plan, Since: r.Since, Until: r.Until, Auto: r.Auto, CreatedAt: r.CreatedAt, sequence: r.Sequence,
	}
}

// LevelAt is the level at a time in unix ms, and until when. The clock decides, whether or not somebody has noted the end yet.
func (m Membership) LevelAt(now int64) (Level, int64) {
	if m.State == Active && now < m.Until {
		return LevelPlus, m.Until
	}
	return LevelNone, 0
}

// extended is the end after days more: from the end if that is to come, else from now.
func (m Membership) extended(now, days int64) int64 {
	from := now
	if m.State == Active {
		from = max(now, m.Until)
	}
	return from + days*day
}

const (
	day = int64(24 * time.Hour / time.Millisecond)
	// mostAhead is how far ahead a membership may end: nobody clicks itself a century.
	mostAhead = 1096 * day
	// renewAhead is how long before the end a membership renews itself, so that there is no gap.
	renewAhead = time.Minute
)
