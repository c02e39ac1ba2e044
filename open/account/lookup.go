package account

import (
	"context"

	"minimart/platform/db"
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

func (s *Service) lookUp(ctx context.Context, org string) (o Organisation, err error) {
	err = s.db.View(ctx, func(tx db.Tx) error {
		o, err = findOrganisation(ctx, tx, org)
		return err
	})
	return o, err
}
