package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"minimart/open/gateway/webhook"
)

// caller is somebody at a console of a platform that runs, without a browser.
type caller struct {
	t    *testing.T
	base string
	http http.Client
}

func call(t *testing.T, base, login, password string) *caller {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &caller{t, base, http.Client{Jar: jar}}
	c.do("POST", "/session", fmt.Sprintf(`{"login":%q,"password":%q}`, login, password))
	return c
}

func (c *caller) do(method, path, body string) map[string]any {
	c.t.Helper()
	r, err := http.NewRequest(method, c.base+"/api/console/v1"+path, bytes.NewReader([]byte(body)))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Minimart-Console", "1")
	answer, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= 300 {
		c.t.Fatalf("%s %s: %s %s %v", method, path, answer.Status, text, err)
	}
	out := map[string]any{}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &out); err != nil {
			c.t.Fatal(err)
		}
	}
	return out
}

func TestAMerchantsServerHearsThatACapabilityWasGrantedAndRevoked(t *testing.T) {
	t.Parallel()
	base, password := ownDemo(t)
	type heard struct {
		header http.Header
		body   []byte
	}
	letters := make(chan heard, 10)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		letters <- heard{r.Header, body}
	}))
	t.Cleanup(server.Close)

	merchant, operator := call(t, base, demoMerchant, password), call(t, base, demoOperator, password)
	endpoint := merchant.do("POST", "/apps/"+taroShop+"/webhooks", fmt.Sprintf(`{"url":%q,"types":["capability.granted","capability.revoked"]}`, server.URL+"/hooks"))
	secret := at(endpoint, "secret")
	merchant.do("PATCH", "/apps/"+taroShop, `{"privacy":{"membership":"to show members' prices"}}`)
	answers := map[string]string{}
	for _, item := range merchant.do("GET", "/apps/"+taroShop+"/capabilities", "")["items"].([]any) {
		c := item.(map[string]any)["capability"].(map[string]any)
		if c["name"] == "plus-membership" {
			for _, q := range c["form"].([]any) {
				answers[at(q, "key")] = "members' prices on the product page"
			}
		}
	}
	form, err := json.Marshal(map[string]any{"answers": answers})
	if err != nil {
		t.Fatal(err)
	}
	application := at(merchant.do("POST", "/apps/"+taroShop+"/capabilities/plus-membership/application", string(form)), "id")
	operator.do("POST", "/operator/applications/"+application+"/decision", `{"verdict":"approved"}`)
	operator.do("POST", "/operator/apps/"+taroShop+"/capabilities/plus-membership/revocation", `{"reason":"not used as described"}`)

	seen := map[string]string{}
	for len(seen) < 2 {
		select {
		case l := <-letters:
			at, err := strconv.ParseInt(l.header.Get("webhook-timestamp"), 10, 64)
			if err != nil {
				t.Fatalf("%v: %v", err, l.header)
			}
			want, err := webhook.Sign(secret, l.header.Get("webhook-id"), at, l.body)
			if err != nil || l.header.Get("webhook-signature") != want {
				t.Errorf("signature %q, want %q, %v", l.header.Get("webhook-signature"), want, err)
			}
			var told struct {
				Type, App string
				Data      map[string]any
			}
			if err := json.Unmarshal(l.body, &told); err != nil {
				t.Fatal(err)
			}
			if told.App != taroShop || told.Data["capability"] != "plus-membership" || told.Data["actor"] != nil {
				t.Errorf("told: %s", l.body)
			}
			seen[told.Type], _ = told.Data["reason"].(string)
		case <-time.After(30 * time.Second):
			t.Fatalf("the server heard %v", seen)
		}
	}
	if seen["capability.revoked"] != "not used as described" {
		t.Errorf("heard %v", seen)
	}
}
