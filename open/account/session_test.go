package account_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/open/account"
	"minimart/platform/db"
	"minimart/platform/fault"
)

func TestASessionEnds(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		owner, li := h.enter(t, "owner@shop.example"), h.enter(t, "li@shop.example")
		o := h.organisation(t, owner)
		h.join(t, owner, li, o.ID, account.Developer)
		enter := func() account.Begun {
			t.Helper()
			return must[account.Begun](t)(h.SignIn(ctx, "li@shop.example", goodPassword, fromOffice))
		}
		alive := func(b account.Begun) bool {
			t.Helper()
			_, err := h.Resume(ctx, b.Token, fromOffice)
			if err != nil && !fault.Is(err, fault.CodeUnauthenticated) {
				t.Fatal(err)
			}
			return err == nil
		}
		tests := []struct {
			name string
			does func(a, b account.Begun)
			a, b bool // whether they go on
		}{
			{"nothing happened", func(_, _ account.Begun) {}, true, true},
			{"one signs out", func(a, _ account.Begun) { check(t, h.SignOut(ctx, a.Session)) }, false, true},
			{"signing out twice", func(a, _ account.Begun) {
				check(t, h.SignOut(ctx, a.Session))
				check(t, h.SignOut(ctx, a.Session))
			}, false, true},
			{"signing out everywhere", func(a, _ account.Begun) { check(t, h.SignOutEverywhere(ctx, a.Session)) }, false, false},
			{"another password", func(a, _ account.Begun) {
				check(t, h.ChangePassword(ctx, a.Session, goodPassword, "eight herons at dawn"))
				check(t, h.ChangePassword(ctx, a.Session, "eight herons at dawn", goodPassword))
			}, true, false},
			{"a forgotten password", func(_, _ account.Begun) {
				c := must[account.Challenge](t)(h.StartReset(ctx, "li@shop.example", fault.En, fromOffice))
				must[account.Begun](t)(h.FinishReset(ctx, account.Answer{Challenge: c.ID, Code: h.letters.last(t, "li@shop.example").Code, Password: goodPassword}, fromOffice))
			}, false, false},
			{"removed from the organisation", func(_, _ account.Begun) {
				check(t, h.Remove(ctx, owner, o.ID, li.Person))
				h.join(t, owner, li, o.ID, account.Developer)
			}, false, false},
			{"another role", func(_, _ account.Begun) { check(t, h.SetRole(ctx, owner, o.ID, li.Person, account.Finance)) }, true, true},
			{"leaving the organisation", func(a, _ account.Begun) {
				check(t, h.Remove(ctx, a.Session, o.ID, li.Person))
				h.join(t, owner, li, o.ID, account.Developer)
			}, true, true},
			{"eleven hours without a request", func(_, _ account.Begun) { h.clock.Advance(11 * time.Hour) }, true, true},
			{"twelve hours without a request", func(_, _ account.Begun) { h.clock.Advance(12 * time.Hour) }, false, false},
			{"a request now and then, for almost seven days", func(a, _ account.Begun) {
				for range 15 {
					h.clock.Advance(11 * time.Hour)
					if !alive(a) {
						t.Error("ended early")
					}
				}
			}, true, false},
			{"a request now and then, for seven days", func(a, _ account.Begun) {
				for range 15 {
					h.clock.Advance(11 * time.Hour)
					alive(a)
				}
				h.clock.Advance(3 * time.Hour)
			}, false, false},
			{"a clock that is set back", func(_, _ account.Begun) { h.clock.Advance(-48 * time.Hour) }, true, true},
			{"a clock that was a day ahead, and then twelve hours", func(a, _ account.Begun) {
				h.clock.Advance(10 * time.Hour)
				alive(a) // seen in the future
				h.clock.Advance(-10 * time.Hour)
				alive(a) // seen now: the twelve hours begin here
				h.clock.Advance(12 * time.Hour)
			}, false, false},
		}
		for _, tt := range tests {
			a, b := enter(), enter()
			tt.does(a, b)
			if got := alive(a); got != tt.a {
				t.Errorf("%s: the session that did it goes on: %t", tt.name, got)
			}
			if got := alive(b); got != tt.b {
				t.Errorf("%s: the other session goes on: %t", tt.name, got)
			}
			h.clock.Advance(time.Hour) // buckets fill up
		}
	})
}

func TestAForgedTokenOpensNothing(t *testing.T) {
	h := onSQLite(t)
	h.enter(t, "li@shop.example")
	real := must[account.Begun](t)(h.SignIn(t.Context(), "li@shop.example", goodPassword, fromOffice))
	last := "A"
	if strings.HasSuffix(real.Token, "A") {
		last = "E"
	}
	for name, token := range map[string]string{
		"none": "", "short": "abc", "its own hash": fmt.Sprintf("%064x", 1), "one letter off": real.Token[:42] + last, "cut": real.Token[:42],
		"padded": real.Token + "=", "with a space": real.Token + " ", "an id": real.ID, "huge": strings.Repeat("A", 1<<20), "SQL": "' OR 1=1 --", "zero": real.Token[:42] + "\x00",
	} {
		_, err := h.Resume(t.Context(), token, fromOffice)
		wants(t, name, err, fault.CodeUnauthenticated)
	}
	if _, err := h.Resume(t.Context(), real.Token, fromOffice); err != nil {
		t.Error(err)
	}
}

func TestNoSecretIsStored(t *testing.T) {
	h := onSQLite(t)
	ctx := t.Context()
	li := h.enter(t, "li@shop.example")
	begun := must[account.Begun](t)(h.SignIn(ctx, "li@shop.example", goodPassword, fromOffice))
	inv := must[account.Invited](t)(h.Invite(ctx, li, h.organisation(t, li).ID, "han@shop.example", account.Owner))
	must[account.Challenge](t)(h.StartSignUp(ctx, "new@shop.example", fault.En, fromOffice))
	code := h.letters.last(t, "new@shop.example").Code
	_, _ = h.SignIn(ctx, "my password by mistake", "x", fromOffice)
	check(t, h.db.View(ctx, func(tx db.Tx) error {
		for _, table := range []string{"account_person", "account_session", "account_invitation", "account_challenge", "account_audit", "allowance"} {
			rows, err := tx.QueryContext(ctx, "SELECT * FROM "+table)
			if err != nil {
				return err
			}
			columns, _ := rows.Columns()
			n := 0
			for rows.Next() {
				n++
				values := make([]any, len(columns))
				for i := range values {
					values[i] = new(any)
				}
				if err := rows.Scan(values...); err != nil {
					return err
				}
				for i, v := range values {
					text := fmt.Sprint(*v.(*any))
					for _, secret := range []string{begun.Token, inv.Token, code, goodPassword, "mistake"} {
						if strings.Contains(text, secret) {
							t.Errorf("%s.%s holds %q", table, columns[i], secret)
						}
					}
				}
			}
			if n == 0 {
				t.Errorf("%s is empty: nothing was looked at", table)
			}
			if err := rows.Err(); err != nil {
				return err
			}
			rows.Close()
		}
		return nil
	}))
}

func TestGuessingStops(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.enter(t, "li@shop.example")
		guess := func(login, password, address string) error {
			_, err := h.SignIn(ctx, login, password, account.Visitor{Address: address})
			return err
		}
		// Whether there is such an account makes no difference, from the first guess to the last.
		for _, login := range []string{"li@shop.example", "nobody@shop.example", "no login at all"} {
			var says []string
			for i := range 12 {
				err := guess(login, "wrong password", fmt.Sprintf("198.51.100.%d", i)) // a botnet
				says = append(says, fmt.Sprint(fault.Of(err).Code, " ", fault.Of(err).Message))
			}
			want := append(slices.Repeat([]string{"unauthenticated the login or the password is wrong"}, 10), slices.Repeat([]string{"exhausted this was tried too often; try again in 300 seconds"}, 2)...)
			if !slices.Equal(says, want) {
				t.Errorf("%s: %q", login, says)
			}
		}
		err := guess("li@shop.example", goodPassword, "198.51.100.200")
		if f := fault.Of(err); f == nil || f.Code != fault.CodeExhausted || f.RetryAfter != 5*time.Minute {
			t.Errorf("the right password after too many wrong ones: %v", err)
		}
		// The owner of the login has a way in all the same.
		c := must[account.Challenge](t)(h.StartReset(ctx, "li@shop.example", fault.En, fromOffice))
		must[account.Begun](t)(h.FinishReset(ctx, account.Answer{Challenge: c.ID, Code: h.letters.last(t, "li@shop.example").Code, Password: goodPassword}, fromOffice))
		for range 30 { // right ones cost nothing
			check(t, guess("li@shop.example", goodPassword, "198.51.100.201"))
		}
		// One address tries many logins; with IPv6, from all of its /64.
		var refused int
		for i := range 40 {
			if err := guess(fmt.Sprintf("victim%d@shop.example", i), "wrong password", fmt.Sprintf("2001:db8:1:2::%x", i)); fault.Is(err, fault.CodeExhausted) {
				refused++
			}
		}
		if refused != 10 {
			t.Errorf("%d of 40 refused", refused)
		}
		wants(t, "a neighbour's /64", guess("x@shop.example", "wrong password", "2001:db8:1:3::1"), fault.CodeUnauthenticated)
		h.clock.Advance(20 * time.Second)
		wants(t, "one more after a while", guess("y@shop.example", "wrong password", "2001:db8:1:2::1"), fault.CodeUnauthenticated)
		wants(t, "but one only", guess("z@shop.example", "wrong password", "2001:db8:1:2::1"), fault.CodeExhausted)
		// One network alone shuts nobody out: the owner elsewhere comes in.
		for range 12 {
			_ = guess("li@shop.example", "wrong password", "203.0.113.9")
		}
		wants(t, "the guesser itself", guess("li@shop.example", goodPassword, "203.0.113.9"), fault.CodeExhausted)
		check(t, guess("li@shop.example", goodPassword, "203.0.113.10"))
		// A clock that was far ahead for a moment locks nobody out for ever.
		h.clock.Advance(1000 * time.Hour)
		for range 10 {
			_ = guess("li@shop.example", "wrong password", "192.0.2.9")
		}
		h.clock.Advance(-1000 * time.Hour)
		check(t, guess("li@shop.example", goodPassword, "192.0.2.10"))
		// But a small step back, which happens every day, gives nobody more guesses.
		for i := range 10 {
			_ = guess("li@shop.example", "wrong password", fmt.Sprintf("192.0.2.%d", 20+i))
		}
		h.clock.Advance(-time.Second)
		wants(t, "after a small step back", guess("li@shop.example", goodPassword, "192.0.2.12"), fault.CodeExhausted)
	})
}

func TestManyGuessesAtOnceAreCounted(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		h.enter(t, "li@shop.example")
		var mu sync.Mutex
		codes := map[fault.Code]int{}
		var wg sync.WaitGroup
		for i := range 24 {
			wg.Go(func() {
				_, err := h.SignIn(t.Context(), "li@shop.example", "wrong password", account.Visitor{Address: fmt.Sprintf("198.51.100.%d", i)})
				mu.Lock()
				defer mu.Unlock()
				codes[fault.Of(err).Code]++
			})
		}
		wg.Wait()
		// PostgreSQL may turn some away because they were too many at one row: that is no guess either.
		if codes[fault.CodeUnauthenticated] > 10 || codes[fault.CodeInternal] > 0 || codes[fault.CodeUnauthenticated]+codes[fault.CodeExhausted]+codes[fault.CodeUnavailable] != 24 {
			t.Errorf("%v", codes)
		}
	})
}

func TestAnUnknownLoginTakesAsLongAsAWrongPassword(t *testing.T) {
	h := onSQLite(t)
	s := h.service(account.PasswordCost{Memory: 16 << 10, Passes: 2, Threads: 1})
	must[account.Person](t)(s.Enrol(t.Context(), account.NewPerson{Login: "li@shop.example", Name: "Li", Password: goodPassword}))
	fastest := func(login string) time.Duration {
		best := time.Hour
		for i := range 8 {
			start := time.Now()
			_, err := s.SignIn(t.Context(), login, "wrong password", account.Visitor{Address: fmt.Sprintf("198.51.100.%d", i)})
			best = min(best, time.Since(start))
			wants(t, login, err, fault.CodeUnauthenticated)
		}
		return best
	}
	known, unknown, malformed := fastest("li@shop.example"), fastest("nobody@shop.example"), fastest("no login")
	t.Logf("known %s, unknown %s, malformed %s", known, unknown, malformed)
	for name, d := range map[string]time.Duration{"unknown": unknown, "malformed": malformed} {
		if d < known/2 || d > known*2 {
			t.Errorf("a known login takes %s, an %s one %s", known, name, d)
		}
	}
}

func TestSigningUpTellsNobodyWhoHasAnAccount(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.enter(t, "li@shop.example")
		for _, tt := range []struct {
			start   func(context.Context, string, fault.Language, account.Visitor) (account.Challenge, error)
			finish  func(context.Context, account.Answer, account.Visitor) (account.Begun, error)
			there   account.Purpose // letter to a login with an account
			nowhere account.Purpose // and without
		}{
			{h.StartSignUp, h.FinishSignUp, account.AlreadyRegistered, account.SignUpCode},
			{h.StartReset, h.FinishReset, account.ResetCode, account.NoAccount},
		} {
			for login, purpose := range map[string]account.Purpose{"li@shop.example": tt.there, "nobody@shop.example": tt.nowhere} {
				c, err := tt.start(ctx, login, fault.En, fromOffice)
				if err != nil || c.ID == "" || c.ExpiresAt != h.clock.Now().Add(10*time.Minute).UnixMilli() {
					t.Errorf("%s: %+v %v", login, c, err)
				}
				letter := h.letters.last(t, login)
				if letter.Purpose != purpose || (letter.Code == "") != (purpose == account.AlreadyRegistered || purpose == account.NoAccount) || letter.Text() == "" {
					t.Errorf("%s: %+v", login, letter)
				}
				for i := range 6 {
					code := fmt.Sprintf("%08d", i)
					if code == letter.Code {
						continue
					}
					_, err := tt.finish(ctx, account.Answer{Challenge: c.ID, Code: code, Name: "Eve", Password: goodPassword}, fromOffice)
					if f := fault.Of(err); f == nil || f.Code != fault.CodeInvalid || len(f.Fields) != 1 || f.Fields[0].Name != "code" {
						t.Errorf("%s, guess %d: %v", login, i, err)
					}
				}
				// The right code comes too late after five wrong ones.
				_, err = tt.finish(ctx, account.Answer{Challenge: c.ID, Code: letter.Code, Name: "Eve", Password: goodPassword}, fromOffice)
				wants(t, login, err, fault.CodeInvalid)
			}
			h.clock.Advance(time.Hour)
		}
	})
}

func TestACodeWorksOnceInTimeForItsPurpose(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		sent := func(login string) (account.Answer, string) {
			t.Helper()
			c := must[account.Challenge](t)(h.StartSignUp(ctx, login, fault.En, fromOffice))
			code := h.letters.last(t, login).Code
			return account.Answer{Challenge: c.ID, Code: code, Name: "Li", Password: goodPassword}, code
		}
		in, _ := sent("late@shop.example")
		h.clock.Advance(10 * time.Minute)
		_, err := h.FinishSignUp(ctx, in, fromOffice)
		wants(t, "a code of ten minutes ago", err, fault.CodeInvalid)

		in, _ = sent("a@shop.example")
		other, _ := sent("b@shop.example")
		_, err = h.FinishReset(ctx, in, fromOffice)
		wants(t, "a code for another purpose", err, fault.CodeInvalid)
		_, err = h.FinishSignUp(ctx, account.Answer{Challenge: other.Challenge, Code: in.Code, Name: "Li", Password: goodPassword}, fromOffice)
		if in.Code != other.Code {
			wants(t, "a code of another login", err, fault.CodeInvalid)
		}
		weak := in
		weak.Password = "short"
		for range 6 { // costs no try
			_, err = h.FinishSignUp(ctx, weak, fromOffice)
			wants(t, "a short password", err, fault.CodeInvalid)
		}
		again, _ := sent("a@shop.example") // the same login, twice
		var wg sync.WaitGroup
		var mu sync.Mutex
		var begun int
		for range 3 {
			wg.Go(func() {
				if _, err := h.FinishSignUp(ctx, in, fromOffice); err == nil {
					mu.Lock()
					defer mu.Unlock()
					begun++
				} else if !fault.Is(err, fault.CodeInvalid) && !fault.Is(err, fault.CodeConflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if begun != 1 {
			t.Errorf("%d accounts of one code", begun)
		}
		_, err = h.FinishSignUp(ctx, again, fromOffice)
		wants(t, "a second account for one login", err, fault.CodeConflict)
		for name, challenge := range map[string]string{"no challenge": "", "a forged one": "cha_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", "a zero byte": "cha\x00"} {
			_, err = h.FinishSignUp(ctx, account.Answer{Challenge: challenge, Code: "00000000", Name: "Li", Password: goodPassword}, fromOffice)
			wants(t, name, err, fault.CodeInvalid)
		}

		for range 4 {
			_, err = h.StartSignUp(ctx, "flood@shop.example", fault.En, account.Visitor{Address: "192.0.2.1"})
			check(t, err)
		}
		_, err = h.StartSignUp(ctx, "flood@shop.example", fault.En, account.Visitor{Address: "192.0.2.2"})
		check(t, err)
		_, err = h.StartSignUp(ctx, "flood@shop.example", fault.En, account.Visitor{Address: "192.0.2.3"})
		wants(t, "the sixth code in an hour", err, fault.CodeExhausted)
		h.letters.broken = true
		_, err = h.StartSignUp(ctx, "x@shop.example", fault.En, fromOffice)
		wants(t, "no courier", err, fault.CodeUnavailable)
		if strings.Contains(fault.Of(err).In(fault.Zh), "smtp") {
			t.Error("the caller reads what the courier said")
		}
	})
}

func TestPasswords(t *testing.T) {
	h := onSQLite(t)
	enrol := func(login, password string) error {
		_, err := h.Enrol(t.Context(), account.NewPerson{Login: login, Name: "x", Password: password})
		return err
	}
	for name, password := range map[string]string{
		"nine characters":      "aB3$xY7!q",
		"129 characters":       strings.Repeat("ab c", 32) + "d",
		"a megabyte":           strings.Repeat("a b", 1<<19),
		"a common one":         "Password123",
		"a common one, widely": "ｐａｓｓｗｏｒｄ１２３",
		"1314 and 520":         "woaini1314520",
		"one character":        "aaaaaaaaaaaa",
		"two characters":       "ababababab",
		"digits in a row":      "4567890123",
		"digits backward":      "9876543210",
		"the alphabet":         "cdefghijklm",
		"keys in a row":        "ertyuiopas",
		"the login":            "wangxiaoming@shop.example",
		"its local part":       "WangXiaoMing",
		"no text":              "seven herons \xff\xfe",
		"none":                 "",
	} {
		if err := enrol("wangxiaoming@shop.example", password); !fault.Is(err, fault.CodeInvalid) || fault.Of(err).Fields[0].Name != "password" {
			t.Errorf("%s: %v", name, err)
		}
	}
	wants(t, "the phone number", enrol("13800138001", "13800138001"), fault.CodeInvalid)
	for i, password := range []string{"correct horse", "  leading spaces", "十个汉字的密码也是可以的", strings.Repeat("长安花开", 32), "aB3$xY7!qR"} {
		login := fmt.Sprintf("p%d@shop.example", i)
		check(t, enrol(login, password))
		must[account.Begun](t)(h.SignIn(t.Context(), login, password, fromOffice))
		_, err := h.SignIn(t.Context(), login, password+" ", fromOffice)
		wants(t, "one space more", err, fault.CodeUnauthenticated)
	}
	check(t, enrol("wide@shop.example", "ｗｉｄｅ letters typed"))
	must[account.Begun](t)(h.SignIn(t.Context(), "wide@shop.example", "wide letters typed", fromOffice))
	_, err := h.SignIn(t.Context(), "wide@shop.example", strings.Repeat("a", 1<<20), fromOffice)
	wants(t, "a megabyte at sign-in", err, fault.CodeUnauthenticated)

	li := h.enter(t, "li@shop.example")
	for range 10 {
		wants(t, "a wrong present password", h.ChangePassword(t.Context(), li, "not it, surely", "eight herons at dawn"), fault.CodeInvalid)
	}
	wants(t, "the eleventh", h.ChangePassword(t.Context(), li, goodPassword, "eight herons at dawn"), fault.CodeExhausted)
}

func TestAPasswordHashedCheaperIsHashedAnew(t *testing.T) {
	h := onSQLite(t)
	h.enter(t, "li@shop.example")
	stored := func() (hash string) {
		check(t, h.db.View(t.Context(), func(tx db.Tx) error {
			return tx.QueryRowContext(t.Context(), "SELECT password_hash FROM account_person").Scan(&hash)
		}))
		return hash
	}
	if got := stored(); !strings.HasPrefix(got, "$argon2id$v=19$m=8,t=1,p=1$") {
		t.Fatal(got)
	}
	dearer := h.service(account.DefaultPasswordCost)
	for range 2 {
		must[account.Begun](t)(dearer.SignIn(t.Context(), "li@shop.example", goodPassword, fromOffice))
		if got := stored(); !strings.HasPrefix(got, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Fatal(got)
		}
	}
}

func TestWhatRanOutIsSweptAway(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		li := h.enter(t, "li@shop.example")
		o := h.organisation(t, li)
		must[account.Invited](t)(h.Invite(ctx, li, o.ID, "han@shop.example", account.Owner))
		must[account.Challenge](t)(h.StartSignUp(ctx, "han@shop.example", fault.En, fromOffice))
		if n := must[int64](t)(h.Sweep(ctx)); n != 0 {
			t.Errorf("%d swept too early", n)
		}
		if list := must[[]account.Session](t)(h.Sessions(ctx, li)); len(list) != 1 || list[0].From != fromOffice {
			t.Errorf("%+v", list)
		}
		h.clock.Advance(8 * 24 * time.Hour)
		if list := must[[]account.Session](t)(h.Sessions(ctx, li)); len(list) != 0 {
			t.Errorf("%+v", list)
		}
		if n := must[int64](t)(h.Sweep(ctx)); n != 3 { // a session, a code, an invitation
			t.Errorf("%d swept", n)
		}
		if n := must[int64](t)(h.Sweep(ctx)); n != 0 {
			t.Errorf("%d swept again", n)
		}
	})
}
