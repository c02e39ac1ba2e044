package account

import (
	"context"
	"database/sql"
	"errors"

	"minimart/open/account/accountdb"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Authorize says whether the person of a session may do something in an organisation. Roles are read each time: a change
// holds for the next request.
// Errors: not_found for an organisation the person does not belong to, whether there is one or not: a neighbour must not
// learn that it exists; denied where the person's role does not have the permission; unavailable.
func (s *Service) Authorize(ctx context.Context, by Session, org string, p Permission) error {
	return s.db.View(ctx, func(tx db.Tx) error { return s.AuthorizeIn(ctx, tx, by, org, p) })
}

// AuthorizeIn is Authorize inside the transaction of what is to be allowed, so that a role that is taken away meanwhile
// allows nothing any more.
func (s *Service) AuthorizeIn(ctx context.Context, tx db.Tx, by Session, org string, p Permission) error {
	if id.Check(OrganisationPrefix, org) != nil {
		return fault.NotFound(noOrganisation, fault.Cut(org, 40))
	}
	row, err := accountdb.New(tx).Standing(ctx, accountdb.StandingParams{OrgID: org, PersonID: by.Person})
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFound(noOrganisation, org)
	}
	if err != nil {
		return err
	}
	if !Can(Role(row.Role), p) || platform[p] && Kind(row.Kind) != Operator {
		return fault.Denied(roleCannot, row.Role, p)
	}
	return nil
}

// AuthorizeOperator says whether the person of a session may do something as the operator. It answers the operator's
// organisation.
// Errors: denied; unavailable.
func (s *Service) AuthorizeOperator(ctx context.Context, by Session, p Permission) (operator string, err error) {
	err = s.db.View(ctx, func(tx db.Tx) (err error) {
		operator, err = s.AuthorizeOperatorIn(ctx, tx, by, p)
		return err
	})
	return operator, err
}

// AuthorizeOperatorIn is AuthorizeOperator inside a transaction.
func (s *Service) AuthorizeOperatorIn(ctx context.Context, tx db.Tx, by Session, p Permission) (operator string, err error) {
	row, err := accountdb.New(tx).OperatorStanding(ctx, by.Person)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fault.Denied(operatorOnly)
	}
	if err != nil {
		return "", err
	}
	if !Can(Role(row.Role), p) {
		return "", fault.Denied(roleCannot, row.Role, p)
	}
	return row.ID, nil
}
