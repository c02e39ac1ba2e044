package capability_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"minimart/open/capability"
	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/httpapi"
)

// callers are who comes to each route, in the order of the columns below.
var callers = []string{"anonymous", "reader", "applicant", "neighbour", "auditor", "reviewer"}

var actors = map[string]access.Actor{
	"reader":    accesstest.Actor{ID: "usr_reader", Org: "org_mina", Apps: []string{app}, Only: []access.Action{"program.read"}},
	"applicant": accesstest.Actor{ID: "usr_applicant", Org: "org_mina", Apps: []string{app}, Only: []access.Action{"program.read", "capability.apply"}},
	"neighbour": wang,
	"auditor":   accesstest.Actor{ID: "usr_auditor", Operator: true, Only: []access.Action{"platform.read"}},
	"reviewer":  accesstest.Actor{ID: "usr_reviewer", Operator: true, Only: []access.Action{"platform.read", "capability.review"}},
}

type desk struct {
	*centre
	api  *httpapi.API
	door http.Handler
}

func openDesk(c *centre) *desk {
	who, as := accesstest.As(actors)
	d := &desk{centre: c, api: httpapi.New(http.NewServeMux(), httpapi.Options{Title: "test", Version: "1", Clock: c.clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})}
	c.ConsoleRoutes(huma.NewGroup(d.api, "/api/console/v1"), who)
	d.door = as(d.api)
	return d
}

func (d *desk) send(who, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/console/v1"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Actor", who)
	w := httptest.NewRecorder()
	d.door.ServeHTTP(w, r)
	return w
}

type row struct {
	body, query string
	prepare     string // what there must be: "application", "grant" or "invitation"
	status      [6]int
}

// The routes of the room: an outsider hears 404 about an app, 403 about what is the operator's.
var table = map[string]row{
	//                                                                               anonymous reader applicant neighbour auditor reviewer
	"GET /apps/{app}/capabilities":                                   {status: [6]int{401, 200, 200, 404, 404, 404}},
	"POST /apps/{app}/capabilities/{capability}/application":         {body: `{"answers":{"purpose":"x"}}`, status: [6]int{401, 403, 200, 404, 404, 404}},
	"DELETE /apps/{app}/capabilities/{capability}/application":       {prepare: "application", status: [6]int{401, 403, 200, 404, 404, 404}},
	"GET /operator/capabilities":                                     {status: [6]int{401, 403, 403, 403, 200, 200}},
	"GET /operator/applications":                                     {query: "?state=applied", status: [6]int{401, 403, 403, 403, 403, 200}},
	"GET /operator/applications/{application}":                       {prepare: "application", status: [6]int{401, 403, 403, 403, 403, 200}},
	"POST /operator/applications/{application}/decision":             {prepare: "application", body: `{"verdict":"approved"}`, status: [6]int{401, 403, 403, 403, 403, 200}},
	"GET /operator/grants":                                           {status: [6]int{401, 403, 403, 403, 200, 200}},
	"POST /operator/apps/{app}/capabilities/{capability}/revocation": {prepare: "grant", body: `{"reason":"x"}`, status: [6]int{401, 403, 403, 403, 403, 204}},
	"PUT /operator/apps/{app}/capabilities/test-beta/invitation":     {status: [6]int{401, 403, 403, 403, 403, 204}},
	"DELETE /operator/apps/{app}/capabilities/test-beta/invitation":  {prepare: "invitation", status: [6]int{401, 403, 403, 403, 403, 204}},
}

func TestEveryRouteAnswersEveryRoleAsTheTableSays(t *testing.T) {
	d := openDesk(onSQLite(t))
	rows := map[string]row{}
	for route, r := range table {
		rows[strings.ReplaceAll(route, "test-beta", "{capability}")] = r
	}
	var routes []string
	for path, item := range d.api.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
			if path, ok := strings.CutPrefix(path, "/api/console/v1"); ok && op != nil {
				routes = append(routes, method+" "+path)
				if _, ok := rows[method+" "+path]; !ok {
					t.Errorf("%s %s has no row: say who may call it", method, path)
				}
				if !strings.HasPrefix(op.OperationID, "console-") || op.Summary == "" {
					t.Errorf("%s %s: %q %q", method, path, op.OperationID, op.Summary)
				}
			}
		}
	}
	if len(routes) != len(table) {
		t.Errorf("%d routes, %d rows", len(routes), len(table))
	}
	for _, route := range slices.Sorted(maps.Keys(table)) {
		r := table[route]
		method, path, _ := strings.Cut(route, " ")
		for i, who := range callers {
			d.clock.Advance(24 * time.Hour) // applications are counted by the day
			_, _ = d.Withdraw(t.Context(), mina, app, "test-open")
			application := ""
			switch r.prepare {
			case "application":
				application = must[capability.Application](t)(d.Apply(t.Context(), mina, app, "test-open", fine)).ID
			case "grant":
				d.granted(t, mina, app, "test-open", capability.Decision{})
			case "invitation":
				if err := d.Invite(t.Context(), root, app, "test-beta"); err != nil {
					t.Fatal(err)
				}
			}
			path := strings.NewReplacer("{app}", app, "{capability}", "test-open", "{application}", application).Replace(path)
			if w := d.send(who, method, path+r.query, r.body); w.Code != r.status[i] {
				t.Errorf("%s by %s: %d, want %d: %.200s", route, who, w.Code, r.status[i], w.Body)
			}
		}
	}
}

// seen is what the app's people see of a capability.
type seen struct {
	Capability        struct{ Name string }
	Granted, MayApply bool
	Obstacle          string
	Grant             *struct {
		State  string
		Until  int64
		Limits struct{ ConsumersPerDay int64 }
	}
}

func TestTheStoryOfACapabilityInTheConsoles(t *testing.T) {
	d := openDesk(onSQLite(t))
	ask := func(who, method, path, body string, into any) {
		t.Helper()
		w := d.send(who, method, path, body)
		if w.Code >= 300 {
			t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
		if into != nil {
			if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
				t.Fatalf("%s: %v", w.Body, err)
			}
		}
	}
	ask("applicant", "POST", "/apps/"+app+"/capabilities/test-special/application", `{"answers":{"special-reason":"<script>alert(1)</script>"}}`, nil)
	var queue struct {
		Items []struct {
			ID, App, AppName, OrganisationName, State string
			Special                                   bool
		}
		Next string
	}
	ask("reviewer", "GET", "/operator/applications?state=applied", "", &queue)
	if len(queue.Items) != 1 || !queue.Items[0].Special || queue.Items[0].AppName != "<b>Mina's shop" || queue.Items[0].OrganisationName != "Mina Ltd" {
		t.Fatalf("%+v", queue)
	}
	var one struct {
		Capability struct {
			Name string
			Form []struct{ Key string }
		}
		Answers []struct {
			Key, Answer string
			Words       struct{ Zh, En string }
		}
	}
	ask("reviewer", "GET", "/operator/applications/"+queue.Items[0].ID, "", &one)
	if len(one.Answers) != 1 || one.Answers[0].Answer != "<script>alert(1)</script>" || one.Answers[0].Words.Zh != "特批理由" || one.Capability.Form[0].Key != "special-reason" {
		t.Errorf("%+v", one)
	}
	decision := "/operator/applications/" + queue.Items[0].ID + "/decision"
	if w := d.send("reviewer", "POST", decision, `{"verdict":"approved"}`); w.Code != 422 || !strings.Contains(w.Body.String(), "confirmSpecial") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	ask("reviewer", "POST", decision, fmt.Sprintf(`{"verdict":"approved","confirmSpecial":true,"until":%d,"limits":{"consumersPerDay":5}}`, d.now()+1000), nil)
	var mine struct{ Items []seen }
	look := func() int {
		t.Helper()
		ask("reader", "GET", "/apps/"+app+"/capabilities", "", &mine)
		return slices.IndexFunc(mine.Items, func(i seen) bool { return i.Capability.Name == "test-special" })
	}
	if i := look(); !mine.Items[i].Granted || mine.Items[i].Grant.Limits.ConsumersPerDay != 5 || !mine.Items[i].MayApply {
		t.Errorf("%+v", mine.Items[i])
	}
	d.clock.Advance(time.Second)
	if i := look(); mine.Items[i].Granted || mine.Items[i].Grant.State != "expired" {
		t.Errorf("%+v", mine.Items[i])
	}
	d.granted(t, wang, other, "test-open", capability.Decision{}) // an app that has no name any more
	w := d.send("auditor", "GET", "/operator/grants?app="+other, "")
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"appName":""`) || !strings.Contains(w.Body.String(), `"state":"live"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w = d.send("auditor", "GET", "/operator/capabilities", "")
	if !strings.Contains(w.Body.String(), `"applied":0,"granted":1`) {
		t.Errorf("%s", w.Body)
	}
	for _, body := range []string{"", "{", "[]", `{"answers":null}`, `{"answers":{"purpose":1}}`, `{"answers":{"purpose":"x"},"org":"org_x"}`, strings.Repeat("[", 5000), `{"answers":{"purpose":"` + strings.Repeat("x", 300<<10) + `"}}`} {
		if w := d.send("applicant", "POST", "/apps/"+app+"/capabilities/test-open/application", body); w.Code < 400 || w.Code >= 500 {
			t.Errorf("%.20s: %d %.200s", body, w.Code, w.Body)
		}
	}
}
