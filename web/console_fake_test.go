package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	pathpkg "path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/platform/testkit/browser"
	"minimart/web"
)

// consoles is what the console talks to: answers that the real program gave once (testdata/console.json, by path), to whoever
// signs in; tests put others in their place. What it is sent is kept.
type consoles struct {
	*httptest.Server
	t        *testing.T
	mu       sync.Mutex
	answers  map[string]json.RawMessage
	handlers map[string]http.HandlerFunc // "POST /session", before answers
	sent     []string                    // "PATCH /me {…}"
	signedIn string                      // "", merchant or operator
	may      []string                    // nil for everything, or permissions: what needs another is not to be asked
}

// needs are the permissions that what is read needs, by pattern; app/roles_test.go holds the whole table.
var needs = []struct{ path, permission string }{
	{"/organisations/*/documents", "document.read"}, {"/organisations/*/members", "member.read"}, {"/organisations/*/invitations", "member.manage"}, {"/organisations/*/audit", "audit.read"},
	{"/organisations/*/apps", "program.read"}, {"/apps/*/keys", "key.read"}, {"/apps/*/key-scopes", "key.read"}, {"/apps/*/jos-authorizations", "key.read"},
	{"/apps/*/webhooks", "webhook.read"}, {"/apps/*/webhooks/*", "webhook.read"}, {"/apps/*/webhooks/*/deliveries", "webhook.read"}, {"/apps/*/webhook-types", "webhook.read"},
	{"/operator/organisations/*", "organisation.review"}, {"/operator/applications", "capability.review"}, {"/operator/applications/*", "capability.review"}, {"/operator/hosts", "host.manage"},
	{"/operator/hosts/*", "host.manage"}, {"/operator/consumers", "consumer.manage"}, {"/operator/consumers/*", "consumer.manage"}, {"/operator/consumers/*/membership", "consumer.manage"}, {"/operator/audit", "platform.audit"},
}

const console = "/api/console/v1"

func newConsoles(t *testing.T) *consoles {
	t.Helper()
	text, err := os.ReadFile("testdata/console.json")
	if err != nil {
		t.Fatal(err)
	}
	s := &consoles{t: t, handlers: map[string]http.HandlerFunc{}}
	if err := json.Unmarshal(text, &s.answers); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/console/", web.ConsoleHandler())
	mux.HandleFunc(console+"/", s.api)
	mux.HandleFunc("GET /open/v1/openapi.json", func(w http.ResponseWriter, r *http.Request) { s.write(w, "/open/v1/openapi.json") })
	mux.HandleFunc("GET /api/demo/messages", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"items":[{"to":%q,"text":"12345678","code":"12345678","token":"","at":%d}]}`, r.URL.Query().Get("to"), time.Now().UnixMilli())
	})
	mux.HandleFunc("/p/", func(w http.ResponseWriter, r *http.Request) { picture(w) })
	mux.HandleFunc("/app/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><h1>预览</h1>")
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

func picture(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "image/svg+xml")
	fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="#b9c7d6"/></svg>`)
}

func (s *consoles) api(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, console)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method != http.MethodGet {
		var body json.RawMessage
		if strings.Contains(r.Header.Get("Content-Type"), "json") {
			if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
				s.t.Errorf("%s %s: %v", r.Method, path, err)
			}
		}
		if r.Header.Get("X-Minimart-Console") == "" {
			s.t.Errorf("%s %s came without the header that says it is from a console", r.Method, path)
		}
		s.sent = append(s.sent, strings.TrimSpace(r.Method+" "+path+" "+string(body)))
	}
	for _, n := range needs {
		if ok, _ := pathpkg.Match(n.path, path); ok && r.Method == http.MethodGet && s.may != nil && !slices.Contains(s.may, n.permission) {
			s.t.Errorf("%s is asked of somebody without %s", path, n.permission)
		}
	}
	if handle := s.handlers[r.Method+" "+path]; handle != nil {
		handle(w, r)
		return
	}
	switch {
	case r.Method == http.MethodPost && path == "/session":
		s.signedIn = "merchant"
		if strings.Contains(s.sent[len(s.sent)-1], "operator") {
			s.signedIn = "operator"
		}
		w.WriteHeader(http.StatusNoContent)
	case path == "/settings":
		s.write(w, path)
	case s.signedIn == "":
		refuse(w, http.StatusUnauthorized, "unauthenticated", "请先登录")
	case path == "/me" && r.Method == http.MethodGet && s.signedIn == "operator":
		s.write(w, "operator /me")
	case r.Method == http.MethodGet:
		s.write(w, path)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s *consoles) write(w http.ResponseWriter, path string) {
	text, ok := s.answers[path]
	if !ok {
		s.t.Errorf("nobody knows what the program answers to GET %s", path)
		refuse(w, http.StatusNotFound, "not_found", "没有 "+path)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(text)
}

// set gives another answer from now on.
func (s *consoles) set(path string, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[path] = text
}

// on gives a request another handler.
func (s *consoles) on(request string, handle http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[request] = handle
}

func (s *consoles) was(request string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sent := range s.sent {
		if strings.HasPrefix(sent, request) {
			return true
		}
	}
	return false
}

// refuse answers like the real edge; errors are pairs of field and message.
func refuse(w http.ResponseWriter, status int, code, detail string, errors ...[2]string) {
	wrong := []map[string]string{}
	for _, e := range errors {
		wrong = append(wrong, map[string]string{"field": e[0], "message": e[1]})
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"code": code, "detail": detail, "errors": wrong})
}

// visit opens the console at a path as somebody who is signed in, in a language and an appearance.
func (s *consoles) visit(screen browser.Screen, as, path, lang, theme string) *browser.Page {
	s.t.Helper()
	s.mu.Lock()
	s.signedIn = as
	s.mu.Unlock()
	return browser.Open(s.t, screen, s.URL+"/console"+path, fmt.Sprintf(
		`localStorage.setItem("minimart.language", %q); localStorage.setItem("minimart.theme", %q); localStorage.setItem("minimart.console.signed-in", "1")`, lang, theme))
}

// goTo goes to another page as a link would.
func goTo(p *browser.Page, path string) {
	p.Await(fmt.Sprintf(`(history.pushState(null, "", "/console%s"), dispatchEvent(new PopStateEvent("popstate")), true)`, path))
	p.Await(`document.querySelector("main h1") && !document.querySelector("main .bones, main .ant-skeleton-active, .door .ant-spin")`)
}

func clean(t *testing.T, p *browser.Page, where string) {
	t.Helper()
	if errs := p.Errors(); len(errs) > 0 {
		t.Errorf("%s printed errors: %q", where, errs)
		p.ForgetErrors()
	}
}

// merchantPages and operatorPages are all pages there are, by name.
var merchantPages = map[string]string{
	"overview": "/orgs/org_merchant", "organisation": "/orgs/org_merchant/organisation", "members": "/orgs/org_merchant/members", "audit": "/orgs/org_merchant/audit",
	"programs": "/orgs/org_merchant/apps", "new-program": "/orgs/org_merchant/new-app", "versions": app, "version": app + "/versions/ver_2", "version-pending": app + "/versions/ver_4",
	"trial": app + "/trial", "release": app + "/release", "capabilities": app + "/capabilities", "keys": app + "/keys", "webhooks": app + "/webhooks", "webhook": app + "/webhooks/whe_1", "settings": app + "/settings",
	"profile": "/me", "security": "/me/security", "activity": "/me/activity", "reference": "/reference",
}

const app = "/orgs/org_merchant/apps/app_fitting"

var operatorPages = map[string]string{
	"overview": "/operator", "organisations": "/operator/organisations", "organisation": "/operator/organisations/org_merchant", "programs": "/operator/programs", "program": "/operator/programs/app_fitting",
	"reviews": "/operator/reviews", "review": "/operator/reviews/rev_4", "review-decided": "/operator/reviews/rev_2", "applications": "/operator/applications", "application": "/operator/applications/cap_1",
	"grants": "/operator/grants", "catalogue": "/operator/capabilities", "hosts": "/operator/hosts", "host": "/operator/hosts/hst_bank", "consumers": "/operator/consumers", "consumer": "/operator/consumers/csm_1",
	"plans": "/operator/plans", "members": "/operator/members", "platform-settings": "/operator/settings", "audit": "/operator/audit", "health": "/operator/health",
}
