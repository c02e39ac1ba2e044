package membership_test

import (
	"context"
	"io/fs"
	"path/filepath"
	"testing"

	"minimart/open/capability"
	"minimart/open/gateway/seal"
	"minimart/open/host"
	"minimart/open/identity"
	"minimart/open/membership"
	"minimart/platform/access"
	"minimart/platform/allowance"
	"minimart/platform/fault"
	"minimart/platform/id"
	"minimart/platform/testkit"
)

// The rooms fit each other.
var (
	_ membership.Consumers   = (*identity.Service)(nil)
	_ membership.Disclosures = (*identity.Service)(nil)
	_ identity.Plus          = (*membership.Service)(nil)
	_ identity.Grants        = (*capability.Service)(nil)
	_ identity.Assertions    = (*host.Service)(nil)
	_ identity.Sealer        = (*seal.Box)(nil)
	_ host.Sessions          = (*identity.Service)(nil)
)

// phone is a provider, a shelf of one program, and whoever else the rooms ask about it.
type phone struct {
	last identity.Message
	app  identity.App
}

func (p *phone) Send(_ context.Context, m identity.Message) error { p.last = m; return nil }

func (p *phone) Open(_ context.Context, app, _ string) (identity.App, error) {
	if app != p.app.ID {
		return identity.App{}, fault.NotFound("there is no program %s", app)
	}
	return p.app, nil
}

func (p *phone) Known(context.Context, []string) (map[string]identity.App, error) {
	return map[string]identity.App{p.app.ID: p.app}, nil
}
func (p *phone) Verified(context.Context, string) (bool, error)      { return true, nil }
func (p *phone) OrgOf(_ context.Context, app string) (string, error) { return p.app.Org, nil }
func (p *phone) Verify(context.Context, string, string) (a host.Asserted, err error) {
	return a, fault.Unauthenticated("nobody vouches")
}

// TestACapabilityOpensAndShutsWhatAProgramLearns is the story with the real rooms: refused before, works after, refused from the
// call after the revocation.
func TestACapabilityOpensAndShutsWhatAProgramLearns(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *club) {
		ctx := t.Context()
		p := &phone{app: identity.App{ID: id.New("app"), Name: "茶铺", Org: id.New("org"), Privacy: map[identity.Kind]string{
			identity.PhoneNumber: "联系您送货", identity.MembershipKind: "会员价",
		}}}
		testkit.Migrate(t, c.db, map[string]fs.FS{"identity": identity.Schema, "capability": capability.Schema, "allowance": allowance.Schema})
		box := must[*seal.Box](t)(seal.Open(filepath.Join(t.TempDir(), "key")))
		centre := capability.New(capability.Config{DB: c.db, Log: c.log, Organisations: p, Apps: p, Clock: c.clock})
		consumers := identity.New(identity.Config{DB: c.db, Sender: p, Apps: p, Grants: centre, Assertions: p, Sealer: box, Log: c.log, Clock: c.clock})
		members := membership.New(membership.Config{DB: c.db, Consumers: consumers, Disclosures: consumers, Log: c.log, Clock: c.clock})

		v := access.Visitor{Host: id.New("hst"), Address: "203.0.113.7"}
		ch := must[identity.Challenge](t)(consumers.StartSignIn(ctx, v, "13800138000", fault.Zh))
		b := must[identity.Begun](t)(consumers.FinishSignIn(ctx, v, "", ch.ID, p.last.Code))
		v.Consumer, v.Session = b.Consumer, b.ID
		here := access.WithVisitor(ctx, v)
		joined := must[m](t)(members.Join(ctx, v, "plus-month", false))
		code := must[identity.Code](t)(consumers.Login(here, p.app.ID, ""))
		login := must[identity.Login](t)(consumers.ExchangeLogin(ctx, p.app.ID, code.Code))

		for _, kind := range []identity.Kind{identity.PhoneNumber, identity.MembershipKind} {
			_, err := consumers.Agree(here, p.app.ID, "", kind)
			wants(t, string(kind)+" before", err, fault.CodeDenied)
		}
		for _, capability := range []string{"phone-number", "plus-membership"} {
			check(t, centre.Endow(ctx, p.app.ID, capability))
		}
		shown := must[identity.Shown](t)(consumers.Agree(here, p.app.ID, "", identity.PhoneNumber))
		if got := must[identity.ShownPhone](t)(consumers.ExchangePhone(ctx, p.app.ID, shown.Code.Code)); got.PhoneNumber != "13800138000" {
			t.Errorf("%+v", got)
		}
		_, _, err := members.StatusInHost(here, p.app.ID, "")
		wants(t, "membership before the consumer agreed", err, fault.CodeDenied)
		must[identity.Shown](t)(consumers.Agree(here, p.app.ID, "", identity.MembershipKind))
		level, until, err := members.StatusInHost(here, p.app.ID, "")
		if err != nil || level != membership.LevelPlus || until != joined.Until {
			t.Errorf("%s %d %v", level, until, err)
		}
		level, _, err = members.Status(ctx, p.app.ID, login.OpenID)
		if err != nil || level != membership.LevelPlus {
			t.Errorf("%s %v", level, err)
		}
		pending := must[identity.Shown](t)(consumers.Agree(here, p.app.ID, "", identity.PhoneNumber))

		for _, capability := range []string{"phone-number", "plus-membership"} {
			check(t, centre.Revoke(ctx, root, p.app.ID, capability, "complaints"))
		}
		_, _, err = members.StatusInHost(here, p.app.ID, "")
		wants(t, "membership in the program after", err, fault.CodeDenied)
		_, _, err = members.Status(ctx, p.app.ID, login.OpenID)
		wants(t, "membership for the server after", err, fault.CodeDenied)
		_, err = consumers.Agree(here, p.app.ID, "", identity.PhoneNumber)
		wants(t, "asking for the number after", err, fault.CodeDenied)
		_, err = consumers.ExchangePhone(ctx, p.app.ID, pending.Code.Code)
		wants(t, "exchanging a code from before", err, fault.CodeDenied)

		told, _, err := consumers.Disclosures(ctx, v, p.app.ID, "", 10)
		if err != nil || len(told) != 3 || told[0].Kind != "membership" || told[0].Times != 3 {
			t.Errorf("%+v %v", told, err)
		}
		// Another process, whose memory is older than the revocation, is told in the transaction.
		stale := identity.New(identity.Config{DB: c.db, Sender: p, Apps: p, Grants: yesman{centre}, Assertions: p, Sealer: box, Log: c.log, Clock: c.clock})
		wants(t, "a process that remembers the grant", stale.LearnMembership(ctx, p.app.ID, v.Consumer), fault.CodeDenied)
	})
}

// yesman remembers a grant that was revoked.
type yesman struct{ *capability.Service }

func (yesman) Allowed(context.Context, string, string) (bool, error) { return true, nil }
