package identity_test

import (
	"slices"
	"testing"

	"minimart/open/identity"
	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/fault"
	"minimart/platform/id"
)

func operator() access.Actor { return accesstest.Actor{ID: "usr_root", Operator: true} }

func TestASuspendedConsumerIsOutAtOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx, root := t.Context(), operator()
		v, b := w.enter(t, "13800138000")
		l := w.login(t, v, teaApp)
		pending := must[identity.Code](t)(w.Login(as(t, v), teaApp, ""))
		must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.MembershipKind))
		shown := must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.PhoneNumber))
		other, _ := w.enter(t, "13900139000")
		otherCode := must[identity.Code](t)(w.Login(as(t, other), teaApp, ""))

		_, err := w.Suspend(ctx, root, v.Consumer, " ")
		wants(t, "without a reason", err, fault.CodeInvalid)
		c := must[identity.Consumer](t)(w.Suspend(ctx, root, v.Consumer, "fraud"))
		if c.State != identity.Suspended || c.Reason != "fraud" {
			t.Errorf("%+v", c)
		}
		_, _, err = w.Resume(as(t, street), b.Token)
		wants(t, "its session", err, fault.CodeUnauthenticated)
		_, err = w.ExchangeLogin(ctx, teaApp, pending.Code)
		refused(t, "a login code on its way", err, identity.ErrUnknown, fault.CodeNotFound)
		_, err = w.ExchangePhone(ctx, teaApp, shown.Code.Code)
		refused(t, "a phone code on its way", err, identity.ErrUnknown, fault.CodeNotFound)
		if must[bool](t)(w.CheckSession(ctx, teaApp, l.OpenID, sign(l.SessionKey))) {
			t.Error("its session key holds")
		}
		wants(t, "its membership", w.LearnMembership(ctx, teaApp, v.Consumer), fault.CodeDenied)
		// A request that was let in a moment before:
		_, err = w.Login(as(t, v), teaApp, "")
		wants(t, "logging in", err, fault.CodeDenied)
		_, err = w.Agree(as(t, v), teaApp, "", identity.ProfileKind)
		wants(t, "agreeing", err, fault.CodeDenied)
		_, err = w.LoginHolds(as(t, v), teaApp, "")
		wants(t, "checking the login", err, fault.CodeDenied)
		_, err = w.Me(ctx, v)
		wants(t, "looking at itself", err, fault.CodeDenied)
		ch := must[identity.Challenge](t)(w.StartSignIn(ctx, street, "13800138000", fault.En))
		_, err = w.FinishSignIn(ctx, street, "", ch.ID, w.phones.last(t, "+8613800138000").Code)
		wants(t, "signing in again", err, fault.CodeDenied)
		must[identity.Login](t)(w.ExchangeLogin(ctx, teaApp, otherCode.Code)) // nobody else is touched

		_, err = w.Suspend(ctx, root, v.Consumer, "again")
		wants(t, "a second time", err, fault.CodeConflict)
		must[identity.Consumer](t)(w.Reinstate(ctx, root, v.Consumer))
		_, err = w.Reinstate(ctx, root, v.Consumer)
		wants(t, "reinstating twice", err, fault.CodeConflict)
		_, _, err = w.Resume(as(t, street), b.Token)
		wants(t, "the old session", err, fault.CodeUnauthenticated)
		if back, _ := w.enter(t, "13800138000"); back.Consumer != v.Consumer || w.login(t, back, teaApp).OpenID != l.OpenID {
			t.Errorf("%+v", back)
		}
		if a := w.log.Actions(); !slices.Equal(a, []string{"consumer.suspended", "consumer.reinstated"}) {
			t.Errorf("%v", a)
		}
		if len(w.diary.of(identity.TopicSuspended)) != 1 || len(w.diary.of(identity.TopicReinstated)) != 1 {
			t.Error("no events")
		}
	})
}

func TestTheOperatorFindsConsumersWithoutFishing(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx, root := t.Context(), operator()
		li, session := w.enter(t, "13800138000")
		han, _ := w.enter(t, "13900139000")
		find := func(query string) []identity.Consumer {
			t.Helper()
			page, _, err := w.FindConsumers(ctx, root, query, "", 10)
			check(t, err)
			return page
		}
		if p := find("138 0013 8000"); len(p) != 1 || p[0].ID != li.Consumer {
			t.Errorf("%+v", p)
		}
		if p := find(han.Consumer); len(p) != 1 || p[0].ID != han.Consumer {
			t.Errorf("%+v", p)
		}
		if p := find("13700137000"); len(p) != 0 {
			t.Errorf("%+v", p)
		}
		if p := find(id.New("csm")); len(p) != 0 {
			t.Errorf("%+v", p)
		}
		for _, query := range []string{"138", "8000", "%", "1380013800", "' OR 1=1 --", "app_1"} {
			_, _, err := w.FindConsumers(ctx, root, query, "", 10)
			wants(t, query, err, fault.CodeInvalid)
		}
		page, next, err := w.FindConsumers(ctx, root, "", "", 1)
		if err != nil || len(page) != 1 || page[0].ID != han.Consumer || next == "" {
			t.Errorf("%+v %q %v", page, next, err)
		}
		page, next, err = w.FindConsumers(ctx, root, "", next, 1)
		if err != nil || len(page) != 1 || page[0].ID != li.Consumer || next != "" {
			t.Errorf("%+v %q %v", page, next, err)
		}
		_, _, err = w.FindConsumers(ctx, root, "", "x", 1)
		wants(t, "a cursor of another list", err, fault.CodeInvalid)
		f := must[identity.File](t)(w.OpenFile(ctx, root, li.Consumer))
		if f.Consumer.ID != li.Consumer || len(f.Sessions) != 1 || f.Sessions[0].ID != session.ID {
			t.Errorf("%+v", f)
		}
		check(t, w.EndSessionsOf(ctx, root, li.Consumer))
		_, _, err = w.Resume(as(t, street), session.Token)
		wants(t, "after the operator ended it", err, fault.CodeUnauthenticated)
		if a := w.log.Actions(); !slices.Equal(a, []string{"consumer.viewed", "consumer.sessions-ended"}) {
			t.Errorf("%v", a)
		}
		for name, by := range map[string]access.Actor{
			"a member of an organisation": accesstest.Actor{ID: "usr_mina", Org: "org_mina", Apps: []string{teaApp}},
			"an operator without it":      accesstest.Actor{ID: "usr_look", Operator: true, Only: []access.Action{"platform.read"}},
		} {
			_, _, err := w.FindConsumers(ctx, by, "", "", 10)
			wants(t, name+" lists", err, fault.CodeDenied)
			_, err = w.OpenFile(ctx, by, li.Consumer)
			wants(t, name+" looks", err, fault.CodeDenied)
			_, err = w.Suspend(ctx, by, li.Consumer, "x")
			wants(t, name+" suspends", err, fault.CodeDenied)
			_, err = w.Reinstate(ctx, by, li.Consumer)
			wants(t, name+" reinstates", err, fault.CodeDenied)
			wants(t, name+" ends sessions", w.EndSessionsOf(ctx, by, li.Consumer), fault.CodeDenied)
		}
		_, err = w.OpenFile(ctx, root, id.New("csm"))
		wants(t, "nobody", err, fault.CodeNotFound)
		_, err = w.Suspend(ctx, root, "x\x00", "x")
		wants(t, "no id", err, fault.CodeNotFound)
	})
}
