package identity_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/open/identity"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

func sign(key string) string {
	return hex.EncodeToString(hmac.New(sha256.New, []byte(key)).Sum(nil))
}

func TestAProgramsServerLearnsWhoLoggedIn(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		v, _ := w.enter(t, "13800138000")
		other, _ := w.enter(t, "13900139000")
		tea := w.login(t, v, teaApp)
		if len(tea.OpenID) != 28 || tea.OpenID[0] != 'o' || len(tea.UnionID) != 28 || tea.UnionID[0] != 'u' {
			t.Errorf("%+v", tea)
		}
		if key, err := base64.StdEncoding.DecodeString(tea.SessionKey); err != nil || len(key) != 16 {
			t.Errorf("%q %v", tea.SessionKey, err)
		}
		again, coffee, book, others := w.login(t, v, teaApp), w.login(t, v, coffeeApp), w.login(t, v, bookApp), w.login(t, other, teaApp)
		if again.OpenID != tea.OpenID || again.UnionID != tea.UnionID || again.SessionKey == tea.SessionKey {
			t.Errorf("%+v, then %+v", tea, again)
		}
		if coffee.OpenID == tea.OpenID || coffee.UnionID != tea.UnionID || book.UnionID == tea.UnionID || book.OpenID == tea.OpenID {
			t.Errorf("tea %+v, coffee %+v of the same organisation, book %+v of another", tea, coffee, book)
		}
		if others.OpenID == tea.OpenID || others.UnionID == tea.UnionID {
			t.Errorf("two consumers are one: %+v", others)
		}
		if c := must[string](t)(w.Consumer(ctx, teaApp, tea.OpenID)); c != v.Consumer {
			t.Errorf("%s", c)
		}
		if o := must[string](t)(w.OpenID(ctx, teaApp, v.Consumer)); o != tea.OpenID {
			t.Errorf("%s", o)
		}
		_, err := w.OpenID(ctx, bookApp, other.Consumer)
		wants(t, "the openid of somebody who never came", err, fault.CodeNotFound)

		w.shelf.change(draftApp, func(a *identity.App) { a.Org = "" })
		nobodys := must[identity.Code](t)(w.Login(as(t, v), draftApp, draftTicket))
		if l := must[identity.Login](t)(w.ExchangeLogin(ctx, draftApp, nobodys.Code)); l.UnionID != "" || l.OpenID == "" {
			t.Errorf("a program of no organisation: %+v", l)
		}
		check(t, w.Forget(ctx, v, draftApp))
		apps, next, err := w.AppsOf(ctx, v, "", 2)
		if err != nil || len(apps) != 2 || next == "" || apps[0].Name == "" {
			t.Errorf("%+v %q %v", apps, next, err)
		}
		apps, next, err = w.AppsOf(ctx, v, next, 2)
		if err != nil || len(apps) != 1 || next != "" {
			t.Errorf("%+v %q %v", apps, next, err)
		}
		told, _, err := w.Disclosures(ctx, v, teaApp, "", 10)
		if err != nil || len(told) != 1 || told[0].Kind != "login" || strings.Join(told[0].Fields, " ") != "openid unionid" || told[0].AppName != "茶铺" {
			t.Errorf("%+v %v", told, err)
		}
	})
}

// refused checks why a code was not exchanged.
func refused(t *testing.T, what string, err, cause error, code fault.Code) {
	t.Helper()
	if !errors.Is(err, cause) || !fault.Is(err, code) {
		t.Errorf("%s: %v, want %v in a fault %s", what, err, cause, code)
	}
}

func TestACodeIsExchangedOnceByItsOwnAppInTime(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		v, _ := w.enter(t, "13800138000")
		exchange := func(app, code string) error { _, err := w.ExchangeLogin(ctx, app, code); return err }
		code := func() string { return must[identity.Code](t)(w.Login(as(t, v), teaApp, "")).Code }

		one := code()
		refused(t, "another organisation's app", exchange(bookApp, one), identity.ErrOtherApp, fault.CodeNotFound)
		refused(t, "another app of the organisation", exchange(coffeeApp, one), identity.ErrOtherApp, fault.CodeNotFound)
		if a, b := exchange(bookApp, one), exchange(bookApp, strings.Repeat("A", 43)); fault.Of(a).Message != fault.Of(b).Message {
			t.Errorf("another app learns that the code exists: %v, %v", a, b)
		}
		check(t, exchange(teaApp, one))
		refused(t, "a replay", exchange(teaApp, one), identity.ErrUsed, fault.CodeConflict)
		refused(t, "a code that never was", exchange(teaApp, strings.Repeat("A", 43)), identity.ErrUnknown, fault.CodeNotFound)
		for _, text := range []string{"", "x", one + "x", one[:42], " " + one, one[:42] + "\n", "' OR 1=1 --", strings.Repeat("x", 10_000), "\x00\xff"} {
			refused(t, text, exchange(teaApp, text), identity.ErrMalformed, fault.CodeInvalid)
		}
		late := code()
		w.clock.Advance(5 * time.Minute)
		refused(t, "a code that is too old", exchange(teaApp, late), identity.ErrExpired, fault.CodeInvalid)

		shown := must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.PhoneNumber))
		refused(t, "a phone code as a login code", exchange(teaApp, shown.Code.Code), identity.ErrUnknown, fault.CodeNotFound)
		_, err := w.ExchangePhone(ctx, teaApp, code())
		refused(t, "a login code as a phone code", err, identity.ErrUnknown, fault.CodeNotFound)
		_, err = w.ExchangePhone(ctx, bookApp, shown.Code.Code)
		refused(t, "another app's phone code", err, identity.ErrOtherApp, fault.CodeNotFound)
	})
}

func TestOneCodeIsOneLoginHoweverOftenItIsExchangedAtOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		v, _ := w.enter(t, "13800138000")
		c := must[identity.Code](t)(w.Login(as(t, v), teaApp, ""))
		var wg sync.WaitGroup
		var mu sync.Mutex
		good := 0
		for range 8 {
			wg.Go(func() {
				if _, err := w.ExchangeLogin(t.Context(), teaApp, c.Code); err == nil {
					mu.Lock()
					good++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if good != 1 {
			t.Errorf("%d exchanges", good)
		}
	})
}

func TestGuessingCodesShutsTheGuesserOutAndNobodyElse(t *testing.T) {
	w := onSQLite(t)
	v, _ := w.enter(t, "13800138000")
	var last error
	for range 61 {
		_, last = w.ExchangeLogin(t.Context(), teaApp, strings.Repeat("A", 43))
	}
	wants(t, "the 61st guess", last, fault.CodeExhausted)
	if fault.Of(last).RetryAfter == 0 {
		t.Error("it is not said when to come back")
	}
	w.login(t, v, teaApp) // a good code still works
	for range 60 {
		_, last = w.Login(as(t, v), coffeeApp, "")
		check(t, last)
	}
	_, last = w.Login(as(t, v), coffeeApp, "")
	wants(t, "the 61st code in a second", last, fault.CodeExhausted)
}

func TestAProgramMustBeOpenToTheVisitor(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		v, _ := w.enter(t, "13800138000")
		login := func(app, ticket string) error { _, err := w.Login(as(t, v), app, ticket); return err }
		wants(t, "a program that is not out", login(draftApp, ""), fault.CodeNotFound)
		wants(t, "another ticket", login(draftApp, "x"), fault.CodeNotFound)
		wants(t, "no program", login(id.New("app"), ""), fault.CodeNotFound)
		check(t, login(draftApp, draftTicket))
		_, err := w.Login(as(t, street), teaApp, "")
		wants(t, "nobody", err, fault.CodeUnauthenticated)
		_, err = w.Login(t.Context(), teaApp, "")
		wants(t, "no visitor", err, fault.CodeUnauthenticated)
	})
}

func TestASessionKeyHoldsWhileTheProgramIsUsed(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		v, _ := w.enter(t, "13800138000")
		good := func() bool { return must[bool](t)(w.LoginHolds(as(t, v), teaApp, "")) }
		if good() {
			t.Error("it holds before the first login")
		}
		must[identity.Code](t)(w.Login(as(t, v), teaApp, ""))
		if good() {
			t.Error("it holds before the code was exchanged")
		}
		old := w.login(t, v, teaApp)
		l := w.login(t, v, teaApp)
		if !good() {
			t.Error("it does not hold")
		}
		verify := func(app, openid, signature string) (bool, error) { return w.CheckSession(ctx, app, openid, signature) }
		if !must[bool](t)(verify(teaApp, l.OpenID, sign(l.SessionKey))) || must[bool](t)(verify(teaApp, l.OpenID, sign(old.SessionKey))) {
			t.Error("the key of the last login, and no other, signs")
		}
		for _, s := range []string{"", "x", strings.ToUpper(sign(l.SessionKey)), sign("")} {
			if must[bool](t)(verify(teaApp, l.OpenID, s)) {
				t.Errorf("%q is a signature", s)
			}
		}
		_, err := verify(bookApp, l.OpenID, sign(l.SessionKey))
		wants(t, "another app", err, fault.CodeNotFound)
		_, err = verify(teaApp, "o'; --", "")
		wants(t, "no openid", err, fault.CodeInvalid)

		for range 3 {
			w.clock.Advance(71 * time.Hour)
			if !good() {
				t.Error("it does not hold though the program is used")
			}
		}
		next := must[identity.Login](t)(w.ResetSession(ctx, teaApp, l.OpenID, sign(l.SessionKey)))
		if next.SessionKey == l.SessionKey || next.OpenID != l.OpenID || !must[bool](t)(verify(teaApp, l.OpenID, sign(next.SessionKey))) || must[bool](t)(verify(teaApp, l.OpenID, sign(l.SessionKey))) {
			t.Errorf("%+v", next)
		}
		_, err = w.ResetSession(ctx, teaApp, l.OpenID, sign(l.SessionKey))
		wants(t, "resetting by the old key", err, fault.CodeDenied)
		_, err = w.ResetSession(ctx, bookApp, l.OpenID, sign(next.SessionKey))
		wants(t, "resetting by another app", err, fault.CodeNotFound)

		w.clock.Advance(72 * time.Hour)
		if must[bool](t)(verify(teaApp, l.OpenID, sign(next.SessionKey))) || good() || good() {
			t.Error("it holds after three idle days, or comes back by being asked for")
		}
		for range 70 {
			_, err = verify(teaApp, l.OpenID, sign("x"))
		}
		wants(t, "guessing a signature", err, fault.CodeExhausted)
	})
}

func TestNothingOfValueIsStoredInTheClear(t *testing.T) {
	w := onSQLite(t)
	v, b := w.enter(t, "13800138000")
	c := must[identity.Code](t)(w.Login(as(t, v), teaApp, ""))
	l := must[identity.Login](t)(w.ExchangeLogin(t.Context(), teaApp, c.Code))
	shown := must[identity.Shown](t)(w.Agree(as(t, v), teaApp, "", identity.PhoneNumber))
	pending := must[identity.Challenge](t)(w.StartSignIn(t.Context(), street, "13800138000", fault.En))
	secrets := map[string]string{
		"the session token": b.Token, "the login code": c.Code, "the session key": l.SessionKey, "the phone code": shown.Code.Code,
	}
	var found []string
	check(t, w.db.View(t.Context(), func(tx db.Tx) error {
		for _, table := range []string{"identity_session", "identity_challenge", "identity_code", "identity_user", "allowance", "identity_consent", "identity_disclosure"} {
			rows, err := tx.QueryContext(t.Context(), "SELECT * FROM "+table)
			if err != nil {
				return err
			}
			columns, _ := rows.Columns()
			for rows.Next() {
				cells := make([]any, len(columns))
				for i := range cells {
					cells[i] = new(any)
				}
				if err := rows.Scan(cells...); err != nil {
					return err
				}
				for i, cell := range cells {
					text, _ := (*cell.(*any)).(string)
					for name, secret := range secrets {
						if strings.Contains(text, secret) {
							found = append(found, name+" in "+table+"."+columns[i])
						}
					}
					if table == "challenge" && columns[i] != "id" && text == w.phones.last(t, "+8613800138000").Code {
						found = append(found, "the digits in "+columns[i])
					}
				}
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil {
				return err
			}
		}
		return nil
	}))
	if len(found) > 0 || pending.ID == "" {
		t.Error(found)
	}
}

func TestOpenidsAndCodesDoNotRepeatOrFollowFromEachOther(t *testing.T) {
	w := onSQLite(t)
	seen := map[string]bool{}
	for i := range 20 {
		from := street
		from.Address = "198.51.100." + string(rune('0'+i%10))
		v, _ := w.enterFrom(t, "1380013800"+string(rune('0'+i%10)), from)
		w.clock.Advance(time.Hour)
		l := w.login(t, v, teaApp)
		if i < 10 && seen[l.OpenID] || i >= 10 && !seen[l.OpenID] {
			t.Errorf("login %d: %s", i, l.OpenID)
		}
		seen[l.OpenID] = true
		if strings.Contains(l.OpenID+l.UnionID, v.Consumer[4:]) {
			t.Errorf("%+v holds %s", l, v.Consumer)
		}
	}
}
