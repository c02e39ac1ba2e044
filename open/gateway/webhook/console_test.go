package webhook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

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
	s.ConsoleRoutes(huma.NewGroup(api, "/api/console/v1"), func(context.Context) (access.Actor, error) { return mina, nil })
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
		{"POST", base + "/rotate", `{"overlapSeconds":9223372036854775807}`, 422, "code", "invalid"},
		{"POST", base + "/rotate", `{"overlapSeconds":60}`, 200, "previousSecretUntil", float64(opening.Add(time.Minute).UnixMilli())},
		{"POST", base + "/disable", "", 200, "disabledReason", "by_hand"},
		{"POST", base + "/disable", "", 200, "state", "disabled"},
		{"POST", base + "/deliveries/" + delivery + "/redeliver", "", 409, "code", "conflict"},
		{"POST", base + "/enable", "", 200, "state", "enabled"},
		{"POST", base + "/deliveries/" + delivery + "/redeliver", "", 204, "", nil},
		{"GET", base + "/deliveries?state=nonsense", "", 422, "code", "invalid"},
		{"GET", base + "/deliveries?limit=1000", "", 422, "code", "invalid"},
		{"GET", base + "/deliveries?state=delivered", "", 200, "next", ""},
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
	// Everything somebody did is in the audit log; what changed nothing too. No secret is.
	for action, n := range map[string]int{"created": 2, "changed": 1, "secret-rotated": 1, "disabled": 2, "enabled": 1, "tested": 1, "redelivered": 1, "deleted": 1} {
		noted := s.diary.of("webhook." + action)
		if len(noted) != n || noted[n-1].Actor != "usr_app_mina" || noted[n-1].Org != "org_app_mina" || noted[n-1].Target != hook || noted[n-1].Detail["app"] != "app_mina" {
			t.Errorf("%s: %+v", action, noted)
		}
	}
	if text := fmt.Sprint(s.diary.entries); strings.Contains(text, "whsec_") {
		t.Errorf("the audit log tells a secret: %s", text)
	}
	for _, tt := range []struct{ method, path, body string }{
		{"GET", "", ""}, {"PUT", "", `{"url":"` + s.url + `","types":["*"]}`}, {"DELETE", "", ""}, {"POST", "/enable", ""}, {"POST", "/disable", ""}, {"POST", "/rotate", `{"overlapSeconds":0}`},
		{"POST", "/test", ""}, {"GET", "/deliveries", ""}, {"GET", "/deliveries/" + delivery, ""}, {"POST", "/deliveries/" + delivery + "/redeliver", ""},
	} {
		for _, app := range []string{"app_mina", "app_wang"} {
			if code, got, _ := ask(tt.method, app+"/webhooks/"+theirs+tt.path, tt.body); code != 404 {
				t.Errorf("%s %s of the neighbour under %s: %d %v", tt.method, tt.path, app, code, got)
			}
		}
	}
}
