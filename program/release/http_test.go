package release_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
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
	"minimart/program/release"
)

// console is the room's routes, with people in front of them.
type console struct {
	*shop
	api  huma.API
	http http.Handler
}

func newConsole(t *testing.T, s *shop, people map[string]access.Actor) *console {
	t.Helper()
	mux := http.NewServeMux()
	api := httpapi.New(mux, httpapi.Options{Title: "test", Version: "1", Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	who, named := accesstest.As(people)
	s.ConsoleRoutes(huma.NewGroup(api, "/api/console/v1"), who)
	return &console{s, api, named(api)}
}

func (c *console) call(as, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/console/v1"+path, strings.NewReader(body))
	r.Header.Set("X-Actor", as)
	r.Header.Set("Content-Type", "application/json")
	if strings.HasSuffix(path, "/icon") {
		r.Header.Set("Content-Type", "application/octet-stream")
	}
	w := httptest.NewRecorder()
	c.http.ServeHTTP(w, r)
	return w
}

// do calls as somebody, wants a status and reads the answer.
func (c *console) do(t *testing.T, as, method, path, body string, status int) map[string]any {
	t.Helper()
	w := c.call(as, method, path, body)
	if w.Code != status {
		t.Fatalf("%s %s as %s: %d %s, want %d", method, path, as, w.Code, w.Body, status)
	}
	var out map[string]any
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatalf("%s: %v", w.Body, err)
		}
	}
	return out
}

const picture = "\x89PNG\r\n\x1a\n...."

// requests are a good call of every route. Neighbours get 404 from each, people without the right 403.
var requests = map[string]struct{ body, needs string }{
	"POST /organisations/{org}/apps":                       {`{"name":"新店","summary":"x","domains":{"request":["https://a.example"]}}`, "program.write"},
	"GET /organisations/{org}/apps":                        {"", "program.read"},
	"GET /apps/{app}":                                      {"", "program.read"},
	"PATCH /apps/{app}":                                    {`{"name":"老店"}`, "program.write"},
	"PUT /apps/{app}/icon":                                 {picture, "program.write"},
	"PUT /apps/{app}/domains":                              {`{"request":["https://b.example"]}`, "program.write"},
	"GET /privacy-kinds":                                   {"", ""},
	"GET /apps/{app}/versions":                             {"", "program.read"},
	"GET /apps/{app}/versions/{version}":                   {"", "program.read"},
	"POST /apps/{app}/versions/{version}/preview":          {"", "program.read"},
	"PUT /apps/{app}/trial":                                {`{"version":"{version}"}`, "version.upload"},
	"DELETE /apps/{app}/trial":                             {"", "version.upload"},
	"GET /apps/{app}/testers":                              {"", "program.read"},
	"POST /apps/{app}/testers":                             {`{"phone":"138 0013 8000","name":"小雨"}`, "version.upload"},
	"DELETE /apps/{app}/testers/{tester}":                  {"", "version.upload"},
	"POST /apps/{app}/rollout":                             {`{"version":"{version}","share":1000}`, "version.release"},
	"PUT /apps/{app}/rollout":                              {`{"share":2000}`, "version.release"},
	"DELETE /apps/{app}/rollout":                           {"", "version.release"},
	"POST /apps/{app}/rollback":                            {`{"version":"{version}"}`, "version.release"},
	"GET /apps/{app}/releases":                             {"", "program.read"},
	"GET /operator/apps":                                   {"", "platform.read"},
	"GET /operator/apps/{app}":                             {"", "platform.read"},
	"POST /operator/apps/{app}/versions/{version}/preview": {"", "version.review"},
	"POST /operator/apps/{app}/suspension":                 {`{"reason":"x"}`, "version.review"},
	"DELETE /operator/apps/{app}/suspension":               {"", "version.review"},
}

// everyRoute calls fn for each route of the room, and fails for one that has no request above.
func everyRoute(t *testing.T, c *console, fn func(method, path, body, needs string)) {
	t.Helper()
	seen := 0
	for path, item := range c.api.OpenAPI().Paths {
		rest, ok := strings.CutPrefix(path, "/api/console/v1")
		if !ok {
			continue
		}
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
			if op == nil {
				continue
			}
			r, ok := requests[method+" "+rest]
			if !ok {
				t.Errorf("%s %s has no request in this test", method, rest)
				continue
			}
			if !strings.HasPrefix(op.OperationID, "console-") {
				t.Errorf("%s %s is called %s", method, rest, op.OperationID)
			}
			seen++
			fn(method, rest, r.body, r.needs)
		}
	}
	if seen != len(requests) {
		t.Errorf("%d routes of %d requests", seen, len(requests))
	}
}

func TestANeighbourFindsNothingAndARoleOpensWhatItMay(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		mina, app, v := s.stocked(t, 1, 1)
		tester := must[release.Tester](t)(s.AddTester(t.Context(), mina, app, "13900139000", "x"))
		_, theirs, _ := s.stocked(t, 1, 1)
		neighbour := accesstest.Actor{ID: "usr_wang", Org: "org_wang", Apps: []string{theirs}}
		people := map[string]access.Actor{"neighbour": neighbour}
		all := []access.Action{"program.read", "program.write", "version.upload", "version.submit", "version.release", "platform.read", "version.review", "key.manage", "platform.configure"}
		for _, a := range all {
			lacks := mina
			lacks.Operator = true
			lacks.Only = slices.DeleteFunc(slices.Clone(all), func(b access.Action) bool { return a == b })
			people["lacks "+string(a)] = lacks
		}
		c := newConsole(t, s, people)
		fill := strings.NewReplacer("{org}", "org_mina", "{app}", app, "{version}", v[0], "{tester}", tester.ID)
		before := c.do(t, "lacks key.manage", "GET", "/apps/"+app, "", 200)
		everyRoute(t, c, func(method, path, body, needs string) {
			at := fill.Replace(path)
			if w := c.call("", method, at, fill.Replace(body)); w.Code != http.StatusUnauthorized {
				t.Errorf("nobody: %s %s: %d %s", method, path, w.Code, w.Body)
			}
			want := http.StatusNotFound
			if strings.HasPrefix(path, "/operator/") {
				want = http.StatusForbidden
			}
			if w := c.call("neighbour", method, at, fill.Replace(body)); needs != "" && w.Code != want {
				t.Errorf("the neighbour: %s %s: %d %s", method, path, w.Code, w.Body)
			}
			if needs == "" {
				return
			}
			if w := c.call("lacks "+needs, method, at, fill.Replace(body)); w.Code != http.StatusForbidden {
				t.Errorf("without %s: %s %s: %d %s", needs, method, path, w.Code, w.Body)
			}
			// An own app in the path does not open another's version or tester.
			if strings.Contains(path, "{version}") || strings.Contains(path, "{tester}") || strings.Contains(body, "{version}") {
				own := strings.Replace(path, "{app}", theirs, 1)
				if w := c.call("neighbour", method, fill.Replace(own), fill.Replace(body)); w.Code != want {
					t.Errorf("another's in an own app: %s %s: %d %s", method, path, w.Code, w.Body)
				}
			}
		})
		if after := c.do(t, "lacks key.manage", "GET", "/apps/"+app, "", 200); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("something changed: %v, before %v", after, before)
		}
	})
}

func TestAMerchantsConsole(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		mina := accesstest.Actor{ID: "usr_mina", Org: "org_mina"}
		people := map[string]access.Actor{"mina": mina, "root": root}
		c := newConsole(t, s, people)
		made := c.do(t, "mina", "POST", "/organisations/org_mina/apps", `{"name":" 小店 ","summary":"好物","icon":"`+base64.StdEncoding.EncodeToString([]byte(picture))+`","domains":{"request":["HTTPS://A.example/"]}}`, 200)
		app := made["id"].(string)
		if made["name"] != "小店" || made["organisation"] != "org_mina" || !strings.HasPrefix(made["icon"].(string), "/p/") || fmt.Sprint(made["domains"]) != "map[media:[] request:[https://a.example]]" {
			t.Errorf("%v", made)
		}
		mina.Apps = []string{app}
		people["mina"] = mina
		var ids []string
		for i := range 3 {
			in := program(app, fmt.Sprintf("1.0.%d", i), fmt.Sprint(i))
			in.By, in.Source = release.ByActor(mina, "org_mina"), map[string][]byte{"app.json": []byte("{}"), "p/a.js": []byte("Page({})")}
			ids = append(ids, must[release.Version](t)(s.AddVersion(t.Context(), in)).ID)
		}
		if source, err := s.Source(t.Context(), ids[0]); err != nil || len(source) != 2 || string(source["p/a.js"]) != "Page({})" {
			t.Errorf("%v %v", source, err)
		}
		page := c.do(t, "mina", "GET", "/apps/"+app+"/versions?limit=2", "", 200)
		items := page["items"].([]any)
		if len(items) != 2 || page["next"] != "2" || items[0].(map[string]any)["uploadedBy"] != "usr_mina" || items[0].(map[string]any)["state"] != "development" {
			t.Errorf("%v", page)
		}
		if rest := c.do(t, "mina", "GET", "/apps/"+app+"/versions?limit=2&cursor=2", "", 200); len(rest["items"].([]any)) != 1 || rest["next"] != "" {
			t.Errorf("%v", rest)
		}
		for _, bad := range []string{"?cursor=x", "?cursor=-1", "?limit=0", "?limit=101"} {
			c.do(t, "mina", "GET", "/apps/"+app+"/versions"+bad, "", 422)
		}
		changed := c.do(t, "mina", "PATCH", "/apps/"+app, `{"name":"老店","privacy":{"location":" 找门店 ","camera":""}}`, 200)
		if changed["name"] != "老店" || changed["summary"] != "好物" || fmt.Sprint(changed["privacy"]) != "map[location:找门店]" {
			t.Errorf("%v", changed)
		}
		wrong := c.call("mina", "PATCH", "/apps/"+app, `{"name":"","summary":"a\u202eb","privacy":{"dna":"x","album":"`+strings.Repeat("字", 201)+`"}}`)
		for _, field := range []string{`"name"`, `"summary"`, `"privacy.dna"`, `"privacy.album"`} {
			if wrong.Code != 422 || !strings.Contains(wrong.Body.String(), `"field":`+field) {
				t.Errorf("%s: %s", field, wrong.Body)
			}
		}
		if w := c.call("mina", "PUT", "/apps/"+app+"/icon", strings.Repeat("x", 300<<10)); w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("a large icon: %d %s", w.Code, w.Body)
		}
		if kinds := c.do(t, "mina", "GET", "/privacy-kinds", "", 200); len(kinds["items"].([]any)) != 9 {
			t.Errorf("%v", kinds)
		}

		link := c.do(t, "mina", "PUT", "/apps/"+app+"/trial", `{"version":"`+ids[1]+`"}`, 200)
		if link["path"] != "/app/"+app+"?ticket="+link["token"].(string) || len(link["token"].(string)) != 43 || link["expiresAt"] != 0.0 {
			t.Errorf("%v", link)
		}
		tester := c.do(t, "mina", "POST", "/apps/"+app+"/testers", `{"phone":"+86 138-0013-8000","name":"小雨"}`, 200)
		if tester["phone"] != "+8613800138000" {
			t.Errorf("%v", tester)
		}
		c.do(t, "mina", "POST", "/apps/"+app+"/testers", `{"phone":"０１３８００１３８０００","name":""}`, 422)
		c.do(t, "mina", "POST", "/apps/"+app+"/testers", `{"phone":"13800138000","name":"again"}`, 409)
		for i := range 99 {
			c.do(t, "mina", "POST", "/apps/"+app+"/testers", fmt.Sprintf(`{"phone":"139%08d","name":"t"}`, i), 200)
		}
		c.do(t, "mina", "POST", "/apps/"+app+"/testers", `{"phone":"13700000000","name":"one too many"}`, 429)
		c.do(t, "mina", "DELETE", "/apps/"+app+"/testers/"+tester["id"].(string), "", 204)
		c.do(t, "mina", "DELETE", "/apps/"+app+"/testers/"+tester["id"].(string), "", 404)
		preview := c.do(t, "mina", "POST", "/apps/"+app+"/versions/"+ids[2]+"/preview", "", 200)
		if preview["expiresAt"] != float64(opening.Add(release.PreviewTime).UnixMilli()) {
			t.Errorf("%v", preview)
		}
		c.do(t, "mina", "DELETE", "/apps/"+app+"/trial", "", 204)
		c.do(t, "mina", "DELETE", "/apps/"+app+"/trial", "", 409)

		c.do(t, "mina", "POST", "/apps/"+app+"/rollout", `{"version":"`+ids[0]+`","share":1000000}`, 409) // not reviewed
		for _, id := range ids[:2] {
			s.move(t, app, id, release.StateDevelopment, release.StateInReview)
			s.move(t, app, id, release.StateInReview, release.StateApproved)
		}
		c.do(t, "mina", "POST", "/apps/"+app+"/rollout", `{"version":"`+ids[0]+`","share":0}`, 422)
		c.do(t, "mina", "POST", "/apps/"+app+"/rollout", `{"version":"`+ids[0]+`","share":1000000}`, 200)
		c.do(t, "mina", "POST", "/apps/"+app+"/rollout", `{"version":"`+ids[1]+`","share":100000}`, 200)
		c.do(t, "mina", "PUT", "/apps/"+app+"/rollout", `{"share":200000}`, 200)
		now := c.do(t, "mina", "GET", "/apps/"+app, "", 200)
		if now["released"].(map[string]any)["number"] != 1.0 || now["staged"].(map[string]any)["number"] != 2.0 || now["rollout"].(map[string]any)["share"] != 200000.0 || now["lastNumber"] != 3.0 {
			t.Errorf("%v", now)
		}
		c.do(t, "mina", "DELETE", "/apps/"+app+"/rollout", "", 200)
		c.do(t, "mina", "POST", "/apps/"+app+"/rollout", `{"version":"`+ids[1]+`","share":1000000}`, 200)
		c.do(t, "mina", "POST", "/apps/"+app+"/rollback", `{"version":"`+ids[0]+`"}`, 200)
		history := c.do(t, "mina", "GET", "/apps/"+app+"/releases?limit=1", "", 200)
		if first := history["items"].([]any)[0].(map[string]any); first["step"] != "rolled-back" || history["next"] != "6" {
			t.Errorf("%v", history)
		}

		for query, want := range map[string]int{"": 1, "?query=老": 1, "?query=" + app: 1, "?query=org_mina": 1, "?query=新": 0, "?state=out": 1, "?state=unreleased": 0, "?state=suspended": 0} {
			if got := c.do(t, "root", "GET", "/operator/apps"+query, "", 200)["items"].([]any); len(got) != want {
				t.Errorf("%s: %v", query, got)
			}
		}
		c.do(t, "root", "POST", "/operator/apps/"+app+"/suspension", `{"reason":"售卖假货"}`, 200)
		if got := c.do(t, "mina", "GET", "/organisations/org_mina/apps", "", 200)["items"].([]any)[0].(map[string]any); got["suspensionReason"] != "售卖假货" {
			t.Errorf("%v", got)
		}
		c.do(t, "root", "POST", "/operator/apps/"+app+"/versions/"+ids[2]+"/preview", "", 200)
		c.do(t, "root", "DELETE", "/operator/apps/"+app+"/suspension", "", 200)
		c.do(t, "root", "GET", "/operator/apps/app_nobody", "", 404)
		for _, e := range s.log.Entries() {
			if e.Org != "org_mina" || e.Target == "" {
				t.Errorf("%+v", e)
			}
			for k, v := range e.Detail {
				if strings.Contains(v, link["token"].(string)) || strings.Contains(v, preview["token"].(string)) {
					t.Errorf("a token is in the audit log: %s of %+v", k, e)
				}
			}
		}
	})
}

func TestAnOrganisationHasFiftyApps(t *testing.T) {
	s := newShop(t, testkit.Engines(t)[0])
	mina := accesstest.Actor{ID: "usr_mina", Org: "org_mina"}
	for i := range release.MostApps {
		must[release.App](t)(s.Create(t.Context(), mina, "org_mina", release.NewApp{Name: fmt.Sprint(i)}))
	}
	if _, err := s.Create(t.Context(), mina, "org_mina", release.NewApp{Name: "x"}); err == nil || !strings.Contains(err.Error(), "50 apps") {
		t.Errorf("%v", err)
	}
	other := accesstest.Actor{ID: "usr_wang", Org: "org_wang"}
	must[release.App](t)(s.Create(t.Context(), other, "org_wang", release.NewApp{Name: "x", ID: "app_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", Org: "org_mina"}))
	if apps := must[[]release.Standing](t)(s.AppsOf(t.Context(), mina, "org_mina")); len(apps) != release.MostApps {
		t.Errorf("%d: somebody made an app for another", len(apps))
	}
}

func TestPrivacyKindsSayWhatNeedsThem(t *testing.T) {
	for api, want := range map[string]string{"jd.getLocation": "location", "wx.chooseMedia": "album", "getPhoneNumber": "phone-number", "request": "", "scanCode": "camera"} {
		if got := strings.Join(release.PrivacyOfAPI(api), ","); got != want {
			t.Errorf("%s: %s", api, got)
		}
	}
	for _, c := range []struct{ component, attribute, value, want string }{
		{"button", "open-type", "getPhoneNumber", "phone-number"}, {"button", "open-type", "share", ""}, {"camera", "", "", "camera"},
		{"live-pusher", "", "", "camera,record"}, {"map", "show-location", "true", "location"}, {"view", "", "", ""}, {"input", "type", "nickname", "profile"},
	} {
		if got := strings.Join(release.PrivacyOfComponent(c.component, c.attribute, c.value), ","); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	release.PrivacyKinds()[0].APIs[0] = "changed"
	if release.PrivacyKinds()[0].APIs[0] != "getUserProfile" {
		t.Error("the table can be changed from outside")
	}
}
