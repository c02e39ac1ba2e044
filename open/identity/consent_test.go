package identity_test

import (
	"strings"
	"testing"
	"time"

	"minimart/open/identity"
	"minimart/platform/fault"
	"minimart/platform/id"
)

func TestNothingIsDisclosedBeforeTheConsumerAgrees(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		v, _ := w.enter(t, "13800138000")
		disclose := func(kind identity.Kind) (identity.Shown, error) { return w.Disclose(as(t, v), teaApp, "", kind) }
		for _, kind := range identity.Kinds {
			sheet := must[identity.Sheet](t)(w.Sheet(as(t, v), teaApp, "", kind))
			if sheet.Given || sheet.Refusal != nil || sheet.Purpose == "" || sheet.App.Name != "茶铺" {
				t.Errorf("%s: %+v", kind, sheet)
			}
			_, err := disclose(kind)
			wants(t, string(kind)+" before", err, fault.CodeDenied)
		}
		wants(t, "membership for the server", w.LearnMembership(ctx, teaApp, v.Consumer), fault.CodeDenied)
		_, err := w.Agree(as(t, v), teaApp, "", "real-name")
		wants(t, "a kind there is not", err, fault.CodeInvalid)
		_, err = w.Agree(as(t, street), teaApp, "", identity.ProfileKind)
		wants(t, "nobody's agreement", err, fault.CodeUnauthenticated)

		name := "小李"
		must[identity.Consumer](t)(w.SetProfile(ctx, v, identity.Profile{Nickname: &name}))
		shown := must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.ProfileKind))
		if shown.Nickname != "小李" || !strings.HasPrefix(shown.AvatarURL, "/avatars/") || shown.Code.Code != "" {
			t.Errorf("%+v", shown)
		}
		again := must[identity.Shown](t)(disclose(identity.ProfileKind))
		if again != shown || !must[identity.Sheet](t)(w.Sheet(as(t, v), teaApp, "", identity.ProfileKind)).Given {
			t.Errorf("%+v", again)
		}
		_, err = w.Disclose(as(t, v), coffeeApp, "", identity.ProfileKind)
		wants(t, "another program of the same organisation", err, fault.CodeDenied)

		shown = must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.MembershipKind))
		if shown.Consumer != v.Consumer || shown.Nickname != "" {
			t.Errorf("%+v", shown)
		}
		check(t, w.LearnMembership(ctx, teaApp, v.Consumer))
		if c := must[string](t)(w.LearnMembershipInHost(as(t, v), teaApp, "")); c != v.Consumer {
			t.Errorf("%s", c)
		}
		must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.PhoneNumber))
		_, err = disclose(identity.PhoneNumber)
		wants(t, "a phone number without being asked anew", err, fault.CodeDenied)
		if must[identity.Sheet](t)(w.Sheet(as(t, v), teaApp, "", identity.PhoneNumber)).Given {
			t.Error("the phone number would be given without asking")
		}

		page, next, err := w.Consents(ctx, v, "", 2)
		if err != nil || len(page) != 2 || next == "" || page[0].Kind != identity.PhoneNumber || page[0].Purpose != "联系您送货" || page[0].AppName != "茶铺" || page[0].Icon != "/i/tea.png" {
			t.Errorf("%+v %q %v", page, next, err)
		}
		page, next, err = w.Consents(ctx, v, next, 2)
		if err != nil || len(page) != 1 || next != "" || page[0].Kind != identity.ProfileKind || page[0].LastUsedAt != opening.UnixMilli() {
			t.Errorf("%+v %q %v", page, next, err)
		}
		told, _, err := w.Disclosures(ctx, v, "", "", 10)
		if err != nil || len(told) != 2 { // the phone code was not exchanged
			t.Errorf("%+v %v", told, err)
		}
		if told[0].Kind != "membership" || told[0].Times != 3 || told[1].Kind != "profile" || told[1].Times != 2 {
			t.Errorf("%+v", told)
		}
		if e := w.diary.of(identity.TopicConsentGiven); len(e) != 3 || strings.Contains(string(e[0].Payload), v.Consumer) {
			t.Errorf("%v", e)
		}
	})
}

func TestAPhoneNumberIsAskedForEachTimeAndExchangedOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		v, _ := w.enter(t, "13800138000")
		abroad, _ := w.enter(t, "+852 9123 4567")
		one := must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.PhoneNumber))
		two := must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.PhoneNumber))
		if one.Code == two.Code || len(one.Code.Code) != 43 {
			t.Errorf("%+v %+v", one, two)
		}
		p := must[identity.ShownPhone](t)(w.ExchangePhone(ctx, teaApp, one.Code.Code))
		if p != (identity.ShownPhone{PhoneNumber: "13800138000", PurePhoneNumber: "13800138000", CountryCode: "86", App: teaApp, At: opening.UnixMilli()}) {
			t.Errorf("%+v", p)
		}
		_, err := w.ExchangePhone(ctx, teaApp, one.Code.Code)
		refused(t, "a replay", err, identity.ErrUsed, fault.CodeConflict)
		must[identity.ShownPhone](t)(w.ExchangePhone(ctx, teaApp, two.Code.Code))
		hk := must[identity.Shown](t)(w.Agree(as(t, abroad), teaApp, "", identity.PhoneNumber))
		p = must[identity.ShownPhone](t)(w.ExchangePhone(ctx, teaApp, hk.Code.Code))
		if p.PhoneNumber != "+85291234567" || p.PurePhoneNumber != "91234567" || p.CountryCode != "852" {
			t.Errorf("%+v", p)
		}
		late := must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.PhoneNumber))
		w.clock.Advance(5 * time.Minute)
		_, err = w.ExchangePhone(ctx, teaApp, late.Code.Code)
		refused(t, "too late", err, identity.ErrExpired, fault.CodeInvalid)
		told, _, err := w.Disclosures(ctx, v, teaApp, "", 10)
		if err != nil || len(told) != 2 || told[0].Kind != "phone-number" || told[0].Times != 1 { // each exchange by itself
			t.Errorf("%+v %v", told, err)
		}
		if e := w.diary.of(identity.TopicConsentGiven); len(e) != 4 {
			t.Errorf("%d events", len(e))
		}
		for range 10 {
			_, err = w.Agree(as(t, v), teaApp, "", identity.PhoneNumber)
		}
		check(t, err)
		_, err = w.Agree(as(t, v), teaApp, "", identity.PhoneNumber)
		wants(t, "an eleventh at once", err, fault.CodeExhausted)
	})
}

func TestWithoutAStatementOrTheCapabilityNobodyIsAsked(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		v, _ := w.enter(t, "13800138000")
		for _, kind := range []identity.Kind{identity.PhoneNumber, identity.MembershipKind} { // coffee has statements and no capability
			_, err := w.Agree(as(t, v), coffeeApp, "", kind)
			wants(t, string(kind)+" without the capability", err, fault.CodeDenied)
			sheet := must[identity.Sheet](t)(w.Sheet(as(t, v), coffeeApp, "", kind))
			if sheet.Refusal == nil || !strings.Contains(sheet.Refusal.Message, "capability centre") || !strings.Contains(sheet.Refusal.In(fault.Zh), "能力中心") {
				t.Errorf("%+v", sheet.Refusal)
			}
		}
		must[identity.Shown](t)(w.Agree(as(t, v), coffeeApp, "", identity.ProfileKind)) // needs none
		w.shelf.change(teaApp, func(a *identity.App) { a.Privacy = map[identity.Kind]string{identity.ProfileKind: " "} })
		for _, kind := range identity.Kinds {
			_, err := w.Agree(as(t, v), teaApp, "", kind)
			wants(t, string(kind)+" without a statement", err, fault.CodeDenied)
			if !strings.Contains(err.Error(), "privacy statement") {
				t.Errorf("no way out: %v", err)
			}
		}
		if page, _, err := w.Consents(ctx, v, "", 10); err != nil || len(page) != 1 {
			t.Errorf("%+v %v", page, err)
		}
	})
}

func TestRevokingTheCapabilityShutsTheNextCall(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		v, _ := w.enter(t, "13800138000")
		shown := must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.PhoneNumber))
		must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.MembershipKind))
		w.grants.set(teaApp, "phone-number", false)
		w.grants.set(teaApp, "plus-membership", false)
		_, err := w.ExchangePhone(ctx, teaApp, shown.Code.Code)
		wants(t, "a code from before", err, fault.CodeDenied)
		_, err = w.Agree(as(t, v), teaApp, "", identity.PhoneNumber)
		wants(t, "asking again", err, fault.CodeDenied)
		_, err = w.Disclose(as(t, v), teaApp, "", identity.MembershipKind)
		wants(t, "membership in the program", err, fault.CodeDenied)
		wants(t, "membership for the server", w.LearnMembership(ctx, teaApp, v.Consumer), fault.CodeDenied)
		w.grants.set(teaApp, "phone-number", true)
		must[identity.ShownPhone](t)(w.ExchangePhone(ctx, teaApp, shown.Code.Code)) // the code was not used up
	})
}

func TestWhatIsWithdrawnIsWithdrawnAtOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		v, _ := w.enter(t, "13800138000")
		other, _ := w.enter(t, "13900139000")
		l := w.login(t, v, teaApp)
		for _, kind := range []identity.Kind{identity.ProfileKind, identity.MembershipKind} {
			must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", kind))
			must[identity.Shown](t)(w.Agree(as(t, other), teaApp, "", kind))
			check(t, w.Withdraw(ctx, v, teaApp, kind))
			_, err := w.Disclose(as(t, v), teaApp, "", kind)
			wants(t, string(kind), err, fault.CodeDenied)
			must[identity.Shown](t)(w.Disclose(as(t, other), teaApp, "", kind))
			wants(t, "a second time", w.Withdraw(ctx, v, teaApp, kind), fault.CodeNotFound)
		}
		wants(t, "membership for the server", w.LearnMembership(ctx, teaApp, v.Consumer), fault.CodeDenied)
		shown := must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.PhoneNumber))
		check(t, w.Withdraw(ctx, v, teaApp, identity.PhoneNumber))
		_, err := w.ExchangePhone(ctx, teaApp, shown.Code.Code)
		refused(t, "a phone code on its way", err, identity.ErrUnknown, fault.CodeNotFound)
		if !must[bool](t)(w.CheckSession(ctx, teaApp, l.OpenID, sign(l.SessionKey))) {
			t.Error("the login ended with a consent")
		}
		must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.ProfileKind)) // it may be asked for again
		wants(t, "a consent of nobody", w.Withdraw(ctx, v, id.New("app"), identity.ProfileKind), fault.CodeNotFound)
		wants(t, "a kind there is not", w.Withdraw(ctx, v, teaApp, "x"), fault.CodeInvalid)
		if e := w.diary.of(identity.TopicConsentWithdrawn); len(e) != 3 {
			t.Errorf("%d events", len(e))
		}
	})
}

func TestAConsentIsForThePurposeItWasGivenTo(t *testing.T) {
	w := onSQLite(t)
	v, _ := w.enter(t, "13800138000")
	must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.ProfileKind))
	w.shelf.change(teaApp, func(a *identity.App) { a.Privacy[identity.ProfileKind] = "卖给别人" })
	_, err := w.Disclose(as(t, v), teaApp, "", identity.ProfileKind)
	wants(t, "another purpose", err, fault.CodeDenied)
	if must[identity.Sheet](t)(w.Sheet(as(t, v), teaApp, "", identity.ProfileKind)).Given {
		t.Error("the sheet would be skipped")
	}
	must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.ProfileKind))
	must[identity.Shown](t)(w.Disclose(as(t, v), teaApp, "", identity.ProfileKind))
	if page, _, _ := w.Consents(t.Context(), v, "", 10); len(page) != 1 || page[0].Purpose != "卖给别人" {
		t.Errorf("%+v", page)
	}
}

func TestAForgottenProgramIsAStrangerThatFindsItsOrdersAgain(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		v, _ := w.enter(t, "13800138000")
		l := w.login(t, v, teaApp)
		pending := must[identity.Code](t)(w.Login(as(t, v), teaApp, ""))
		shown := must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.PhoneNumber))
		must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.MembershipKind))
		check(t, w.Forget(ctx, v, teaApp))
		if must[bool](t)(w.CheckSession(ctx, teaApp, l.OpenID, sign(l.SessionKey))) {
			t.Error("the session key holds")
		}
		_, err := w.ExchangeLogin(ctx, teaApp, pending.Code)
		refused(t, "a login code on its way", err, identity.ErrUnknown, fault.CodeNotFound)
		_, err = w.ExchangePhone(ctx, teaApp, shown.Code.Code)
		refused(t, "a phone code on its way", err, identity.ErrUnknown, fault.CodeNotFound)
		wants(t, "membership", w.LearnMembership(ctx, teaApp, v.Consumer), fault.CodeDenied)
		if page, _, err := w.Consents(ctx, v, "", 10); err != nil || len(page) != 0 {
			t.Errorf("%+v %v", page, err)
		}
		if apps, _, err := w.AppsOf(ctx, v, "", 10); err != nil || len(apps) != 0 {
			t.Errorf("%+v %v", apps, err)
		}
		if told, _, err := w.Disclosures(ctx, v, teaApp, "", 10); err != nil || len(told) == 0 {
			t.Errorf("what was told stays known: %+v %v", told, err)
		}
		if back := w.login(t, v, teaApp); back.OpenID != l.OpenID || back.SessionKey == l.SessionKey {
			t.Errorf("%+v, then %+v", l, back)
		}
		if apps, _, _ := w.AppsOf(ctx, v, "", 10); len(apps) != 1 {
			t.Errorf("%+v", apps)
		}
		wants(t, "a program one never met", w.Forget(ctx, v, bookApp), fault.CodeNotFound)
	})
}
