package webhook_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/access"
	"minimart/platform/httpapi"
	"minimart/platform/testkit"
)

// The console's routes, as mina.
func TestTheConsoleSetsUpAWebhookAndFindsOutWhyItFails(t *testing.T) {
	s := newShop(t, testkit.Engines(t)[0], nil)
	theirs := s.endpoint(t, wang, s.url).Endpoint.ID
	mux := http.NewServeMux()
	api := httpapi.New(mux, httpapi.Options{Title: "test", Version: "1", Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	s.Routes(huma.NewGroup(api, "/api/console/v1"), func(context.Context) (access.Actor, error) { return mina, nil })
	site := httptest.NewServer(api)
	defer site.Close()
	ask := func(method, path, body string) (int, map[string]any, http.Header) {
		t.Helper()
		req, err := http.NewRequest(method, site.URL+"/api/console/v1/apps/"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		var out map[string]any
		if len(text) > 0 {
			if err := json.Unmarshal(text, &out); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		}
		return resp.StatusCode, out, resp.Header
	}
	code, made, header := ask("POST", "app_mina/webhooks", `{"url":"`+s.url+`","types":["order.paid"],"description":"仓库"}`)
	hook, _ := made["id"].(string)
	if secret, _ := made["secret"].(string); code != 200 || hook == "" || !strings.HasPrefix(secret, "whsec_") || header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v", code, made)
	}
	s.answers(status(500))
	code, test, _ := ask("POST", "app_mina/webhooks/"+hook+"/test", "")
	delivery, _ := test["delivery"].(string)
	if code != 200 || delivery == "" {
		t.Fatalf("%d %v", code, test)
	}
	s.run(t)
	base := "app_mina/webhooks/" + hook
	_, shown, _ := ask("GET", base+"/deliveries/"+delivery, "")
	log, _ := shown["log"].([]any)
	payload, _ := shown["payload"].(map[string]any)
	if len(log) != 1 || payload["type"] != "webhook.test" || log[0].(map[string]any)["response"] != "told 500" || log[0].(map[string]any)["status"] != 500.0 {
		t.Errorf("%v", shown)
	}
	for _, tt := range []struct {
		method, path, body string
		status             int
		field              string
		want               any
	}{
		{"GET", base, "", 200, "description", "仓库"},
		{"GET", base, "", 200, "secret", nil},
		{"PUT", base, `{"url":"` + s.url + `/2","types":["*"]}`, 200, "url", s.url + "/2"},
		{"PUT", base, `{"url":"http://shop.example","types":["*"]}`, 422, "code", "invalid"},
		{"POST", base + "/rotate", `{"overlap_seconds":9223372036854775807}`, 422, "code", "invalid"},
		{"POST", base + "/rotate", `{"overlap_seconds":60}`, 200, "previous_secret_until", "2026-06-18T00:01:00Z"},
		{"POST", base + "/disable", "", 200, "disabled_reason", "by_hand"},
		{"POST", base + "/disable", "", 200, "state", "disabled"},
		{"POST", base + "/deliveries/" + delivery + "/redeliver", "", 409, "code", "conflict"},
		{"POST", base + "/enable", "", 200, "state", "enabled"},
		{"POST", base + "/deliveries/" + delivery + "/redeliver", "", 204, "", nil},
		{"GET", base + "/deliveries?state=nonsense", "", 422, "code", "invalid"},
		{"GET", base + "/deliveries?limit=1000", "", 422, "code", "invalid"},
		{"GET", base + "/deliveries?state=delivered", "", 200, "next", nil},
		{"GET", "app_mina/webhook-types", "", 200, "", nil},
		{"DELETE", base, "", 204, "", nil},
		{"DELETE", base, "", 404, "code", "not_found"},
		{"GET", "app_mina/webhooks", "", 200, "", nil},
		{"GET", "app_wang/webhooks", "", 404, "code", "not_found"},
		{"POST", "app_wang/webhooks", `{"url":"` + s.url + `","types":["*"]}`, 404, "code", "not_found"},
		{"GET", "app_wang/webhook-types", "", 404, "code", "not_found"},
	} {
		if code, got, _ := ask(tt.method, tt.path, tt.body); code != tt.status || tt.field != "" && got[tt.field] != tt.want {
			t.Errorf("%s %s: %d %v", tt.method, tt.path, code, got)
		}
	}
	// Everything somebody did is told, for the audit log; what changed nothing too.
	for topic, n := range map[string]int{"created": 2, "changed": 1, "rotated": 1, "stopped": 2, "enabled": 1, "resent": 1, "removed": 1} {
		told := s.diary.about("gateway.webhook." + topic)
		if len(told) != n || !strings.Contains(string(told[n-1].Payload), `"actor":"usr_app_mina"`) {
			t.Errorf("%s: %+v", topic, told)
		}
	}
	for _, tt := range []struct{ method, path, body string }{
		{"GET", "", ""}, {"PUT", "", `{"url":"` + s.url + `","types":["*"]}`}, {"DELETE", "", ""}, {"POST", "/enable", ""}, {"POST", "/disable", ""}, {"POST", "/rotate", `{"overlap_seconds":0}`},
		{"POST", "/test", ""}, {"GET", "/deliveries", ""}, {"GET", "/deliveries/" + delivery, ""}, {"POST", "/deliveries/" + delivery + "/redeliver", ""},
	} {
		for _, app := range []string{"app_mina", "app_wang"} {
			if code, got, _ := ask(tt.method, app+"/webhooks/"+theirs+tt.path, tt.body); code != 404 {
				t.Errorf("%s %s of the neighbour under %s: %d %v", tt.method, tt.path, app, code, got)
			}
		}
	}
}
