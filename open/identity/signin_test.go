package identity_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/open/host"
	"minimart/open/identity"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/fault"
	"minimart/platform/id"
)

func TestSomebodySignsInByPhoneAndIsTheSameNextTime(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		c := must[identity.Challenge](t)(w.StartSignIn(ctx, street, "138 0013 8000", fault.Zh))
		m := w.phones.last(t, "+8613800138000")
		if len(m.Code) != 6 || !strings.Contains(m.Text, m.Code) || !strings.Contains(m.Text, "验证码") || m.Purpose != identity.SignInCode || m.ExpiresAt != c.ExpiresAt {
			t.Errorf("%+v", m)
		}
		b := must[identity.Begun](t)(w.FinishSignIn(ctx, street, "Firefox\r\nX: y", c.ID, m.Code))
		if !b.New || len(b.Token) != 43 || strings.ContainsAny(b.Agent, "\r\n") {
			t.Errorf("%+v", b)
		}
		consumer, session, err := w.Resume(as(t, street), b.Token)
		if err != nil || consumer != b.Consumer || session != b.ID {
			t.Errorf("%s %s %v", consumer, session, err)
		}
		v, again := w.enter(t, "+8613800138000")
		if again.New || again.Consumer != b.Consumer || again.Token == b.Token {
			t.Errorf("%+v", again)
		}
		me := must[identity.Consumer](t)(w.Me(ctx, v))
		if me.Phone != "+8613800138000" || me.Nickname == "" || strings.Contains(me.Nickname, "8000") || me.State != identity.Active {
			t.Errorf("%+v", me)
		}
		if e := w.diary.of(identity.TopicSignedIn); len(e) != 2 || !strings.Contains(string(e[0].Payload), `"new":true`) || !strings.Contains(string(e[1].Payload), `"new":false`) {
			t.Errorf("%v", e)
		}
		name, bird := " 小李 ", "owl"
		me = must[identity.Consumer](t)(w.SetProfile(ctx, v, identity.Profile{Nickname: &name, Avatar: &bird}))
		if me.Nickname != "小李" || me.Avatar != "owl" {
			t.Errorf("%+v", me)
		}
		if p := must[string](t)(w.PhoneOf(ctx, v.Consumer)); p != "+8613800138000" {
			t.Errorf("%s", p)
		}
		if _, err := w.PhoneOf(ctx, id.New("csm")); !fault.Is(err, fault.CodeNotFound) {
			t.Errorf("%v", err)
		}
	})
}

func TestACodeIsGoodOnceAndForItsTime(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		start := func() (identity.Challenge, string) {
			w.clock.Advance(time.Hour)
			c := must[identity.Challenge](t)(w.StartSignIn(ctx, street, "13800138000", fault.En))
			return c, w.phones.last(t, "+8613800138000").Code
		}
		finish := func(v access.Visitor, c, code string) error {
			_, err := w.FinishSignIn(ctx, v, "", c, code)
			return err
		}
		c, code := start()
		elsewhere := street
		elsewhere.Host = otherHost
		wants(t, "at another host", finish(elsewhere, c.ID, code), fault.CodeInvalid)
		check(t, finish(street, c.ID, code))
		wants(t, "a second time", finish(street, c.ID, code), fault.CodeInvalid)

		c, code = start()
		w.clock.Advance(5 * time.Minute)
		late := finish(street, c.ID, code)
		wants(t, "too late", late, fault.CodeInvalid)
		never := finish(street, id.New("cch"), code)
		malformed := finish(street, "x' OR 1=1\x00", code)
		if late.Error() != never.Error() || late.Error() != malformed.Error() {
			t.Errorf("told apart: %v, %v, %v", late, never, malformed)
		}

		c, code = start()
		for i := range 5 {
			wants(t, "a wrong code", finish(street, c.ID, fmt.Sprintf("%06d", (atoi(code)+1+i)%1e6)), fault.CodeInvalid)
		}
		wants(t, "the right code after five wrong ones", finish(street, c.ID, code), fault.CodeInvalid)
	})
}

func atoi(s string) (n int) { fmt.Sscanf(s, "%d", &n); return n }

func TestOneCodeOpensOneSessionHoweverOftenItIsSentAtOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		c := must[identity.Challenge](t)(w.StartSignIn(t.Context(), street, "13800138000", fault.En))
		code := w.phones.last(t, "+8613800138000").Code
		var wg sync.WaitGroup
		var mu sync.Mutex
		opened := 0
		for range 8 {
			wg.Go(func() {
				if _, err := w.FinishSignIn(t.Context(), street, "", c.ID, code); err == nil {
					mu.Lock()
					opened++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if opened != 1 {
			t.Errorf("%d sessions", opened)
		}
	})
}

func TestAskingForACodeTellsNothingOfWhoIsThere(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		known, _ := w.enter(t, "13800138000")
		w.enter(t, "13900139000")
		root := operator()
		must[identity.Consumer](t)(w.Suspend(ctx, root, known.Consumer, "fraud"))
		w.clock.Advance(6 * time.Hour)
		for _, phone := range []string{"13800138000", "13900139000", "13700137000"} { // suspended, known, unknown
			sent := len(w.phones.sent)
			for i := range 6 {
				c, err := w.StartSignIn(ctx, access.Visitor{Host: webHost, Address: fmt.Sprintf("2001:db8:%d:%s::1", i, phone[7:])}, phone, fault.En)
				if i < 5 && (err != nil || c.ExpiresAt != clock.Millis(w.clock)+300_000) {
					t.Errorf("%s: %+v %v", phone, c, err)
				}
				if i == 5 {
					wants(t, "a sixth code to "+phone, err, fault.CodeExhausted)
					if f := fault.Of(err); f.RetryAfter != 30*time.Minute {
						t.Errorf("%v", f.RetryAfter)
					}
				}
			}
			if n := len(w.phones.sent) - sent; n != 5 {
				t.Errorf("%s: %d messages", phone, n)
			}
		}
	})
}

func TestWhoTriesTooOftenIsHeldUpByAddress(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		for i := range 21 {
			_, err := w.StartSignIn(ctx, access.Visitor{Host: webHost, Address: fmt.Sprintf("2001:db8::%d", i)}, fmt.Sprintf("1380013%04d", i), fault.En)
			if want := i == 20; want != fault.Is(err, fault.CodeExhausted) {
				t.Errorf("code %d for the network: %v", i, err)
			}
		}
		for i := range 41 {
			_, err := w.FinishSignIn(ctx, street, "", id.New("cch"), "000000")
			if want := i == 40; want != fault.Is(err, fault.CodeExhausted) {
				t.Errorf("answer %d: %v", i, err)
			}
		}
		_, err := w.SignInByAssertion(ctx, street, "", "x")
		wants(t, "an assertion from there", err, fault.CodeExhausted)
		w.clock.Advance(15 * time.Second)
		_, err = w.FinishSignIn(ctx, street, "", id.New("cch"), "000000")
		wants(t, "one after a pause", err, fault.CodeInvalid)
	})
}

func TestASessionSlidesAndEnds(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		_, b := w.enter(t, "13800138000")
		for range 5 {
			w.clock.Advance(89 * 24 * time.Hour)
			if _, _, err := w.Resume(as(t, street), b.Token); err != nil {
				t.Fatal(err)
			}
		}
		elsewhere := street
		elsewhere.Host = otherHost
		_, _, err := w.Resume(as(t, elsewhere), b.Token)
		wants(t, "at another host", err, fault.CodeUnauthenticated)
		_, _, err = w.Resume(ctx, b.Token)
		wants(t, "at no host", err, fault.CodeUnauthenticated)
		for _, token := range []string{"", "x", strings.Repeat("A", 43), b.Token + "=", b.Token[:42] + "\x00", strings.Repeat("\n", 10) + b.Token} {
			_, _, err = w.Resume(as(t, street), token)
			wants(t, fmt.Sprintf("the token %q", token), err, fault.CodeUnauthenticated)
		}
		w.clock.Advance(90 * 24 * time.Hour)
		_, _, err = w.Resume(as(t, street), b.Token)
		wants(t, "after ninety idle days", err, fault.CodeUnauthenticated)
		if n := must[int64](t)(w.Sweep(ctx)); n == 0 {
			t.Error("nothing was swept")
		}

		v, first := w.enter(t, "13800138000")
		second, other := w.enter(t, "13800138000")
		neighbour, _ := w.enter(t, "13900139000")
		if all := must[[]identity.Session](t)(w.Sessions(ctx, v)); len(all) != 2 || all[0].ID != other.ID || all[0].Agent != "test" {
			t.Errorf("%+v", all)
		}
		wants(t, "ending a neighbour's session", w.EndSession(ctx, neighbour, first.ID), fault.CodeNotFound)
		check(t, w.EndSession(ctx, second, first.ID))
		_, _, err = w.Resume(as(t, street), first.Token)
		wants(t, "a session ended from elsewhere", err, fault.CodeUnauthenticated)
		_, third := w.enter(t, "13800138000")
		check(t, w.EndOtherSessions(ctx, second))
		_, _, err = w.Resume(as(t, street), third.Token)
		wants(t, "another session", err, fault.CodeUnauthenticated)
		check(t, w.SignOut(ctx, second))
		check(t, w.SignOut(ctx, second))
		_, _, err = w.Resume(as(t, street), other.Token)
		wants(t, "after signing out", err, fault.CodeUnauthenticated)
	})
}

func TestAConsumerHasSoManySessionsAndNoMore(t *testing.T) {
	w := onSQLite(t)
	var v access.Visitor
	for range 52 {
		w.clock.Advance(time.Hour)
		v, _ = w.enter(t, "13800138000")
	}
	if all := must[[]identity.Session](t)(w.Sessions(t.Context(), v)); len(all) != 50 {
		t.Errorf("%d sessions", len(all))
	}
}

func TestAMessageThatCannotBeSentIsSaid(t *testing.T) {
	w := onSQLite(t)
	w.phones.broken = true
	_, err := w.StartSignIn(t.Context(), street, "13800138000", fault.En)
	wants(t, "no provider", err, fault.CodeUnavailable)
	_, err = w.StartSignIn(t.Context(), street, "110", "fr")
	if f := fault.Of(err); f == nil || len(f.Fields) != 2 {
		t.Errorf("%v", err)
	}
	name, bird := strings.Repeat("长", 21), "eagle"
	v, _ := func() (access.Visitor, identity.Begun) { w.phones.broken = false; return w.enter(t, "13800138000") }()
	_, err = w.SetProfile(t.Context(), v, identity.Profile{Nickname: &name, Avatar: &bird})
	if f := fault.Of(err); f == nil || len(f.Fields) != 2 {
		t.Errorf("%v", err)
	}
	name = "\u202eadmin"
	_, err = w.SetProfile(t.Context(), v, identity.Profile{Nickname: &name})
	wants(t, "a name written backwards", err, fault.CodeInvalid)
}

func TestAHostVouchesForItsUsers(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		w.notary["li"] = host.Asserted{Host: webHost, Subject: "user-1", Phone: "13800138000"}
		w.notary["li elsewhere"] = host.Asserted{Host: otherHost, Subject: "user-1"}
		w.notary["han"] = host.Asserted{Host: webHost, Subject: "user-2"}
		w.notary["han with phone"] = host.Asserted{Host: webHost, Subject: "user-2", Phone: "13900139000"}
		w.notary["han with li's phone"] = host.Asserted{Host: webHost, Subject: "user-2", Phone: "+8613800138000"}
		w.notary["nonsense"] = host.Asserted{Host: webHost, Subject: "user-3", Phone: "110110110"}
		in := func(v access.Visitor, assertion string) identity.Begun {
			t.Helper()
			return must[identity.Begun](t)(w.SignInByAssertion(ctx, v, "app", assertion))
		}
		v, byPhone := w.enter(t, "13800138000")
		li := in(street, "li")
		if li.New || li.Consumer != byPhone.Consumer {
			t.Errorf("the phone leads to %+v, not to %s", li, byPhone.Consumer)
		}
		elsewhere := street
		elsewhere.Host = otherHost
		if other := in(elsewhere, "li elsewhere"); !other.New || other.Consumer == li.Consumer {
			t.Errorf("another host's user 1 is %+v", other)
		}
		_, err := w.SignInByAssertion(ctx, elsewhere, "", "li")
		wants(t, "an assertion of another host", err, fault.CodeUnauthenticated)
		_, err = w.SignInByAssertion(ctx, street, "", "forged")
		wants(t, "a forged one", err, fault.CodeUnauthenticated)
		_, err = w.SignInByAssertion(ctx, street, "", "nonsense")
		wants(t, "one with a phone that is none", err, fault.CodeInvalid)

		han := in(street, "han")
		if again := in(street, "han with li's phone"); again.Consumer != han.Consumer || again.New {
			t.Errorf("somebody else's phone moves han to %+v", again)
		}
		if p := must[string](t)(w.PhoneOf(ctx, han.Consumer)); p != "" {
			t.Errorf("han has li's phone %s", p)
		}
		if again := in(street, "han with phone"); again.Consumer != han.Consumer {
			t.Errorf("%+v", again)
		}
		if p := must[string](t)(w.PhoneOf(ctx, han.Consumer)); p != "+8613900139000" {
			t.Errorf("han's phone is %q", p)
		}
		must[identity.Consumer](t)(w.Suspend(ctx, operator(), v.Consumer, "fraud"))
		_, err = w.SignInByAssertion(ctx, street, "", "li")
		wants(t, "a suspended consumer its host vouches for", err, fault.CodeDenied)
	})
}

func TestSomebodyWithoutAPhoneAddsOne(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		w.notary["han"] = host.Asserted{Host: webHost, Subject: "user-2"}
		b := must[identity.Begun](t)(w.SignInByAssertion(ctx, street, "", "han"))
		v := street
		v.Consumer, v.Session = b.Consumer, b.ID
		_, err := w.Agree(as(t, v), teaApp, "", identity.PhoneNumber)
		wants(t, "the phone of somebody without", err, fault.CodeConflict)
		w.enter(t, "13800138000")
		add := func(phone string) error {
			c := must[identity.Challenge](t)(w.StartSignIn(ctx, v, phone, fault.En))
			return w.AddPhone(ctx, v, c.ID, w.phones.last(t, identity.Phone("+86"+phone)).Code)
		}
		wants(t, "a phone somebody has", add("13800138000"), fault.CodeConflict)
		wants(t, "a wrong code", w.AddPhone(ctx, v, id.New("cch"), "123456"), fault.CodeInvalid)
		check(t, add("13900139000"))
		wants(t, "a second phone", add("13700137000"), fault.CodeConflict)
		shown := must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.PhoneNumber))
		p := must[identity.ShownPhone](t)(w.ExchangePhone(context.WithoutCancel(ctx), teaApp, shown.Code.Code))
		if p.PurePhoneNumber != "13900139000" {
			t.Errorf("%+v", p)
		}
	})
}
