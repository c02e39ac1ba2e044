package account

import (
	"context"
	"database/sql"
	"errors"

	"minimart/open/account/accountdb"
	"minimart/platform/db"
	"minimart/platform/fault"
)

// OrganisationName is what an organisation is called. Other rooms call it for those who may know: consumers see whose program
// they open.
// Errors: not_found; unavailable.
func (s *Service) OrganisationName(ctx context.Context, org string) (string, error) {
	o, err := s.lookUp(ctx, org)
	return o.Name, err
}

// Verified says whether the operator has verified an organisation and it still is. Other rooms call it.
// Errors: not_found; unavailable.
func (s *Service) Verified(ctx context.Context, org string) (bool, error) {
	o, err := s.lookUp(ctx, org)
	return o.State == StateVerified, err
}

// MaySubmit says whether an organisation may hand programs to the reviewers: once it is verified, whatever the app.
// Errors: denied; not_found; unavailable.
func (s *Service) MaySubmit(ctx context.Context, org, _ string) error {
	o, err := s.lookUp(ctx, org)
	if err == nil && o.State != StateVerified {
		err = fault.Denied(notVerified, o.Name)
	}
	return err
}

// HasOperator says whether somebody runs this platform: whether [Service.Bootstrap] was called.
// Errors: unavailable.
func (s *Service) HasOperator(ctx context.Context) (there bool, err error) {
	err = s.db.View(ctx, func(tx db.Tx) error {
		_, err := accountdb.New(tx).Operator(ctx)
		if there = err == nil; errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return there, err
}

func (s *Service) lookUp(ctx context.Context, org string) (o Organisation, err error) {
	err = s.db.View(ctx, func(tx db.Tx) error {
		o, err = findOrganisation(ctx, tx, org)
		return err
	})
	return o, err
}
