package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"minimart/open/account/accountdb"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Member is a person in an organisation.
type Member struct {
	Person   string
	Login    Login
	Name     string
	Role     Role
	JoinedAt int64 // unix ms
}

// maxMembers is how many an organisation may have.
const maxMembers = 500

func checkRole(c *fault.Checks, r Role) {
	c.Require(slices.Contains(Roles, r), "role", noRole, fault.Cut(string(r), 20))
}

// Members lists who belongs to an organisation, the oldest first. Its members may call it.
// Errors: not_found; unavailable.
func (s *Service) Members(ctx context.Context, by Session, org string) ([]Member, error) {
	var out []Member
	err := s.db.View(ctx, func(tx db.Tx) error {
		if err := s.AuthorizeIn(ctx, tx, by, org, MemberRead); err != nil {
			return err
		}
		rows, err := accountdb.New(tx).Members(ctx, org)
		out = convert(rows, func(r accountdb.MembersRow) Member {
			return Member{Person: r.PersonID, Login: Login(r.Login), Name: r.Name, Role: Role(r.Role), JoinedAt: r.JoinedAt}
		})
		return err
	})
	return out, err
}

// addMember makes a person a member, with its entry and its event.
// Errors: conflict when it is one; exhausted when the organisation or the person has no room.
func (s *Service) addMember(ctx context.Context, tx db.Tx, org, person string, role Role, from Visitor) error {
	q := accountdb.New(tx)
	if n, err := q.CountMembers(ctx, org); err != nil {
		return err
	} else if n >= maxMembers {
		return fault.Exhausted(tooManyMembers, maxMembers)
	}
	if n, err := q.CountMemberships(ctx, person); err != nil {
		return err
	} else if n >= maxMemberships {
		return fault.Exhausted(tooManyMemberships, maxMemberships)
	}
	member, now := id.New(MemberPrefix), clock.Millis(s.clock)
	n, err := q.AddMember(ctx, accountdb.AddMemberParams{ID: member, OrgID: org, PersonID: person, Role: string(role), JoinedAt: now})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict(alreadyMember)
	}
	err = s.Record(ctx, tx, Entry{Actor: person, Org: org, Action: "member.joined", Target: person, Detail: map[string]string{"role": string(role)}, IP: from.Address})
	if err != nil {
		return err
	}
	return tx.Emit(ctx, TopicMemberJoined, member, MemberChanged{Organisation: org, Person: person, Role: role, At: now})
}

// SetRole gives a member another role. The organisation's owners may call it, also on themselves as long as there is another
// owner. Invitations that somebody sent who may not invite any more are withdrawn.
// Errors: invalid; not_found for the organisation or the member; denied; conflict for the last owner; unavailable.
func (s *Service) SetRole(ctx context.Context, by Session, org, person string, role Role) error {
	var c fault.Checks
	if checkRole(&c, role); c.Failed() {
		return c.Err()
	}
	return s.db.Update(ctx, func(tx db.Tx) error {
		if err := s.AuthorizeIn(ctx, tx, by, org, MemberManage); err != nil {
			return err
		}
		member, err := findMember(ctx, tx, org, person)
		if err != nil {
			return err
		}
		before := Role(member.Role)
		if before == role {
			return nil
		}
		if err := keepAnOwner(ctx, tx, org, person, before); err != nil {
			return err
		}
		q := accountdb.New(tx)
		changes, err := q.SetRole(ctx, accountdb.SetRoleParams{OrgID: org, PersonID: person, Role: string(role)})
		if err != nil {
			return err
		}
		if !Can(role, MemberManage) {
			if _, err := q.DropInvitationsBy(ctx, accountdb.DropInvitationsByParams{OrgID: org, InvitedBy: person}); err != nil {
				return err
			}
		}
		err = s.Record(ctx, tx, Entry{Actor: by.Person, Org: org, Action: "member.role-changed", Target: person, Detail: map[string]string{"from": string(before), "to": string(role)}, IP: by.From.Address})
		if err != nil {
			return err
		}
		return tx.Emit(ctx, TopicMemberRoleChanged, fmt.Sprintf("%s:n%d", member.ID, changes),
			MemberChanged{Organisation: org, Person: person, Role: role, Before: before, At: clock.Millis(s.clock)})
	})
}

// Remove ends a membership, and with it every session of that person at once. The organisation's owners may call it, and
// everybody on themselves, which is leaving: then this session goes on.
// Errors: not_found for the organisation or the member; denied; conflict for the last owner; unavailable.
func (s *Service) Remove(ctx context.Context, by Session, org, person string) error {
	return s.db.Update(ctx, func(tx db.Tx) error {
		needs := MemberManage
		if person == by.Person {
			needs = OrganisationRead
		}
		if err := s.AuthorizeIn(ctx, tx, by, org, needs); err != nil {
			return err
		}
		member, err := findMember(ctx, tx, org, person)
		if err != nil {
			return err
		}
		if err := keepAnOwner(ctx, tx, org, person, Role(member.Role)); err != nil {
			return err
		}
		q := accountdb.New(tx)
		if _, err := q.DropMember(ctx, accountdb.DropMemberParams{OrgID: org, PersonID: person}); err != nil {
			return err
		}
		// Who is out must not come back through a door left ajar for a friend.
		if _, err := q.DropInvitationsBy(ctx, accountdb.DropInvitationsByParams{OrgID: org, InvitedBy: person}); err != nil {
			return err
		}
		action := "member.removed"
		if person == by.Person {
			action = "member.left"
		} else if _, err := q.EndSessions(ctx, person); err != nil {
			return err
		}
		err = s.Record(ctx, tx, Entry{Actor: by.Person, Org: org, Action: action, Target: person, Detail: map[string]string{"role": member.Role}, IP: by.From.Address})
		if err != nil {
			return err
		}
		return tx.Emit(ctx, TopicMemberRemoved, member.ID, MemberChanged{Organisation: org, Person: person, Before: Role(member.Role), At: clock.Millis(s.clock)})
	})
}

// findMember finds a person's membership.
// Errors: not_found.
func findMember(ctx context.Context, tx db.Tx, org, person string) (accountdb.StandingRow, error) {
	if id.Check(PersonPrefix, person) != nil {
		return accountdb.StandingRow{}, fault.NotFound(noMember, fault.Cut(person, 40))
	}
	row, err := accountdb.New(tx).Standing(ctx, accountdb.StandingParams{OrgID: org, PersonID: person})
	if errors.Is(err, sql.ErrNoRows) {
		return row, fault.NotFound(noMember, person)
	}
	return row, err
}

// keepAnOwner refuses to take the role of an owner from the last one. Two owners who do it to each other at once meet here:
// on SQLite one after the other, on PostgreSQL because a serializable transaction does not outlive what it has read.
// Errors: conflict.
func keepAnOwner(ctx context.Context, tx db.Tx, org, person string, role Role) error {
	if role != Owner {
		return nil
	}
	n, err := accountdb.New(tx).CountOtherOwners(ctx, accountdb.CountOtherOwnersParams{OrgID: org, PersonID: person})
	if err == nil && n == 0 {
		err = fault.Conflict(lastOwner)
	}
	return err
}
