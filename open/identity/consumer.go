package identity

import (
	"context"
	"database/sql"
	"encoding/base32"
	"errors"
	"slices"
	"strings"

	"minimart/open/identity/identitydb"
	"minimart/platform/access"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// State is whether a consumer may come in.
type State string

// The states. The moves between them stand in moves.
const (
	Active    State = "active"    // 正常
	Suspended State = "suspended" // 已停用: every door is shut, see [Service.Suspend]
)

var moves = map[State][]State{Active: {Suspended}, Suspended: {Active}}

// Consumer is somebody who uses host apps. It has no name but the one it calls itself.
type Consumer struct {
	ID        string
	Phone     Phone // "" when none was proved
	Nickname  string
	Avatar    string // key of a picture, see [AvatarKeys]
	State     State
	Reason    string // why it is suspended
	CreatedAt int64  // unix ms
}

func consumerOf(r identitydb.IdentityConsumer) Consumer {
	return Consumer{ID: r.ID, Phone: Phone(r.Phone), Nickname: r.Nickname, Avatar: r.Avatar, State: State(r.State), Reason: r.Reason, CreatedAt: r.CreatedAt}
}

// findConsumer reads a consumer. Errors: not_found.
func findConsumer(ctx context.Context, tx db.Tx, consumer string) (Consumer, error) {
	if id.Check(ConsumerPrefix, consumer) != nil {
		return Consumer{}, fault.NotFound(noConsumer, fault.Cut(consumer, 40))
	}
	row, err := identitydb.New(tx).Consumer(ctx, consumer)
	if errors.Is(err, sql.ErrNoRows) {
		return Consumer{}, fault.NotFound(noConsumer, consumer)
	}
	return consumerOf(row), err
}

// mustBeActive is for the transactions of what a consumer does: its session may have been ended a moment ago.
// Errors: unauthenticated; denied.
func mustBeActive(ctx context.Context, tx db.Tx, consumer string) (Consumer, error) {
	c, err := findConsumer(ctx, tx, consumer)
	if fault.Is(err, fault.CodeNotFound) {
		return Consumer{}, fault.Unauthenticated(notSignedIn)
	}
	if err == nil && c.State != Active {
		err = fault.Denied(isSuspended)
	}
	return c, err
}

// newConsumer stores somebody new, called by chance: a phone's digits are in no name.
func (s *Service) newConsumer(ctx context.Context, tx db.Tx, phone Phone) (Consumer, error) {
	luck := randomBytes(s.Random, 5)
	c := Consumer{
		ID: id.New(ConsumerPrefix), Phone: phone, State: Active, CreatedAt: s.now(),
		Nickname: "用户" + base32.StdEncoding.EncodeToString(luck)[:6], Avatar: avatarKeys[int(luck[4])%len(avatarKeys)],
	}
	return c, identitydb.New(tx).AddConsumer(ctx, identitydb.AddConsumerParams{ID: c.ID, Phone: string(phone), Nickname: c.Nickname, Avatar: c.Avatar, CreatedAt: c.CreatedAt})
}

// consumerOfPhone finds the consumer with a phone, or makes one.
func (s *Service) consumerOfPhone(ctx context.Context, tx db.Tx, phone Phone) (c Consumer, isNew bool, err error) {
	row, err := identitydb.New(tx).ConsumerByPhone(ctx, string(phone))
	if errors.Is(err, sql.ErrNoRows) {
		c, err = s.newConsumer(ctx, tx, phone)
		return c, true, err
	}
	return consumerOf(row), false, err
}

// Me is the consumer of a visitor.
// Errors: unauthenticated; unavailable.
func (s *Service) Me(ctx context.Context, v access.Visitor) (c Consumer, err error) {
	err = s.DB.View(ctx, func(tx db.Tx) error {
		c, err = mustBeActive(ctx, tx, v.Consumer)
		return err
	})
	return c, err
}

// Profile is what a consumer shows of itself. nil leaves a part as it is.
type Profile struct {
	Nickname *string // 1 to 20 characters
	Avatar   *string // one of [AvatarKeys]
}

// SetProfile changes how the consumer of a visitor is called and pictured.
// Errors: invalid with every field that is wrong; unauthenticated; unavailable.
func (s *Service) SetProfile(ctx context.Context, v access.Visitor, in Profile) (c Consumer, err error) {
	var wrong fault.Checks
	if in.Nickname != nil {
		kept := wrong.Line("nickname", *in.Nickname, maxNickname)
		wrong.Require(kept != "", "nickname", nicknameMissing)
		in.Nickname = &kept
	}
	if in.Avatar != nil {
		wrong.Require(slices.Contains(avatarKeys, *in.Avatar), "avatar", noAvatar, fault.Cut(*in.Avatar, 20), strings.Join(avatarKeys, ", "))
	}
	if err := wrong.Err(); err != nil {
		return Consumer{}, err
	}
	err = s.DB.Update(ctx, func(tx db.Tx) error {
		if c, err = mustBeActive(ctx, tx, v.Consumer); err != nil {
			return err
		}
		if in.Nickname != nil {
			c.Nickname = *in.Nickname
		}
		if in.Avatar != nil {
			c.Avatar = *in.Avatar
		}
		_, err := identitydb.New(tx).SetProfile(ctx, identitydb.SetProfileParams{ID: c.ID, Nickname: c.Nickname, Avatar: c.Avatar, ChangedAt: s.now()})
		return err
	})
	if err != nil {
		return Consumer{}, err
	}
	return c, nil
}

// PhoneOf is the phone of a consumer, "" when it has proved none. It is for rooms that know consumers by their phone, such as
// testers of a version; no route leads here.
// Errors: not_found; unavailable.
func (s *Service) PhoneOf(ctx context.Context, consumer string) (phone string, err error) {
	err = s.DB.View(ctx, func(tx db.Tx) error {
		c, err := findConsumer(ctx, tx, consumer)
		phone = string(c.Phone)
		return err
	})
	return phone, err
}

// Exists is nil when there is such a consumer. For other rooms.
// Errors: not_found; unavailable.
func (s *Service) Exists(ctx context.Context, consumer string) error {
	return s.DB.View(ctx, func(tx db.Tx) error {
		_, err := findConsumer(ctx, tx, consumer)
		return err
	})
}
