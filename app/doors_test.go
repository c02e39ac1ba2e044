package app

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"minimart/open/account"
	"minimart/platform/courier"
)

// town is a whole platform in this process, without a socket, and the people who come to its doors.
type town struct {
	*Platform
	t        *testing.T
	screen   *courier.Screen
	hostKey  string
	cookies  map[string][]*http.Cookie // of those who have signed in, by who they are
	password string
	n        int // makes names and contents that were not there before
}

func newTown(t *testing.T) *town {
	t.Helper()
	return newTownOf(t, platformFlags{}, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})))
}

// newTownOf is a town with settings of its own, and a log that is read.
func newTownOf(t *testing.T, f platformFlags, log *slog.Logger) *town {
	t.Helper()
	f.Data, f.LogFormat = t.TempDir(), "text"
	screen := &courier.Screen{}
	p, err := NewPlatform(t.Context(), f, world{origin: "http://example.com", screen: screen}, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &town{Platform: p, t: t, screen: screen, cookies: map[string][]*http.Cookie{}, password: "seven herons at dusk"}
	page := w.send("", "GET", "/app/", "").Body.String()
	w.hostKey = publishableKey.FindString(page)
	if w.hostKey == "" {
		t.Fatalf("the host page carries no key: %s", page)
	}
	return w
}

// publishableKey is what the host page names its host app by.
var publishableKey = regexp.MustCompile(`hpk_[A-Za-z0-9_-]+`)

// send sends a request as a page of the platform would, by somebody who has signed in or, with "", by nobody.
func (w *town) send(who, method, path, body string) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	w.n++
	r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:99", w.n>>16&255, w.n>>8&255, w.n&255)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("X-Minimart-Console", "1")
	r.Header.Set("Minimart-Host", w.hostKey)
	r.Header.Set("Content-Type", "application/json")
	switch {
	case strings.HasPrefix(body, "PK"):
		r.Header.Set("Content-Type", "application/zip")
	case strings.HasPrefix(body, "%PDF"), strings.HasPrefix(body, "<svg"):
		r.Header.Set("Content-Type", "application/octet-stream")
	}
	for _, c := range w.cookies[who] {
		r.AddCookie(c)
	}
	out := httptest.NewRecorder()
	w.api.ServeHTTP(out, r)
	return out
}

// console sends to the consoles and reads what must be a good answer.
func (w *town) console(who, method, path, body string) map[string]any {
	w.t.Helper()
	return w.good(w.send(who, method, "/api/console/v1"+path, body), who+" "+method+" "+path)
}

func (w *town) good(r *httptest.ResponseRecorder, what string) map[string]any {
	w.t.Helper()
	if r.Code >= 300 {
		w.t.Fatalf("%s: %d %s", what, r.Code, r.Body)
	}
	out := map[string]any{}
	if r.Body.Len() > 0 {
		if err := json.Unmarshal(r.Body.Bytes(), &out); err != nil {
			w.t.Fatalf("%s: %v: %s", what, err, r.Body)
		}
	}
	return out
}

// at reads a text out of an answer: "host.id", "items.0.id".
func at(v any, path string) string {
	for name := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			i := 0
			_, _ = fmt.Sscan(name, &i)
			if i >= len(in) {
				return ""
			}
			v = in[i]
		}
	}
	s, _ := v.(string)
	return s
}

// enter makes a person with an account and signs it in to the consoles.
func (w *town) enter(who string) {
	w.t.Helper()
	login := strings.ReplaceAll(who, " ", "-") + "@shop.example"
	if _, err := w.accounts.Enrol(w.t.Context(), account.NewPerson{Login: login, Name: who, Password: w.password}); err != nil {
		w.t.Fatal(err)
	}
	w.signIn(who, login)
}

func (w *town) signIn(who, login string) {
	w.t.Helper()
	r := w.send("", "POST", "/api/console/v1/session", fmt.Sprintf(`{"login":%q,"password":%q}`, login, w.password))
	w.good(r, "signing in "+who)
	w.cookies[who] = r.Result().Cookies()
}

// join brings somebody into an organisation.
func (w *town) join(owner, who, org string, role account.Role) {
	w.t.Helper()
	login := strings.ReplaceAll(who, " ", "-") + "@shop.example"
	token := at(w.console(owner, "POST", "/organisations/"+org+"/invitations", fmt.Sprintf(`{"login":%q,"role":%q}`, login, role)), "token")
	w.console(who, "POST", "/invitations/acceptance", fmt.Sprintf(`{"token":%q}`, token))
}

// verified makes an organisation that the operator has verified.
func (w *town) verified(owner, name string) (org string) {
	w.t.Helper()
	org = w.submitted(owner, name)
	w.console("operator", "POST", "/operator/organisations/"+org+"/decision", `{"submission":1,"verdict":"verified"}`)
	return org
}

// submitted makes an organisation that waits to be verified.
func (w *town) submitted(owner, name string) (org string) {
	w.t.Helper()
	org = at(w.console(owner, "POST", "/organisations", fmt.Sprintf(`{"name":%q,"kind":"merchant"}`, name)), "id")
	w.console(owner, "POST", "/organisations/"+org+"/documents?kind=business-licence&name=a.pdf", demoLicence)
	w.console(owner, "POST", "/organisations/"+org+"/submission", "")
	return org
}

// pack is a mini program of one page that says something.
func pack(t *testing.T, files map[string]string) string {
	t.Helper()
	all := map[string]string{
		"app.json": `{"pages":["pages/index/index"]}`, "app.js": `App({})`, "pages/index/index.json": `{}`,
		"pages/index/index.jxml": `<view>Hello</view>`, "pages/index/index.js": `Page({})`,
	}
	for name, text := range files {
		all[name] = text
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range all {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// upload makes a version of an app that was not there before.
func (w *town) upload(who, app string) (version string) {
	w.t.Helper()
	w.n++
	body := pack(w.t, map[string]string{"pages/index/index.jxml": fmt.Sprintf(`<view>Hello %d</view>`, w.n)})
	return at(w.console(who, "POST", "/apps/"+app+"/versions?label=1.0."+fmt.Sprint(w.n), body), "version.id")
}

// review hands a version to the reviewers and answers the review.
func (w *town) review(who, app, version string) string {
	w.t.Helper()
	return at(w.console(who, "POST", "/apps/"+app+"/versions/"+version+"/submission", `{}`), "id")
}

// approved makes a version that may go out.
func (w *town) approved(who, app string) (version string) {
	w.t.Helper()
	version = w.upload(who, app)
	w.console("operator", "POST", "/operator/reviews/"+w.review(who, app, version)+"/decision", `{"verdict":"approved"}`)
	return version
}

// consumer signs a consumer in to the host app, by the code on the screen. It answers its id.
func (w *town) consumer(who, phone string) string {
	w.t.Helper()
	challenge := at(w.good(w.send("", "POST", "/api/host/v1/sign-in/codes", fmt.Sprintf(`{"phone":%q}`, phone)), "asking for a code"), "challenge")
	code := w.screen.To("+86" + phone)[0].Code
	r := w.send("", "POST", "/api/host/v1/session", fmt.Sprintf(`{"challenge":%q,"code":%q}`, challenge, code))
	w.cookies[who] = r.Result().Cookies()
	return at(w.good(r, who+" signs in"), "consumer")
}

// operations are "METHOD /path" of every operation there is.
func (w *town) operations() []string {
	var out []string
	for path, item := range w.api.OpenAPI().Paths {
		for method, there := range map[string]bool{
			"GET": item.Get != nil, "POST": item.Post != nil, "PUT": item.Put != nil, "PATCH": item.Patch != nil, "DELETE": item.Delete != nil,
			"HEAD": item.Head != nil, "OPTIONS": item.Options != nil, "TRACE": item.Trace != nil,
		} {
			if there {
				out = append(out, method+" "+path)
			}
		}
	}
	slices.Sort(out)
	return out
}
