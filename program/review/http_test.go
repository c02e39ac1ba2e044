package review_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/httpapi"
	"minimart/platform/testkit"
	"minimart/program/review"
)

// counter is the office with its door to the street.
type counter struct {
	*office
	api     *httpapi.API
	handler http.Handler
}

const console = "/api/console/v1"

func openCounter(t *testing.T, o *office) *counter {
	t.Helper()
	reader, submitter := o.mina, o.mina
	reader.Only = []access.Action{review.ActionRead}
	submitter.Only = []access.Action{review.ActionRead, review.ActionSubmit}
	clerk := o.rita
	clerk.Only = []access.Action{review.ActionReadPlatform}
	who, in := accesstest.As(map[string]access.Actor{
		"developer": submitter, "reader": reader, "neighbour": accesstest.Actor{ID: "usr_n", Org: "org_n", Apps: []string{"app_n"}},
		"reviewer": o.rita, "clerk": clerk,
	})
	c := &counter{office: o}
	c.api = httpapi.New(http.NewServeMux(), httpapi.Options{Title: "test", Version: "1", Clock: o.clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	o.ConsoleRoutes(huma.NewGroup(c.api, console), who)
	c.handler = in(c.api)
	return c
}

func (c *counter) send(as, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, console+path, strings.NewReader(body))
	r.Header.Set("X-Actor", as)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w
}

// routes are who may call what: the status each of the callers gets, in the order of callers.
var callers = []string{"", "neighbour", "reader", "developer", "clerk", "reviewer"}

var routes = []struct {
	method, path, body string
	want               [6]int
}{
	{"POST", "/apps/{app}/versions/{fresh}/submission", `{"note":"新"}`, [6]int{401, 404, 403, 200, 404, 404}},
	{"DELETE", "/apps/{app}/versions/{version}/submission", "", [6]int{401, 404, 403, 200, 404, 404}},
	{"GET", "/apps/{app}/versions/{version}/review", "", [6]int{401, 404, 200, 200, 404, 404}},
	{"GET", "/operator/reviews", "", [6]int{401, 403, 403, 403, 200, 200}},
	{"GET", "/operator/reviews/waiting", "", [6]int{401, 403, 403, 403, 200, 200}},
	{"GET", "/operator/reviews/{review}", "", [6]int{401, 403, 403, 403, 200, 200}},
	{"GET", "/operator/reviews/{review}/file?path=app.json", "", [6]int{401, 403, 403, 403, 200, 200}},
	{"POST", "/operator/reviews/{review}/decision", `{"verdict":"approved"}`, [6]int{401, 403, 403, 403, 403, 200}},
}

func TestEveryRouteKnowsWhoMayCallIt(t *testing.T) {
	engine := testkit.Engines(t)[0]
	for _, route := range routes {
		var c *counter
		var path string
		for i, as := range callers {
			// Whoever may call it has changed something afterwards: the next one comes to a new office.
			if c == nil || i > 0 && route.method != "GET" && route.want[i-1] == 200 {
				c = openCounter(t, openOffice(t, engine))
				v, fresh := c.upload(t, "1.0", nil), c.upload(t, "1.1", nil)
				r := must(c.Submit(t.Context(), c.mina, c.app, v.ID, ""))
				path = strings.NewReplacer("{app}", c.app, "{version}", v.ID, "{fresh}", fresh.ID, "{review}", r.ID).Replace(route.path)
			}
			if got := c.send(as, route.method, path, route.body); got.Code != route.want[i] {
				t.Errorf("%s %s as %q: %d, want %d: %s", route.method, route.path, as, got.Code, route.want[i], got.Body)
			}
		}
	}
}

func TestNoRouteIsMissingFromTheTable(t *testing.T) {
	c := openCounter(t, openOffice(t, testkit.Engines(t)[0]))
	var have, want []string
	for path, item := range c.api.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
			if op != nil && strings.HasPrefix(path, console) {
				have = append(have, method+" "+strings.TrimPrefix(path, console))
				if !strings.HasPrefix(op.OperationID, "console-") {
					t.Errorf("%s is called %s", path, op.OperationID)
				}
			}
		}
	}
	for _, r := range routes {
		path, _, _ := strings.Cut(strings.ReplaceAll(r.path, "{fresh}", "{version}"), "?")
		want = append(want, r.method+" "+path)
	}
	slices.Sort(have)
	slices.Sort(want)
	if !slices.Equal(have, want) {
		t.Errorf("routes\n%s\ntable\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
}

func TestANeighboursIdsAreNotFound(t *testing.T) {
	c := openCounter(t, openOffice(t, testkit.Engines(t)[0]))
	v := c.upload(t, "1.0", nil)
	must(c.Submit(t.Context(), c.mina, c.app, v.ID, ""))
	for _, path := range []string{"/apps/app_n/versions/" + v.ID} { // the neighbour's own app, Mina's version
		for _, call := range [][3]string{{"POST", "/submission", "{}"}, {"DELETE", "/submission", ""}, {"GET", "/review", ""}} {
			if got := c.send("neighbour", call[0], path+call[1], call[2]); got.Code != 404 {
				t.Errorf("%s %s: %d %s", call[0], path+call[1], got.Code, got.Body)
			}
		}
	}
	for _, id := range []string{"rev_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", "nonsense", "%00", "' OR 1=1"} {
		if got := c.send("reviewer", "GET", "/operator/reviews/"+strings.ReplaceAll(id, " ", "%20"), ""); got.Code != 404 {
			t.Errorf("%s: %d", id, got.Code)
		}
	}
}

func TestTheReviewersConsole(t *testing.T) {
	c := openCounter(t, openOffice(t, testkit.Engines(t)[0]))
	v := c.upload(t, "1.0", map[string]string{"pages/home/home.jxml": "<view>销量第一</view>\n<image src=\"/art/a.png\"/>", "art/a.png": "picture"})
	sent := c.send("developer", "POST", "/apps/"+c.app+"/versions/"+v.ID+"/submission", `{"note":"<script>alert(1)</script>"}`)
	var r struct{ ID, Note, State string }
	if err := json.Unmarshal(sent.Body.Bytes(), &r); err != nil || r.State != "pending" || r.Note != "<script>alert(1)</script>" || sent.Header().Get("Content-Type") != "application/json" || sent.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %s %v", sent.Code, sent.Body, sent.Header()) // text is text, and no browser takes JSON for a page
	}
	full := c.send("reviewer", "GET", "/operator/reviews/"+r.ID, "")
	var got map[string]any
	if err := json.Unmarshal(full.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"review", "version", "findings", "diff", "statements", "domains", "changed", "suspended", "safetyRules"} {
		if _, ok := got[key]; !ok {
			t.Errorf("no %s in %s", key, full.Body)
		}
	}
	if strings.Contains(strings.ReplaceAll(full.Body.String(), `"against":null`, ""), ":null") {
		t.Errorf("a list is null: %s", full.Body)
	}
	picture := c.send("reviewer", "GET", "/operator/reviews/"+r.ID+"/file?path=art/a.png", "")
	if !strings.Contains(picture.Body.String(), `.png"`) || !strings.Contains(picture.Body.String(), `"text":""`) {
		t.Errorf("%s", picture.Body)
	}
	if got := c.send("reviewer", "GET", "/operator/reviews/"+r.ID+"/file?path=../app.json", ""); got.Code != 404 {
		t.Errorf("%d", got.Code)
	}
	bad := c.send("reviewer", "POST", "/operator/reviews/"+r.ID+"/decision", `{"verdict":"maybe","reasons":[{"text":""}]}`)
	if bad.Code != 422 || !strings.Contains(bad.Body.String(), "verdict") || !strings.Contains(bad.Body.String(), "reasons[0].text") {
		t.Errorf("%d %s", bad.Code, bad.Body)
	}
	done := c.send("reviewer", "POST", "/operator/reviews/"+r.ID+"/decision", `{"verdict":"rejected","reasons":[{"file":"pages/home/home.jxml","line":1,"text":"改文案"}]}`)
	if done.Code != 200 || !strings.Contains(done.Body.String(), `"endedBy":"usr_rita"`) {
		t.Errorf("%d %s", done.Code, done.Body)
	}
	if twice := c.send("reviewer", "POST", "/operator/reviews/"+r.ID+"/decision", `{"verdict":"approved"}`); twice.Code != 409 {
		t.Errorf("%d %s", twice.Code, twice.Body)
	}
	told := c.send("reader", "GET", "/apps/"+c.app+"/versions/"+v.ID+"/review", "")
	if !strings.Contains(told.Body.String(), "改文案") || strings.Contains(told.Body.String(), "usr_rita") {
		t.Errorf("the developer learns who decided, or not why: %s", told.Body)
	}
}
