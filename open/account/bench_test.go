package account_test

import (
	"context"
	"io/fs"
	"testing"

	"minimart/open/account"
	"minimart/platform/allowance"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/testkit"
)

type silence struct{}

func (silence) Append(_ context.Context, _ db.Tx, _ db.Event) error { return nil }
func (silence) Committed()                                          {}

// BenchmarkRequest is what every request to a console costs on top of its work: its session and its permission.
func BenchmarkRequest(b *testing.B) {
	d := testkit.SQLite(b)
	testkit.Migrate(b, d, map[string]fs.FS{"account": account.Schema, "allowance": allowance.Schema})
	d.AttachOutbox(silence{})
	s := account.New(account.Config{DB: d, Courier: &letterbox{}, Clock: clock.NewFake(opening)})
	org, _, err := s.Bootstrap(b.Context(), "Operator", account.NewPerson{Login: "root@platform.example", Name: "Root", Password: goodPassword})
	if err != nil {
		b.Fatal(err)
	}
	begun, err := s.SignIn(b.Context(), "root@platform.example", goodPassword, fromOffice)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		by, err := s.Resume(b.Context(), begun.Token, fromOffice)
		if err == nil {
			err = s.Authorize(b.Context(), by, org.ID, account.OrganisationReview)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
