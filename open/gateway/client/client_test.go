package client_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"minimart/open/gateway/client"
	"minimart/open/gateway/signing"
)

func TestWhatIsSentIsWhatWasSigned(t *testing.T) {
	const secret = "mms_secret"
	var body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, err := signing.Parse(r.Header.Get("Authorization"))
		if err != nil {
			t.Error(err)
		}
		read, _ := io.ReadAll(r.Body)
		body = string(read)
		text, err := signing.Request{Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, BodyHash: signing.HashBody(read), Timestamp: a.Timestamp, Nonce: a.Nonce, Key: a.Key}.Canonical()
		if err != nil || !a.Matches(secret, text) || a.Key != "key_1" || a.Timestamp != 1750204800 {
			t.Errorf("%s %s: %+v, %v", r.Method, r.URL, a, err)
		}
	}))
	defer server.Close()
	c := &http.Client{Transport: &client.Transport{Key: "key_1", Secret: secret, Now: func() time.Time { return time.Unix(1750204800, 0) }}}
	for _, path := range []string{"", "/", "/a b", "/a%2Fb/小?q=a b&q=%2B+&x", "//a//b?&&", "/a?b=c#d"} {
		for _, text := range []string{"", "body", "小集"} {
			method := http.MethodPost
			if text == "" {
				method = http.MethodGet
			}
			req, err := http.NewRequest(method, server.URL+strings.ReplaceAll(path, "a b&", "a%20b&"), strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := c.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if body != text || req.Header.Get("Authorization") != "" {
				t.Errorf("%s: body %q of %q", path, body, text)
			}
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("it broke") }

func TestWhatCannotBeSignedIsNotSent(t *testing.T) {
	sent := &http.Client{Transport: &client.Transport{Key: "key_1", Secret: "mms_x", Base: refuse{t}}}
	req, err := http.NewRequest("POST", "https://open.example/", broken{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sent.Do(req); err == nil || !strings.Contains(err.Error(), "it broke") {
		t.Errorf("a broken body: %v", err)
	}
	for name, tr := range map[string]*client.Transport{
		"no key or no secret": {Base: refuse{t}},
		"no id of a key":      {Key: "key 1", Secret: "mms_x", Base: refuse{t}},
		"nonce":               {Key: "key_1", Secret: "mms_x", Base: refuse{t}, Nonce: func() string { return "1" }},
	} {
		if _, err := (&http.Client{Transport: tr}).Get("https://open.example/"); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type refuse struct{ t *testing.T }

func (r refuse) RoundTrip(req *http.Request) (*http.Response, error) {
	r.t.Errorf("sent %s", req.URL)
	return nil, errors.New("sent")
}
