package account_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"minimart/open/account"
	"minimart/platform/access"
	"minimart/platform/fault"
)

// owners says which organisation owns an app.
type owners map[string]string

func (o owners) OrgOf(_ context.Context, app string) (string, error) {
	if org, ok := o[app]; ok {
		return org, nil
	}
	return "", fault.NotFound("there is no app %s", app)
}

// ask calls f as a handler of another room would be called for a request of p.
func ask(t *testing.T, o *office, p *page, who access.Who, name string, f func(context.Context, access.Actor) error) int {
	t.Helper()
	huma.Register(o.console, huma.Operation{OperationID: name, Method: "GET", Path: "/" + name}, func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		actor, err := who(ctx)
		if err != nil {
			return nil, err
		}
		return nil, f(ctx, actor)
	})
	return p.send("GET", "/"+name, "").Code
}

func TestOtherRoomsLearnWhoAsksAndWhatTheyMayDo(t *testing.T) {
	h := onSQLite(t)
	h.operator(t)
	o := openOffice(h, account.Edge{})
	owner, reader := h.enter(t, "owner@shop.example"), h.enter(t, "reader@shop.example")
	org := h.organisation(t, owner)
	h.join(t, owner, reader, org.ID, account.ReadOnly)
	who := h.Actors(owners{"app_mine": org.ID, "app_other": "org_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"})
	may := func(app string, do access.Action) func(context.Context, access.Actor) error {
		return func(ctx context.Context, a access.Actor) error {
			got, err := a.InApp(ctx, app, do)
			if err == nil && (got != org.ID || a.ActorID() == "" || a.Address() == "") {
				t.Errorf("%s in %s at %q", a.ActorID(), got, a.Address())
			}
			return err
		}
	}
	platform := func(ctx context.Context, a access.Actor) error { return a.OnPlatform(ctx, account.PlatformRead) }
	for name, c := range map[string]struct {
		login  string
		do     func(context.Context, access.Actor) error
		status int
	}{
		"owner-writes":          {"owner@shop.example", may("app_mine", account.ProgramWrite), http.StatusNoContent},
		"reader-reads":          {"reader@shop.example", may("app_mine", account.ProgramRead), http.StatusNoContent},
		"reader-writes":         {"reader@shop.example", may("app_mine", account.ProgramWrite), http.StatusForbidden},
		"owner-at-neighbours":   {"owner@shop.example", may("app_other", account.ProgramRead), http.StatusNotFound},
		"owner-nowhere":         {"owner@shop.example", may("app_none", account.ProgramRead), http.StatusNotFound},
		"operator-in-app":       {"root@platform.example", may("app_mine", account.ProgramRead), http.StatusNotFound},
		"owner-as-operator":     {"owner@shop.example", platform, http.StatusForbidden},
		"operator-reads":        {"root@platform.example", platform, http.StatusNoContent},
		"owner-platform-action": {"owner@shop.example", may("app_mine", account.PlatformRead), http.StatusForbidden},
	} {
		if status := ask(t, o, o.in(t, c.login), who, name, c.do); status != c.status {
			t.Errorf("%s: %d, want %d", name, status, c.status)
		}
	}
	if status := ask(t, o, &page{office: o}, who, "stranger", platform); status != http.StatusUnauthorized {
		t.Errorf("a stranger: %d", status)
	}
}

func TestWhereStrangersMayNotSignUpTheInvitedDo(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		owner := h.enter(t, "owner@shop.example")
		org := h.organisation(t, owner)
		closed := account.New(account.Config{
			DB: h.db, Blobs: h.blobs, Courier: h.letters, Clock: h.clock, PasswordCost: account.PasswordCost{Memory: 8, Passes: 1, Threads: 1},
			SelfSignUp: func(context.Context) (bool, error) { return false, nil },
		})
		must[account.Invited](t)(closed.Invite(t.Context(), owner, org.ID, "guest@shop.example", account.Developer))

		must[account.Challenge](t)(closed.StartSignUp(t.Context(), "stranger@shop.example", fault.En, fromOffice))
		if m := h.letters.last(t, "stranger@shop.example"); m.Purpose != account.SignUpClosed || m.Code != "" {
			t.Errorf("the stranger is told %+v", m)
		}
		c := must[account.Challenge](t)(closed.StartSignUp(t.Context(), "guest@shop.example", fault.En, fromOffice))
		code := h.letters.last(t, "guest@shop.example").Code
		must[account.Begun](t)(closed.FinishSignUp(t.Context(), account.Answer{Challenge: c.ID, Code: code, Name: "Guest", Password: goodPassword}, fromOffice))
	})
}
