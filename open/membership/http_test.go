package membership_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"minimart/open/membership"
	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/httpapi"
	"minimart/platform/testkit"
)

// street is the club with its doors. The host's door here believes the header X-Consumer; the real one is tested with the
// consumers of open/identity.
type street struct {
	*club
	api   *httpapi.API
	serve http.Handler
}

func openStreet(t *testing.T) *street {
	s := &street{club: newClub(t, testkit.Engines(t)[0])}
	s.api = httpapi.New(http.NewServeMux(), httpapi.Options{Title: "test", Version: "1", Clock: s.clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	door := huma.NewGroup(s.api, "/api/host/v1")
	door.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) {
		next(huma.WithContext(ctx, access.WithVisitor(ctx.Context(), as(ctx.Header("X-Consumer")))))
	})
	s.HostRoutes(door)
	s.OpenRoutes(s.api, accesstest.Door{API: s.api})
	who, named := accesstest.As(map[string]access.Actor{"root": root, "mina": accesstest.Actor{ID: "usr_mina", Org: "org_mina", Apps: []string{teaApp}}})
	s.ConsoleRoutes(huma.NewGroup(s.api, "/api/console/v1"), who)
	s.serve = named(s.api)
	return s
}

func (s *street) send(method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.serve.ServeHTTP(w, r)
	return w
}

func TestAConsumerJoinsInTheHostAndAProgramAsks(t *testing.T) {
	s := openStreet(t)
	plans := s.send("GET", "/api/host/v1/membership/plans", "", "Accept-Language", "zh")
	want := `{"items":[{"code":"plus-month","name":{"zh":"月卡","en":"A month"},"days":30,"price":0,"joinable":true},` +
		`{"code":"plus-year","name":{"zh":"年卡","en":"A year"},"days":365,"price":9900,"joinable":false,"note":"随收银台上线开放"}],"next":""}`
	if strings.TrimSpace(plans.Body.String()) != want {
		t.Errorf("%s", plans.Body)
	}
	mine := func(method, path, body string) string {
		return strings.TrimSpace(s.send(method, "/api/host/v1"+path, body, "X-Consumer", li).Body.String())
	}
	if got := mine("GET", "/membership", ""); got != `{"level":"none","until":0,"state":"none","plan":"","since":0,"ends":0,"auto":false}` {
		t.Errorf("%s", got)
	}
	end := opening.Add(30 * day).UnixMilli()
	want = fmt.Sprintf(`{"level":"plus","until":%d,"state":"active","plan":"plus-month","since":%d,"ends":%d,"auto":false}`, end, opening.UnixMilli(), end)
	if got := mine("POST", "/membership", `{"plan":"plus-month"}`); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := mine("PUT", "/membership/renewal", `{"auto":true}`); got != strings.Replace(want, "false", "true", 1) {
		t.Errorf("%s", got)
	}
	if got := mine("POST", "/membership/renewal", fmt.Sprintf(`{"until":%d}`, end)); !strings.Contains(got, fmt.Sprint(opening.Add(60*day).UnixMilli())) {
		t.Errorf("%s", got)
	}
	if got := mine("GET", "/membership/history", ""); strings.Count(got, `"step"`) != 2 || strings.Contains(got, "reason") {
		t.Errorf("%s", got)
	}
	if got := s.send("GET", "/api/host/v1/programs/"+teaApp+"/membership", "", "X-Consumer", li); got.Code != 403 {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	s.registry.agreed = true
	want = fmt.Sprintf(`{"level":"plus","until":%d}`, opening.Add(60*day).UnixMilli())
	if got := mine("GET", "/programs/"+teaApp+"/membership", ""); got != want {
		t.Errorf("%s", got)
	}
	if got := s.send("GET", "/open/v1/consumers/"+liAtTea+"/membership", "", "X-App", teaApp); strings.TrimSpace(got.Body.String()) != want {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	file := s.send("GET", "/api/console/v1/operator/consumers/"+li+"/membership", "", "X-Actor", "root")
	if file.Code != 200 || strings.Count(file.Body.String(), `"reason"`) != 2 {
		t.Errorf("%d %s", file.Code, file.Body)
	}
	if got := s.send("POST", "/api/console/v1/operator/consumers/"+li+"/membership", `{"days":3,"reason":"sorry"}`, "X-Actor", "root"); got.Code != 200 {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	if got := s.send("DELETE", "/api/console/v1/operator/consumers/"+li+"/membership?reason=abuse", "", "X-Actor", "root"); !strings.Contains(got.Body.String(), `"state":"removed"`) {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	put := `{"items":[{"code":"plus-week","name":{"zh":"周卡","en":"A week"},"days":7,"price":0}]}`
	if got := s.send("PUT", "/api/console/v1/operator/membership/plans", put, "X-Actor", "root"); got.Code != 200 || !strings.Contains(got.Body.String(), "plus-week") || strings.Contains(got.Body.String(), "plus-month") {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}

func TestNobodyElseComesInAndANeighbourFindsNothing(t *testing.T) {
	s := openStreet(t)
	s.registry.agreed = true
	routes := 0
	for path, item := range s.api.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "DELETE": item.Delete} {
			if op == nil {
				continue
			}
			routes++
			body := ""
			if op.RequestBody != nil {
				body = `{"plan":"plus-month","auto":true,"until":1,"items":[],"days":1,"reason":"x"}`
			}
			if strings.HasPrefix(path, "/api/host/v1") { // bodies there take nothing they do not know
				body = map[string]string{"POST /membership": `{"plan":"plus-month"}`, "POST /membership/renewal": `{"until":1}`, "PUT /membership/renewal": `{"auto":true}`}[method+" "+strings.TrimPrefix(path, "/api/host/v1")]
			} else if strings.HasSuffix(path, "/plans") && body != "" {
				body = `{"items":[]}`
			} else if body != "" {
				body = `{"days":1,"reason":"x"}`
			}
			at := strings.NewReplacer("{app}", teaApp, "{openid}", liAtTea, "{consumer}", "csm_nobody").Replace(path)
			if method == "DELETE" {
				at += "?reason=x"
			}
			switch {
			case strings.HasPrefix(path, "/api/host/v1"):
				if r := s.send(method, at, body); r.Code != 401 && !strings.HasSuffix(path, "/plans") {
					t.Errorf("%s %s without a session: %d %s", method, path, r.Code, r.Body)
				}
			case strings.HasPrefix(path, "/open/v1"):
				if r := s.send(method, at, body); r.Code != 401 {
					t.Errorf("%s %s without a key: %d %s", method, path, r.Code, r.Body)
				}
				if r := s.send(method, at, body, "X-App", bkApp); r.Code != 404 {
					t.Errorf("%s %s by a neighbour: %d %s", method, path, r.Code, r.Body)
				}
			case strings.HasPrefix(path, "/api/console/v1"):
				if r := s.send(method, at, body); r.Code != 401 {
					t.Errorf("%s %s without a name: %d %s", method, path, r.Code, r.Body)
				}
				if r := s.send(method, at, body, "X-Actor", "mina"); r.Code != 403 {
					t.Errorf("%s %s for a developer: %d %s", method, path, r.Code, r.Body)
				}
				if r := s.send(method, at, body, "X-Actor", "root"); strings.Contains(path, "{consumer}") && r.Code != 404 {
					t.Errorf("%s %s of nobody: %d %s", method, path, r.Code, r.Body)
				}
			default:
				t.Errorf("%s %s is behind no door", method, path)
			}
		}
	}
	if routes != 7+1+5 {
		t.Errorf("%d routes: a new one needs a look here", routes)
	}
}

var _ membership.Consumers = (*registry)(nil)
