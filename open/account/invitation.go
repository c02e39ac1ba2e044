package account

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"minimart/open/account/accountdb"
	"minimart/platform/allowance"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Invitation is a membership that waits for somebody to accept it.
type Invitation struct {
	ID        string
	Login     Login // who may accept it
	Role      Role
	InvitedBy string // person
	CreatedAt int64  // unix ms
	ExpiresAt int64  // unix ms
}

// Invited is an invitation just made. The token is told once; only its hash is stored.
type Invited struct {
	Invitation
	Token string
	// Delivered says whether the courier took the message. If not, the inviter can hand the token over by other means: it
	// helps nobody but the login.
	Delivered bool
}

const (
	invitationHolds = 7 * 24 * time.Hour
	maxInvitations  = 100 // pending, per organisation
)

// Invite lets a login join an organisation. Whether it has an account already makes no difference and cannot be told. The
// organisation's owners may call it.
// Errors: invalid with every field that is wrong; not_found; denied; exhausted; unavailable.
func (s *Service) Invite(ctx context.Context, by Session, org, login string, role Role) (Invited, error) {
	var c fault.Checks
	to, err := ParseLogin(login)
	c.Include("", err)
	checkRole(&c, role)
	if err := c.Err(); err != nil {
		return Invited{}, err
	}
	now := clock.Millis(s.clock)
	out := Invited{Token: newSecret(s.random), Invitation: Invitation{
		ID: id.New(InvitationPrefix), Login: to, Role: role, InvitedBy: by.Person, CreatedAt: now, ExpiresAt: now + invitationHolds.Milliseconds(),
	}}
	var message Message
	var refused *fault.Fault
	err = s.db.Update(ctx, func(tx db.Tx) (err error) {
		if err := s.AuthorizeIn(ctx, tx, by, org, MemberManage); err != nil {
			return err
		}
		if refused, err = allowance.Take(ctx, tx, now, invitationsPerOrg.Of(org)); err != nil || refused != nil {
			return err
		}
		o, err := findOrganisation(ctx, tx, org)
		if err != nil {
			return err
		}
		q := accountdb.New(tx)
		inviter, err := q.Person(ctx, by.Person)
		if err != nil {
			return err
		}
		if n, err := q.CountInvitations(ctx, accountdb.CountInvitationsParams{OrgID: org, Now: now}); err != nil {
			return err
		} else if n >= maxInvitations {
			return fault.Exhausted(tooManyInvitations, maxInvitations)
		}
		message = Message{
			To: to, Language: fault.Language(inviter.Language), Purpose: InvitationLink, Token: out.Token, Organisation: o.Name, ExpiresAt: out.ExpiresAt,
		}
		err = q.AddInvitation(ctx, accountdb.AddInvitationParams{
			ID: out.ID, OrgID: org, Login: string(to), Role: string(role), TokenHash: hashSecret(out.Token), InvitedBy: by.Person, CreatedAt: now, ExpiresAt: out.ExpiresAt,
		})
		if err != nil {
			return err
		}
		return s.Record(ctx, tx, Entry{Actor: by.Person, Org: org, Action: "invitation.sent", Target: out.ID, Detail: map[string]string{"login": string(to), "role": string(role)}, IP: by.From.Address})
	})
	if err == nil && refused != nil {
		err = refused
	}
	if err != nil {
		return Invited{}, err
	}
	out.Delivered = s.courier.Deliver(ctx, message) == nil
	return out, nil
}

// Invitations lists those of an organisation that may still be accepted, the newest first. Its owners may call it.
// Errors: not_found; denied; unavailable.
func (s *Service) Invitations(ctx context.Context, by Session, org string) ([]Invitation, error) {
	var out []Invitation
	err := s.db.View(ctx, func(tx db.Tx) error {
		if err := s.AuthorizeIn(ctx, tx, by, org, MemberManage); err != nil {
			return err
		}
		rows, err := accountdb.New(tx).Invitations(ctx, accountdb.InvitationsParams{OrgID: org, Now: clock.Millis(s.clock)})
		out = convert(rows, func(r accountdb.InvitationsRow) Invitation {
			return Invitation{ID: r.ID, Login: Login(r.Login), Role: Role(r.Role), InvitedBy: r.InvitedBy, CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt}
		})
		return err
	})
	return out, err
}

// Withdraw makes an invitation worthless that nobody has accepted. The organisation's owners may call it.
// Errors: not_found for the organisation or the invitation; denied; unavailable.
func (s *Service) Withdraw(ctx context.Context, by Session, org, invitation string) error {
	return s.db.Update(ctx, func(tx db.Tx) error {
		if err := s.AuthorizeIn(ctx, tx, by, org, MemberManage); err != nil {
			return err
		}
		if id.Check(InvitationPrefix, invitation) != nil {
			return fault.NotFound(noInvitation, fault.Cut(invitation, 40))
		}
		n, err := accountdb.New(tx).DropInvitation(ctx, accountdb.DropInvitationParams{OrgID: org, ID: invitation})
		if err == nil && n == 0 {
			err = fault.NotFound(noInvitation, invitation)
		}
		if err != nil {
			return err
		}
		return s.Record(ctx, tx, Entry{Actor: by.Person, Org: org, Action: "invitation.withdrawn", Target: invitation, IP: by.From.Address})
	})
}

// Accept makes the person of a session a member of the organisation that a token invites its login to. It answers the
// organisation's id.
// Errors: not_found, the same for a token that never was, one that ran out, one withdrawn and one for another login;
// conflict when it was accepted before, or the person is a member; exhausted; unavailable.
func (s *Service) Accept(ctx context.Context, by Session, token string) (org string, err error) {
	now := clock.Millis(s.clock)
	var refused *fault.Fault
	err = s.db.Update(ctx, func(tx db.Tx) (err error) {
		refused, err = allowance.Take(ctx, tx, now, acceptancePerPerson.Of(by.Person))
		return err
	})
	if err != nil {
		return "", err
	}
	if refused != nil {
		return "", refused
	}
	if !wellFormedSecret(token) {
		return "", fault.NotFound(badInvitation)
	}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		q := accountdb.New(tx)
		inv, err := q.InvitationByToken(ctx, hashSecret(token))
		if errors.Is(err, sql.ErrNoRows) {
			return fault.NotFound(badInvitation)
		}
		if err != nil {
			return err
		}
		me, err := q.Person(ctx, by.Person)
		if err != nil {
			return err
		}
		if me.Login != inv.Login || now >= inv.ExpiresAt {
			return fault.NotFound(badInvitation)
		}
		n, err := q.AcceptInvitation(ctx, accountdb.AcceptInvitationParams{ID: inv.ID, AcceptedAt: now})
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict(invitationUsed)
		}
		org = inv.OrgID
		return s.addMember(ctx, tx, org, by.Person, Role(inv.Role), by.From)
	})
	if err != nil {
		return "", err
	}
	return org, nil
}
