package settings_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"

	"minimart/open/settings"
	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/clock"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/httpapi"
	"minimart/platform/testkit"
)

var (
	root = accesstest.Actor{ID: "usr_root", Operator: true}
	mina = accesstest.Actor{ID: "usr_mina", Org: "org_mina"}
)

func open(t *testing.T, e testkit.Engine) (*settings.Service, *accesstest.Log) {
	t.Helper()
	d, log := e.Open(t), &accesstest.Log{}
	if err := d.Migrate(t.Context(), "settings", settings.Schema); err != nil {
		t.Fatal(err)
	}
	return settings.New(d, log, clock.NewFake(time.Date(2026, 6, 18, 9, 0, 0, 0, time.UTC))), log
}

func TestTheOperatorChangesTheSettingsAndTheLogTellsWhatTheyWere(t *testing.T) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			s, log := open(t, e)
			now, err := s.Current(t.Context())
			if err != nil || now.Name != "小集" || !now.SelfSignUp || now.Revision != 0 {
				t.Fatalf("at first: %+v, %v", now, err)
			}
			now.Name, now.SelfSignUp, now.TermsURL = "拾光集市", false, "https://mall.example/terms"
			changed, err := s.Set(t.Context(), root, now)
			if err != nil || changed.Name != "拾光集市" || changed.Revision != 1 || changed.ChangedAt == 0 {
				t.Fatalf("after a change: %+v, %v", changed, err)
			}
			if may, err := s.SelfSignUp(t.Context()); may || err != nil {
				t.Errorf("strangers may sign up: %v, %v", may, err)
			}
			changed.SelfSignUp = true
			if _, err := s.Set(t.Context(), root, changed); err != nil {
				t.Fatal(err)
			}
			want := []map[string]string{
				{"name": "小集 → 拾光集市", "selfSignUp": "yes → no", "termsUrl": " → https://mall.example/terms"},
				{"selfSignUp": "no → yes"},
			}
			for i, entry := range log.Entries() {
				if d := cmp.Diff(want[i], entry.Detail); d != "" || entry.Actor != "usr_root" || entry.Action != "settings.changed" {
					t.Errorf("entry %d: %+v\n%s", i, entry, d)
				}
			}
		})
	}
}

func TestOfTwoWhoChangeAtOnceTheSecondIsTold(t *testing.T) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			s, _ := open(t, e)
			for revision := range int64(2) {
				in := settings.Settings{Name: "一", NameEn: "One", Revision: revision}
				if _, err := s.Set(t.Context(), root, in); err != nil {
					t.Fatal(err)
				}
				_, err := s.Set(t.Context(), root, in)
				if !fault.Is(err, fault.CodeConflict) {
					t.Errorf("the second: %v", err)
				}
			}
		})
	}
}

func TestEveryFieldThatIsWrongIsNamedAtOnce(t *testing.T) {
	s, log := open(t, testkit.Engines(t)[0])
	_, err := s.Set(t.Context(), root, settings.Settings{Name: " ", NameEn: strings.Repeat("x", 31), Support: "a\u202eb", TermsURL: "http://a.example", PrivacyURL: "javascript:alert(1)"})
	named := map[string]bool{}
	for _, f := range fault.Of(err).Fields {
		named[f.Name] = true
	}
	if want := map[string]bool{"name": true, "nameEn": true, "support": true, "termsUrl": true, "privacyUrl": true}; !cmp.Equal(named, want) {
		t.Errorf("named: %v, want %v", named, want)
	}
	if n := len(log.Entries()); n > 0 {
		t.Errorf("%d entries of changes that did not happen", n)
	}
}

func TestEveryTextIsTranslated(t *testing.T) { faulttest.Translated(t) }

func TestWhoMayDoWhat(t *testing.T) {
	s, _ := open(t, testkit.Engines(t)[0])
	mux := http.NewServeMux()
	api := httpapi.New(mux, httpapi.Options{})
	who, enter := accesstest.As(map[string]access.Actor{"root": root, "mina": mina})
	s.ConsoleRoutes(huma.NewGroup(api, "/api/console/v1"), who, func(op huma.Operation) huma.Operation { return op }, true)
	body := `{"name":"一","nameEn":"One","support":"","termsUrl":"","privacyUrl":"","selfSignUp":true,"revision":0}`
	for _, c := range []struct {
		who, method, path, body string
		status                  int
		holds                   string
	}{
		{"", "GET", "/settings", "", 200, `"demo":true`},
		{"", "GET", "/operator/settings", "", 401, ""},
		{"mina", "GET", "/operator/settings", "", 403, ""},
		{"root", "GET", "/operator/settings", "", 200, `"revision":0`},
		{"", "PUT", "/operator/settings", body, 401, ""},
		{"mina", "PUT", "/operator/settings", body, 403, ""},
		{"root", "PUT", "/operator/settings", body, 200, `"revision":1`},
		{"root", "PUT", "/operator/settings", body, 409, "changed the settings meanwhile"},
	} {
		r := httptest.NewRequest(c.method, "/api/console/v1"+c.path, strings.NewReader(c.body))
		r.Header.Set("X-Actor", c.who)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		enter(api).ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.holds) {
			t.Errorf("%s %s by %q: %d %s, want %d with %s", c.method, c.path, c.who, w.Code, w.Body, c.status, c.holds)
		}
	}
}
