package account

import (
	"context"
	"database/sql"
	"errors"

	"minimart/open/account/accountdb"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Bootstrap makes the operator's organisation with its first owner, once: where there is one it is answered as it is, and
// made is false. No route leads here: it is for the first start.
// Errors: invalid with every field that is wrong; conflict when the owner's login is taken; unavailable.
func (s *Service) Bootstrap(ctx context.Context, name string, owner NewPerson) (operator Organisation, made bool, err error) {
	find := func(tx db.Tx) error {
		row, err := accountdb.New(tx).Operator(ctx)
		if err == nil {
			operator = organisationOf(accountdb.OrganisationRow(row))
		}
		return err
	}
	if err := s.db.View(ctx, find); !errors.Is(err, sql.ErrNoRows) {
		return operator, false, err
	}
	var c fault.Checks
	name = checkOrgName(&c, name)
	owner, login, err := owner.check()
	c.Include("owner", err)
	if err := c.Err(); err != nil {
		return Organisation{}, false, err
	}
	sealed, err := s.vault.seal(ctx, owner.Password)
	if err != nil {
		return Organisation{}, false, err
	}
	now := clock.Millis(s.clock)
	p := Person{ID: id.New(PersonPrefix), Login: login, Name: owner.Name, Language: owner.Language, CreatedAt: now}
	o := Organisation{ID: id.New(OrganisationPrefix), Name: name, Kind: Operator, State: StateVerified, CreatedAt: now, ChangedAt: now}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		made = false
		if err := find(tx); !errors.Is(err, sql.ErrNoRows) {
			return err // another process was first
		}
		operator, made = o, true
		if err := s.addPerson(ctx, tx, p, sealed, Visitor{}); err != nil {
			return err
		}
		return s.addOrganisation(ctx, tx, o, p.ID, Visitor{})
	})
	if err != nil {
		return Organisation{}, false, err
	}
	return operator, made, nil
}

// Filter says which organisations to list.
type Filter struct {
	State State  // "" for all
	Query string // part of a name, in any case and width
}

// Organisations pages through all organisations, the newest first: up to limit (1 to 100), and the cursor of the next page,
// "" at the end. The operator may call it.
// Errors: invalid for a cursor that Organisations did not give or an unknown state; denied; unavailable.
func (s *Service) Organisations(ctx context.Context, by Session, f Filter, cursor string, limit int) (page []Organisation, next string, err error) {
	var c fault.Checks
	if cursor != "" {
		c.Require(id.Check(OrganisationPrefix, cursor) == nil, "cursor", badCursor, fault.Cut(cursor, 40))
	}
	_, known := moves[f.State]
	c.Require(known || f.State == "", "state", noState, fault.Cut(string(f.State), 20))
	f.Query = c.Line("query", f.Query, maxOrgName)
	if err := c.Err(); err != nil {
		return nil, "", err
	}
	limit = clamp(limit)
	err = s.db.View(ctx, func(tx db.Tx) error {
		if _, err := s.AuthorizeOperatorIn(ctx, tx, by, PlatformRead); err != nil {
			return err
		}
		rows, err := accountdb.New(tx).Organisations(ctx, accountdb.OrganisationsParams{Before: cursor, State: string(f.State), Pattern: db.Containing(f.Query), Most: int32(limit + 1)})
		page = convert(rows, func(r accountdb.OrganisationsRow) Organisation { return organisationOf(accountdb.OrganisationRow(r)) })
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

// Qualification is an organisation with what it submitted and who it is, as the operator sees it.
type Qualification struct {
	Organisation Organisation
	Documents    []Document
	Members      []Member
}

// Qualification finds an organisation with its documents. The operator may call it.
// Errors: denied; not_found; unavailable.
func (s *Service) Qualification(ctx context.Context, by Session, org string) (Qualification, error) {
	var out Qualification
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		if _, err := s.AuthorizeOperatorIn(ctx, tx, by, OrganisationReview); err != nil {
			return err
		}
		if out.Organisation, err = findOrganisation(ctx, tx, org); err != nil {
			return err
		}
		if out.Documents, err = documents(ctx, tx, org); err != nil {
			return err
		}
		rows, err := accountdb.New(tx).Members(ctx, org)
		out.Members = convert(rows, func(r accountdb.MembersRow) Member {
			return Member{Person: r.PersonID, Login: Login(r.Login), Name: r.Name, Role: Role(r.Role), JoinedAt: r.JoinedAt}
		})
		return err
	})
	return out, err
}

// ReviewDocument reads a document of any organisation. The operator may call it; that it did is recorded.
// Errors: denied; not_found for the organisation or the document; unavailable.
func (s *Service) ReviewDocument(ctx context.Context, by Session, org, document string) (Document, []byte, error) {
	d, b, err := s.openDocument(ctx, org, document, func(tx db.Tx) error {
		if _, err := s.AuthorizeOperatorIn(ctx, tx, by, OrganisationReview); err != nil {
			return err
		}
		_, err := findOrganisation(ctx, tx, org)
		return err
	})
	if err != nil {
		return Document{}, nil, err
	}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		return s.Record(ctx, tx, Entry{Actor: by.Person, Org: org, Action: "document.reviewed", Target: document, IP: by.From.Address})
	})
	if err != nil {
		return Document{}, nil, err
	}
	return d, b, nil
}

// Decision is what the operator says about a submission.
type Decision struct {
	Submission int64  // which one was looked at: see Organisation.Submission
	Verdict    State  // StateVerified or StateRejected
	Reason     string // 1 to 500 characters when rejected: the organisation's owners read it
}

// Decide verifies or rejects an organisation. The operator may call it.
// Errors: invalid with every field that is wrong; denied; not_found; conflict when the submission is not the present one, or
// was decided already; unavailable.
func (s *Service) Decide(ctx context.Context, by Session, org string, in Decision) (Organisation, error) {
	var c fault.Checks
	c.Require(in.Verdict == StateVerified || in.Verdict == StateRejected, "verdict", noVerdict, fault.Cut(string(in.Verdict), 20))
	in.Reason = c.Text("reason", in.Reason, maxReason)
	c.Require(in.Verdict != StateRejected || in.Reason != "", "reason", reasonMissing)
	if err := c.Err(); err != nil {
		return Organisation{}, err
	}
	if in.Verdict == StateVerified {
		in.Reason = ""
	}
	var o Organisation
	err := s.db.Update(ctx, func(tx db.Tx) (err error) {
		if _, err := s.AuthorizeOperatorIn(ctx, tx, by, OrganisationReview); err != nil {
			return err
		}
		if o, err = findOrganisation(ctx, tx, org); err != nil {
			return err
		}
		if o.Kind == Operator {
			return fault.Conflict(operatorItself)
		}
		if o.Submission != in.Submission {
			return fault.Conflict(otherSubmission, o.Submission, in.Submission)
		}
		o, err = s.move(ctx, tx, o, in.Verdict, in.Reason, by)
		return err
	})
	return o, err
}
