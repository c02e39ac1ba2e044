package fault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
)

const (
	nameTooLong = "the name has %d characters, at most %d fit"
	takenBy     = "%s is taken by %s"
)

var _ = fault.Chinese(map[string]string{
	nameTooLong: "名称有 %d 个字，最多 %d 个",
	takenBy:     "%[2]s 占用了 %[1]s",
})

func TestEachConstructorGivesItsCode(t *testing.T) {
	tests := []struct {
		f    *fault.Fault
		code fault.Code
	}{
		{fault.Invalid("name", "no %s", "good"), fault.CodeInvalid},
		{fault.Unauthenticated("no %s", "good"), fault.CodeUnauthenticated},
		{fault.Denied("no %s", "good"), fault.CodeDenied},
		{fault.NotFound("no %s", "good"), fault.CodeNotFound},
		{fault.Conflict("no %s", "good"), fault.CodeConflict},
		{fault.Exhausted("no %s", "good"), fault.CodeExhausted},
		{fault.Unavailable("no %s", "good"), fault.CodeUnavailable},
		{fault.Internal(errors.New("disk")), fault.CodeInternal},
	}
	if len(tests) != len(fault.Codes) {
		t.Errorf("%d codes, %d tried", len(fault.Codes), len(tests))
	}
	for _, tt := range tests {
		t.Run(string(tt.code), func(t *testing.T) {
			if tt.f.Code != tt.code || !fault.Is(tt.f, tt.code) || !fault.Is(fmt.Errorf("on the way: %w", tt.f), tt.code) {
				t.Errorf("code %s", tt.f.Code)
			}
			if tt.code != fault.CodeInternal && !strings.HasSuffix(tt.f.Message, "no good") {
				t.Errorf("message %q", tt.f.Message)
			}
		})
	}
}

func TestOfFindsTheFaultAndHidesTheRest(t *testing.T) {
	secret := errors.New("pq: password authentication failed for user minimart")
	missing := fault.NotFound("no app %s", "app_1")
	tests := []struct {
		name    string
		err     error
		code    fault.Code
		message string
	}{
		{"a fault is itself", missing, fault.CodeNotFound, "no app app_1"},
		{"a wrapped fault is found", fmt.Errorf("promote: %w", missing), fault.CodeNotFound, "no app app_1"},
		{"a joined fault is found", errors.Join(secret, missing), fault.CodeNotFound, "no app app_1"},
		{"an unknown error is internal", secret, fault.CodeInternal, "something went wrong on our side"},
		{"a deadline is unavailable", fmt.Errorf("query: %w", context.DeadlineExceeded), fault.CodeUnavailable, "took too long"},
		{"a canceled call is unavailable", context.Canceled, fault.CodeUnavailable, "canceled"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := fault.Of(tt.err)
			if f.Code != tt.code || !strings.Contains(f.Message, tt.message) {
				t.Errorf("%s %q", f.Code, f.Message)
			}
			for _, l := range fault.Languages {
				if strings.Contains(f.In(l), "password") {
					t.Errorf("the caller reads %q", f.In(l))
				}
			}
			if !strings.HasPrefix(tt.name, "a fault is itself") && !strings.Contains(f.Error(), tt.err.Error()) {
				t.Errorf("the log reads %q, want it to hold %q", f.Error(), tt.err)
			}
			var log bytes.Buffer
			slog.New(slog.NewJSONHandler(&log, nil)).Error("failed", "fault", f)
			if !strings.Contains(log.String(), string(tt.code)) {
				t.Errorf("log line without code: %s", log.String())
			}
		})
	}
	if fault.Of(nil) != nil || fault.Is(nil, fault.CodeInternal) {
		t.Error("nil is no fault")
	}
}

func TestChecksCollectEverythingThatIsWrong(t *testing.T) {
	var c fault.Checks
	if c.Err() != nil || c.Failed() {
		t.Fatal("nothing was wrong yet")
	}
	c.Require(true, "icon", "never seen")
	if c.Require(false, "summary", "say what it is for") {
		t.Error("Require answers what it was given")
	}
	c.Add("name", nameTooLong, 40, 30)
	c.Include("owner", nil)
	c.Include("items[3]", fault.Invalid("price", "is negative"))
	c.Include("items", fault.Invalid("[4]", "is nothing"))
	c.Include("shop", fault.NotFound("no shop %s", "s1"))

	f := fault.Of(c.Err())
	if f == nil || f.Code != fault.CodeInvalid {
		t.Fatalf("%v", c.Err())
	}
	want := []string{
		"summary: say what it is for",
		"name: the name has 40 characters, at most 30 fit",
		"items[3].price: is negative",
		"items[4]: is nothing",
		"shop: no shop s1",
	}
	if len(f.Fields) != len(want) {
		t.Fatalf("%d fields: %v", len(f.Fields), f)
	}
	for i, w := range want {
		if got := f.Fields[i].Name + ": " + f.Fields[i].Message; got != w {
			t.Errorf("field %d is %q, want %q", i, got, w)
		}
	}
	if f.Message != strings.Join(want, "; ") {
		t.Errorf("message %q", f.Message)
	}
	if zh := f.In(fault.Zh); !strings.Contains(zh, "name: 名称有 40 个字，最多 30 个; items[3].price: is negative") {
		t.Errorf("in Chinese %q", zh)
	}
}

func TestAMessageComesInTheReadersLanguage(t *testing.T) {
	f := fault.Conflict(takenBy, "8080", "nginx")
	if got := f.In(fault.En); got != "8080 is taken by nginx" {
		t.Error(got)
	}
	if got := f.In(fault.Zh); got != "nginx 占用了 8080" {
		t.Error(got)
	}
	if got := fault.Conflict("no words for this").In(fault.Zh); got != "no words for this" {
		t.Errorf("a message without Chinese words reads %q", got)
	}
	if got := fault.Of(errors.New("x")).In(fault.Zh); !strings.Contains(got, "出了问题") {
		t.Error(got)
	}
}

func TestWordsThatCannotWorkStopTheProgram(t *testing.T) {
	tests := map[string]map[string]string{
		"fewer verbs":      {"%d of %d used": "用了 %d"},
		"another verb":     {"%d apps": "%s 个"},
		"swapped verbs":    {"%s has %d": "%d 个 %s"},
		"two translations": {takenBy: "%s 被 %s 占用"},
	}
	for name, words := range tests {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Errorf("%v was taken", words)
				}
			}()
			fault.Chinese(words)
		})
	}
	fault.Chinese(map[string]string{"100%% of %-5.2f and %q": "%[2]q 占 %[1]f 的 100%%"})
}

func TestTheLanguageFollowsAcceptLanguage(t *testing.T) {
	tests := []struct {
		header string
		want   fault.Language
	}{
		{"", fault.En},
		{"zh", fault.Zh},
		{"zh-CN,zh;q=0.9,en;q=0.8", fault.Zh},
		{"ZH-hant-TW", fault.Zh},
		{"en-GB,zh;q=0.9", fault.En},
		{"en;q=0.2, zh;q=0.3", fault.Zh},
		{"fr, zh;q=0.1", fault.Zh},
		{"fr", fault.En},
		{"*", fault.En},
		{"zh;q=0", fault.En},
		{"zh;q=nonsense, en;q=0.1", fault.En},
		{"zh;q=NaN", fault.En},
		{"zh;q=9", fault.En},
		{"zhx", fault.En},
		{strings.Repeat("x,", 10_000) + "zh", fault.En},
		{";;;,,,q=", fault.En},
	}
	for _, tt := range tests {
		if got := fault.Match(tt.header); got != tt.want {
			t.Errorf("Match(%.40q) = %s, want %s", tt.header, got, tt.want)
		}
	}
}

func TestWithMethodsLeaveTheOriginalAlone(t *testing.T) {
	f := fault.Invalid("name", "is empty")
	g := f.WithCause(errors.New("x")).WithRetryAfter(time.Second).Under("app")
	if f.Cause != nil || f.RetryAfter != 0 || f.Fields[0].Name != "name" {
		t.Errorf("changed: %+v", f)
	}
	if g.Cause == nil || g.RetryAfter != time.Second || g.Fields[0].Name != "app.name" || g.Message != "app.name: is empty" {
		t.Errorf("not changed: %+v", g)
	}
	if !errors.Is(fault.Unavailable("x").WithCause(context.Canceled), context.Canceled) {
		t.Error("the cause is not reachable")
	}
}

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

func TestUntranslatedMessagesAreFoundBySource(t *testing.T) {
	dir := t.TempDir()
	source := `package room
import "minimart/platform/fault"
const known = "the name has %d characters, " + "at most %d fit"
const lost = "lost in translation"
func f(c fault.Checks, format string) error {
	c.Add("name", known, 1, 2)
	c.Require(false, "icon", "no icon")
	_ = fault.NotFound(format)
	return fault.Conflict(lost)
}`
	if err := os.WriteFile(filepath.Join(dir, "room.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	missing, err := faulttest.Missing(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(missing, "\n")
	if len(missing) != 2 || !strings.Contains(got, "room.go:7") || !strings.Contains(got, "no icon") || !strings.Contains(got, "lost in translation") {
		t.Errorf("found %s", got)
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("zh-CN,zh;q=0.9,en;q=0.8")
	f.Add("*;q=0.5")
	f.Add(";q=,q=;")
	f.Fuzz(func(t *testing.T, header string) {
		if l := fault.Match(header); l != fault.En && l != fault.Zh {
			t.Errorf("%q", l)
		}
	})
}
