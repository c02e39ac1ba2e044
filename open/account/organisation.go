package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"minimart/open/account/accountdb"
	"minimart/platform/allowance"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Kind is what an organisation is to the platform.
type Kind string

// The kinds. There is one operator; [Service.Bootstrap] makes it.
const (
	Merchant Kind = "merchant" // 商家
	ISV      Kind = "isv"      // 服务商
	Operator Kind = "operator" // 平台运营方
)

// State is how far an organisation's qualification has come.
type State string

// The states.
const (
	StateNew       State = "new"
	StateSubmitted State = "submitted" // documents cannot change: what is looked at is what was submitted
	StateVerified  State = "verified"
	StateRejected  State = "rejected" // with a reason; it may be submitted again
)

// moves are all there are. A verified organisation can be rejected later: its licence ran out, or was not its own.
var moves = map[State][]State{
	StateNew:       {StateSubmitted},
	StateRejected:  {StateSubmitted},
	StateSubmitted: {StateVerified, StateRejected},
	StateVerified:  {StateRejected},
}

// open says whether the name and the documents may change.
func (s State) open() bool { return s == StateNew || s == StateRejected }

// Organisation is who programs and shops belong to.
type Organisation struct {
	ID         string
	Name       string
	Kind       Kind
	State      State
	Reason     string // why it was rejected, "" otherwise
	Submission int64  // how often it was submitted
	CreatedAt  int64  // unix ms
	ChangedAt  int64  // unix ms
}

// NewOrganisation is what CreateOrganisation needs.
type NewOrganisation struct {
	Name string // 2 to 60 characters
	Kind Kind   // merchant or isv
}

// maxMemberships is how many organisations a person may belong to.
const maxMemberships = 50

func checkOrgName(c *fault.Checks, name string) string {
	name = c.Line("name", name, maxOrgName)
	c.Require(len([]rune(name)) >= 2, "name", orgNameMissing)
	return name
}

// CreateOrganisation makes an organisation, with the person of the session as its owner. Anybody signed in may call it.
// Errors: invalid with every field that is wrong; exhausted when the person made too many or belongs to too many; unavailable.
func (s *Service) CreateOrganisation(ctx context.Context, by Session, in NewOrganisation) (Organisation, error) {
	var c fault.Checks
	in.Name = checkOrgName(&c, in.Name)
	c.Require(in.Kind == Merchant || in.Kind == ISV, "kind", noKind, fault.Cut(string(in.Kind), 20))
	if err := c.Err(); err != nil {
		return Organisation{}, err
	}
	now := clock.Millis(s.clock)
	o := Organisation{ID: id.New(OrganisationPrefix), Name: in.Name, Kind: in.Kind, State: StateNew, CreatedAt: now, ChangedAt: now}
	var refused *fault.Fault
	err := s.db.Update(ctx, func(tx db.Tx) (err error) {
		if refused, err = allowance.Take(ctx, tx, now, organisationsPerWho.Of(by.Person)); err != nil || refused != nil {
			return err
		}
		return s.addOrganisation(ctx, tx, o, by.Person, by.From)
	})
	if err == nil && refused != nil {
		err = refused
	}
	if err != nil {
		return Organisation{}, err
	}
	return o, nil
}

// addOrganisation stores an organisation and its first owner.
func (s *Service) addOrganisation(ctx context.Context, tx db.Tx, o Organisation, owner string, from Visitor) error {
	err := accountdb.New(tx).AddOrganisation(ctx, accountdb.AddOrganisationParams{
		ID: o.ID, Name: o.Name, SearchName: db.Fold(o.Name), Kind: string(o.Kind), State: string(o.State), CreatedAt: o.CreatedAt,
	})
	if err != nil {
		return err
	}
	err = s.Record(ctx, tx, Entry{Actor: owner, Org: o.ID, Action: "organisation.created", Target: o.ID, Detail: map[string]string{"name": o.Name, "kind": string(o.Kind)}, IP: from.Address})
	if err != nil {
		return err
	}
	return s.addMember(ctx, tx, o.ID, owner, Owner, from)
}

// Organisation finds an organisation. Its members may call it.
// Errors: not_found; unavailable.
func (s *Service) Organisation(ctx context.Context, by Session, org string) (Organisation, error) {
	var o Organisation
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		if err := s.AuthorizeIn(ctx, tx, by, org, OrganisationRead); err != nil {
			return err
		}
		o, err = findOrganisation(ctx, tx, org)
		return err
	})
	return o, err
}

// Rename gives an organisation another name, as long as it is neither under review nor verified: then its documents vouch
// for the name. Its owners may call it.
// Errors: invalid; not_found; denied; conflict; unavailable.
func (s *Service) Rename(ctx context.Context, by Session, org, name string) (Organisation, error) {
	var c fault.Checks
	name = checkOrgName(&c, name)
	if err := c.Err(); err != nil {
		return Organisation{}, err
	}
	var o Organisation
	err := s.db.Update(ctx, func(tx db.Tx) (err error) {
		if err := s.AuthorizeIn(ctx, tx, by, org, OrganisationWrite); err != nil {
			return err
		}
		if o, err = findOrganisation(ctx, tx, org); err != nil {
			return err
		}
		if !o.State.open() && o.Kind != Operator {
			return fault.Conflict(notOpen, o.State)
		}
		before := o.Name
		o.Name, o.ChangedAt = name, clock.Millis(s.clock)
		err = accountdb.New(tx).RenameOrganisation(ctx, accountdb.RenameOrganisationParams{ID: org, Name: name, SearchName: db.Fold(name), ChangedAt: o.ChangedAt})
		if err != nil {
			return err
		}
		return s.Record(ctx, tx, Entry{Actor: by.Person, Org: org, Action: "organisation.renamed", Target: org, Detail: map[string]string{"from": before, "to": name}, IP: by.From.Address})
	})
	return o, err
}

// move takes an organisation to another state, with its entry and its event.
// Errors: conflict when the table of moves has no such move.
func (s *Service) move(ctx context.Context, tx db.Tx, o Organisation, to State, reason string, by Session) (Organisation, error) {
	allowed := false
	for _, next := range moves[o.State] {
		allowed = allowed || next == to
	}
	if !allowed {
		return o, fault.Conflict(noMove, o.State, to)
	}
	var submitted int64
	if to == StateSubmitted {
		submitted = 1
	}
	now := clock.Millis(s.clock)
	row, err := accountdb.New(tx).MoveOrganisation(ctx, accountdb.MoveOrganisationParams{
		ID: o.ID, Before: string(o.State), State: string(to), Reason: reason, Submitted: submitted, ChangedAt: now,
	})
	if errors.Is(err, sql.ErrNoRows) {
		return o, fault.Conflict(noMove, o.State, to)
	}
	if err != nil {
		return o, err
	}
	detail := map[string]string{"from": string(o.State), "submission": fmt.Sprint(row.Submission)}
	if reason != "" {
		detail["reason"] = reason
	}
	o.State, o.Reason, o.Submission, o.ChangedAt = to, reason, row.Submission, now
	err = s.Record(ctx, tx, Entry{Actor: by.Person, Org: o.ID, Action: "organisation." + string(to), Target: o.ID, Detail: detail, IP: by.From.Address})
	if err != nil {
		return o, err
	}
	return o, tx.Emit(ctx, "organisation."+string(to), fmt.Sprintf("%s:n%d", o.ID, row.Sequence), OrganisationMoved{
		Organisation: o.ID, Name: o.Name, Kind: o.Kind, State: to, Reason: reason, Submission: row.Submission, At: now,
	})
}

func findOrganisation(ctx context.Context, tx db.Tx, org string) (Organisation, error) {
	if id.Check(OrganisationPrefix, org) != nil {
		return Organisation{}, fault.NotFound(noOrganisation, fault.Cut(org, 40))
	}
	row, err := accountdb.New(tx).Organisation(ctx, org)
	if errors.Is(err, sql.ErrNoRows) {
		return Organisation{}, fault.NotFound(noOrganisation, org)
	}
	return organisationOf(row), err
}

func organisationOf(r accountdb.OrganisationRow) Organisation {
	return Organisation{
		ID: r.ID, Name: r.Name, Kind: Kind(r.Kind), State: State(r.State), Reason: r.Reason, Submission: r.Submission, CreatedAt: r.CreatedAt, ChangedAt: r.ChangedAt,
	}
}
