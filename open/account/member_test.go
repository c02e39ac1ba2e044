package account_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/open/account"
	"minimart/platform/fault"
)

func TestAnOrganisationAlwaysHasAnOwner(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		a, b := h.enter(t, "a@shop.example"), h.enter(t, "b@shop.example")
		o := h.organisation(t, a)
		wants(t, "leaving alone", h.Remove(ctx, a, o.ID, a.Person), fault.CodeConflict)
		wants(t, "stepping down alone", h.SetRole(ctx, a, o.ID, a.Person, account.Finance), fault.CodeConflict)
		h.join(t, a, b, o.ID, account.Developer)
		wants(t, "leaving with a developer", h.Remove(ctx, a, o.ID, a.Person), fault.CodeConflict)

		for round := range 8 {
			check(t, h.SetRole(ctx, a, o.ID, b.Person, account.Owner))
			// Two owners at each other at once: by removal, by role, or one of each.
			var errs [2]error
			var wg sync.WaitGroup
			for i, pair := range [2][2]account.Session{{a, b}, {b, a}} {
				wg.Go(func() {
					if round%4 == 0 || round%4 == 1+i {
						errs[i] = h.Remove(ctx, pair[0], o.ID, pair[1].Person)
					} else {
						errs[i] = h.SetRole(ctx, pair[0], o.ID, pair[1].Person, account.ReadOnly)
					}
				})
			}
			wg.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Fatalf("round %d: %v, %v", round, errs[0], errs[1])
			}
			if errs[0] != nil { // let a be who is left
				a, b = b, a
			}
			if loser := fault.Of(errors2(errs)); loser.Code != fault.CodeNotFound && loser.Code != fault.CodeDenied {
				t.Errorf("round %d: the loser hears %v", round, loser)
			}
			owners := 0
			members := must[[]account.Member](t)(h.Members(ctx, a, o.ID))
			for _, m := range members {
				if m.Role == account.Owner {
					owners++
				}
			}
			if owners != 1 {
				t.Fatalf("round %d: %d owners", round, owners)
			}
			if len(members) == 1 {
				h.join(t, a, b, o.ID, account.Developer)
			}
		}
	})
}

func errors2(errs [2]error) error {
	if errs[0] != nil {
		return errs[0]
	}
	return errs[1]
}

func TestAnInvitationLetsOneLoginInOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		owner, li, eve := h.enter(t, "owner@shop.example"), h.enter(t, "li@shop.example"), h.enter(t, "eve@shop.example")
		o := h.organisation(t, owner)
		invite := func() account.Invited {
			t.Helper()
			return must[account.Invited](t)(h.Invite(ctx, owner, o.ID, "LI@shop.example", account.Operations))
		}
		in := invite()
		if letter := h.letters.last(t, "li@shop.example"); letter.Token != in.Token || letter.Organisation != o.Name || !strings.Contains(letter.Text(), o.Name) || !in.Delivered {
			t.Errorf("%+v", letter)
		}
		refused := map[string]func() error{
			"another login":  func() error { _, err := h.Accept(ctx, eve, in.Token); return err },
			"a forged token": func() error { _, err := h.Accept(ctx, li, strings.Repeat("A", 43)); return err },
			"no token":       func() error { _, err := h.Accept(ctx, li, ""); return err },
			"its id":         func() error { _, err := h.Accept(ctx, li, in.ID); return err },
			"a week later":   func() error { h.clock.Advance(7 * 24 * time.Hour); _, err := h.Accept(ctx, li, in.Token); return err },
			"a withdrawn one": func() error {
				i := invite()
				check(t, h.Withdraw(ctx, owner, o.ID, i.ID))
				_, err := h.Accept(ctx, li, i.Token)
				return err
			},
		}
		var says []string
		for _, name := range []string{"another login", "a forged token", "no token", "its id", "a week later", "a withdrawn one"} {
			err := refused[name]()
			wants(t, name, err, fault.CodeNotFound)
			says = append(says, err.Error())
		}
		if len(slices.Compact(says)) != 1 {
			t.Errorf("told apart: %q", says)
		}

		in = invite()
		var wg sync.WaitGroup
		var mu sync.Mutex
		var joined int
		for range 4 { // impatient clicks
			wg.Go(func() {
				_, err := h.Accept(ctx, li, in.Token)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					joined++
				} else if !fault.Is(err, fault.CodeConflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if members := must[[]account.Member](t)(h.Members(ctx, owner, o.ID)); joined != 1 || len(members) != 2 || members[1].Role != account.Operations {
			t.Errorf("joined %d times: %+v", joined, members)
		}
		_, err := h.Accept(ctx, li, invite().Token)
		wants(t, "a member already", err, fault.CodeConflict)
		wants(t, "withdrawing an accepted one", h.Withdraw(ctx, owner, o.ID, in.ID), fault.CodeNotFound)

		// Who is out, or may not invite any more, leaves no door ajar.
		check(t, h.SetRole(ctx, owner, o.ID, li.Person, account.Owner))
		ajar := must[account.Invited](t)(h.Invite(ctx, li, o.ID, "eve@shop.example", account.Owner))
		check(t, h.SetRole(ctx, owner, o.ID, li.Person, account.Developer))
		_, err = h.Accept(ctx, eve, ajar.Token)
		wants(t, "invited by who was an owner", err, fault.CodeNotFound)
		check(t, h.SetRole(ctx, owner, o.ID, li.Person, account.Owner))
		ajar = must[account.Invited](t)(h.Invite(ctx, li, o.ID, "eve@shop.example", account.Owner))
		check(t, h.Remove(ctx, owner, o.ID, li.Person))
		_, err = h.Accept(ctx, eve, ajar.Token)
		wants(t, "invited by who was removed", err, fault.CodeNotFound)

		h.letters.broken = true
		byHand := must[account.Invited](t)(h.Invite(ctx, owner, o.ID, "eve@shop.example", account.ReadOnly))
		if byHand.Delivered {
			t.Error("delivered by a broken courier")
		}
		must[string](t)(h.Accept(ctx, eve, byHand.Token))
	})
}

func TestInvitationsAreLimited(t *testing.T) {
	h := onSQLite(t)
	owner := h.enter(t, "owner@shop.example")
	o := h.organisation(t, owner)
	for i := range 100 {
		h.clock.Advance(time.Minute)
		must[account.Invited](t)(h.Invite(t.Context(), owner, o.ID, fmt.Sprintf("p%d@shop.example", i), account.ReadOnly))
	}
	h.clock.Advance(time.Hour)
	_, err := h.Invite(t.Context(), owner, o.ID, "more@shop.example", account.ReadOnly)
	wants(t, "the 101st open invitation", err, fault.CodeExhausted)
	if open := must[[]account.Invitation](t)(h.Invitations(t.Context(), owner, o.ID)); len(open) != 100 || open[0].Login != "p99@shop.example" {
		t.Errorf("%d open", len(open))
	}
	for range 6 {
		h.clock.Advance(time.Second)
		_, err = h.CreateOrganisation(t.Context(), owner, account.NewOrganisation{Name: "one more", Kind: account.ISV})
	}
	wants(t, "the sixth organisation in an hour", err, fault.CodeExhausted)
}

func TestRolesCanWhatTheTableSays(t *testing.T) {
	platform := []account.Permission{account.PlatformRead, account.PlatformAudit, account.PlatformConfigure, account.OrganisationReview, account.VersionReview, account.CapabilityReview}
	for _, p := range account.Permissions() {
		if !account.Can(account.Owner, p) {
			t.Errorf("an owner cannot %s", p)
		}
		changes := !strings.HasSuffix(string(p), ".read")
		if changes && account.Can(account.ReadOnly, p) {
			t.Errorf("readonly can %s", p)
		}
		if account.Can("", p) || account.Can("god", p) {
			t.Errorf("anybody can %s", p)
		}
	}
	for _, r := range account.Roles {
		if account.Can(r, "") || account.Can(r, "everything") {
			t.Errorf("%s can what nobody declared", r)
		}
		for _, k := range []account.Kind{account.Merchant, account.ISV} {
			for _, p := range account.PermissionsOf(r, k) {
				if slices.Contains(platform, p) {
					t.Errorf("%s of a %s has %s", r, k, p)
				}
			}
		}
	}
	for p, may := range map[account.Permission][]account.Role{
		account.MemberManage:   {account.Owner},
		account.MoneyRead:      {account.Owner, account.Finance},
		account.MoneyMove:      {account.Owner, account.Finance},
		account.VersionSubmit:  {account.Owner, account.Developer, account.Operations},
		account.VersionRelease: {account.Owner, account.Operations},
		account.KeyManage:      {account.Owner, account.Developer},
		account.AuditRead:      {account.Owner},
	} {
		for _, r := range account.Roles {
			if account.Can(r, p) != slices.Contains(may, r) {
				t.Errorf("%s and %s: %t", r, p, account.Can(r, p))
			}
		}
	}
}

func TestANeighbourIsNotThere(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		operator, li, eve := h.operator(t), h.enter(t, "li@shop.example"), h.enter(t, "eve@shop.example")
		o, other := h.organisation(t, li), h.organisation(t, eve)
		for _, p := range account.Permissions() {
			foreign := h.Authorize(ctx, eve, o.ID, p)
			none := h.Authorize(ctx, eve, "org_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", p)
			wants(t, string(p), foreign, fault.CodeNotFound)
			if strings.ReplaceAll(fmt.Sprint(foreign), o.ID, "") != strings.ReplaceAll(fmt.Sprint(none), "org_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", "") {
				t.Errorf("told apart: %v, %v", foreign, none)
			}
			wants(t, "the operator, as a stranger", h.Authorize(ctx, operator, o.ID, p), fault.CodeNotFound)
			_, err := h.AuthorizeOperator(ctx, eve, p)
			wants(t, "an owner elsewhere as operator", err, fault.CodeDenied)
		}
		for _, org := range []string{"", "x", "org_", strings.Repeat("x", 5000), "org_\x00", o.ID + " ", strings.ToLower(o.ID)} {
			wants(t, fmt.Sprintf("%.20q", org), h.Authorize(ctx, li, org, account.OrganisationRead), fault.CodeNotFound)
		}
		// Platform permissions count in the operator's organisation alone, whatever the role elsewhere.
		wants(t, "an owner's platform", h.Authorize(ctx, li, o.ID, account.OrganisationReview), fault.CodeDenied)
		home, err := h.AuthorizeOperator(ctx, operator, account.OrganisationReview)
		if err != nil || h.Authorize(ctx, operator, home, account.OrganisationReview) != nil {
			t.Errorf("%s %v", home, err)
		}
		_, err = h.Decide(ctx, operator, home, account.Decision{Verdict: account.StateVerified})
		wants(t, "the operator verifying itself", err, fault.CodeConflict)

		// What belongs to one organisation is not found through another.
		d := must[account.Document](t)(h.AddDocument(ctx, li, o.ID, account.NewDocument{Kind: account.OtherDocument, Name: "a.pdf", Bytes: pdf}))
		inv := must[account.Invited](t)(h.Invite(ctx, li, o.ID, "x@shop.example", account.ReadOnly))
		_, _, err = h.OpenDocument(ctx, eve, other.ID, d.ID)
		wants(t, "a document through another organisation", err, fault.CodeNotFound)
		_, _, err = h.ReviewDocument(ctx, operator, other.ID, d.ID)
		wants(t, "the operator, through another organisation", err, fault.CodeNotFound)
		wants(t, "deleting it", h.DropDocument(ctx, eve, other.ID, d.ID), fault.CodeNotFound)
		wants(t, "an invitation", h.Withdraw(ctx, eve, other.ID, inv.ID), fault.CodeNotFound)
		wants(t, "a member's role", h.SetRole(ctx, eve, other.ID, li.Person, account.ReadOnly), fault.CodeNotFound)
		wants(t, "a member", h.Remove(ctx, eve, other.ID, li.Person), fault.CodeNotFound)
	})
}
