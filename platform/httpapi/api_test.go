package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/httpapi"
)

type greeting struct {
	Body struct {
		Name  string   `json:"name" minLength:"2" maxLength:"10"`
		Count int      `json:"count" minimum:"1"`
		Tags  []string `json:"tags,omitempty"`
	}
}

type answer struct {
	Body struct {
		Says string `json:"says"`
	}
}

// edge is an API with one route for each thing that can happen.
func edge(t *testing.T, o httpapi.Options) (*httpapi.API, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	o.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	mux := http.NewServeMux()
	api := httpapi.New(mux, o)
	huma.Register(api, huma.Operation{OperationID: "greet", Method: "POST", Path: "/greet/{way}"}, func(_ context.Context, in *struct {
		greeting
		Way   string `path:"way"`
		Times int    `query:"times" maximum:"5"`
	}) (*answer, error) {
		switch in.Way {
		case "missing":
			return nil, fmt.Errorf("while greeting: %w", fault.NotFound("no %s here", in.Body.Name))
		case "secret":
			return nil, errors.New("dial tcp 10.0.0.5:5432: password wrong")
		case "fields":
			var c fault.Checks
			c.Add("name", "is rude")
			c.Add("tags[0]", "is ruder")
			return nil, c.Err()
		case "busy":
			return nil, fault.Unavailable("come back").WithRetryAfter(1500 * time.Millisecond)
		}
		out := &answer{}
		out.Body.Says = "hello " + in.Body.Name
		return out, nil
	})
	huma.Register(api, huma.Operation{OperationID: "big", Method: "POST", Path: "/big", MaxBodyBytes: 4 << 20}, func(_ context.Context, in *struct{ RawBody []byte }) (*answer, error) {
		out := &answer{}
		out.Body.Says = fmt.Sprint(len(in.RawBody))
		return out, nil
	})
	plain := func(pattern string, h httpapi.HandlerFunc) { mux.Handle(pattern, h) }
	plain("GET /page", func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, err := io.WriteString(w, "<p>hi")
		return err
	})
	plain("GET /sniffed", func(w http.ResponseWriter, _ *http.Request) error {
		_, err := io.WriteString(w, "<!doctype html><p>hi")
		return err
	})
	plain("GET /own-policy", func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Security-Policy", "sandbox")
		_, err := io.WriteString(w, "<p>hi")
		return err
	})
	plain("GET /panic", func(http.ResponseWriter, *http.Request) error { panic("the roof") })
	plain("GET /late-panic", func(w http.ResponseWriter, _ *http.Request) error {
		_, _ = io.WriteString(w, strings.Repeat("x", 5000))
		panic("the roof, later")
	})
	plain("GET /error", func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("ETag", `"x"`)
		return fault.Denied("not you")
	})
	plain("GET /slow", func(_ http.ResponseWriter, r *http.Request) error {
		<-r.Context().Done()
		return r.Context().Err()
	})
	plain("GET /extended", func(w http.ResponseWriter, r *http.Request) error {
		httpapi.Extend(r, 0)
		time.Sleep(150 * time.Millisecond)
		if r.Context().Err() != nil {
			return r.Context().Err()
		}
		_, err := io.WriteString(w, "made it")
		return err
	})
	plain("POST /echo", func(w http.ResponseWriter, r *http.Request) error {
		if r.URL.Query().Get("allow") != "" {
			httpapi.AllowBody(r, 100)
		}
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%d", len(b))
		return err
	})
	plain("GET /text/{n}", func(w http.ResponseWriter, r *http.Request) error {
		var n int
		fmt.Sscan(r.PathValue("n"), &n)
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		w.Header().Set("ETag", `"tag"`)
		for range n {
			if _, err := io.WriteString(w, "0123456789"); err != nil {
				return err
			}
		}
		return nil
	})
	return api, &log
}

func TestEveryAnswerOfTheEdge(t *testing.T) {
	good := `{"name":"meng","count":1}`
	tests := []struct {
		name, method, url, body string
		header                  map[string]string
		status                  int
		contains                []string
		absent                  string
		want                    map[string]string // headers
	}{
		{name: "an operation answers", method: "POST", url: "/greet/nicely", body: good, status: 200, contains: []string{`{"says":"hello meng"}`}, absent: "$schema"},
		{name: "a fault becomes a problem", method: "POST", url: "/greet/missing", body: good, status: 404,
			contains: []string{`"type":"urn:minimart:fault:not_found"`, `"title":"Not found"`, `"status":404`, `"detail":"no meng here"`, `"instance":"req_`, `"code":"not_found"`},
			want:     map[string]string{"Content-Type": "application/problem+json", "Cache-Control": "no-store", "Vary": "Accept-Language"}},
		{name: "its title comes in Chinese", method: "POST", url: "/greet/missing", body: good, header: map[string]string{"Accept-Language": "zh-CN,en;q=0.5"}, status: 404, contains: []string{`"title":"未找到"`}},
		{name: "an unknown error tells nothing", method: "POST", url: "/greet/secret", body: good, status: 500, contains: []string{`"code":"internal"`}, absent: "password"},
		{name: "field errors are listed", method: "POST", url: "/greet/fields", body: good, status: 422,
			contains: []string{`"errors":[{"field":"name","message":"is rude"},{"field":"tags[0]","message":"is ruder"}]`}},
		{name: "a wait is announced", method: "POST", url: "/greet/busy", body: good, status: 503, want: map[string]string{"Retry-After": "2"}},
		{name: "validation lists everything at once", method: "POST", url: "/greet/nicely?times=9", body: `{"name":"x","count":0,"more":1}`, status: 422,
			contains: []string{`"field":"times","in":"query"`, `"field":"name","in":"body"`, `"field":"count"`, `"field":"more"`, "expected length >= 2"}},
		{name: "validation speaks Chinese", method: "POST", url: "/greet/nicely", body: `{"name":"x"}`, header: map[string]string{"Accept-Language": "zh"}, status: 422,
			contains: []string{"长度应不小于 2", "缺少必填属性 count", `"title":"输入有误"`}},
		{name: "a body that is no JSON", method: "POST", url: "/greet/nicely", body: `{"name":`, status: 400, contains: []string{`"code":"invalid"`, `"in":"body"`}},
		{name: "a body that is missing", method: "POST", url: "/greet/nicely", status: 400, contains: []string{"request body is required"}},
		{name: "an operation may allow a large body", method: "POST", url: "/big", body: strings.Repeat("x", 2<<20), status: 200, contains: []string{"2097152"}},
		{name: "and no larger one", method: "POST", url: "/big", body: strings.Repeat("x", 4<<20+1), status: 413, contains: []string{`"code":"exhausted"`, "4194304 bytes"}},
		{name: "an operation's body is limited by default", method: "POST", url: "/greet/nicely", body: `{"name":"` + strings.Repeat("x", 2<<20) + `"}`, status: 413, contains: []string{`"code":"exhausted"`}},
		{name: "no route", method: "GET", url: "/nowhere", status: 404, contains: []string{"there is nothing at /nowhere", `"code":"not_found"`}},
		{name: "no route, in Chinese", method: "GET", url: "/nowhere", header: map[string]string{"Accept-Language": "zh"}, status: 404, contains: []string{"/nowhere 处没有内容"}},
		{name: "no such method", method: "DELETE", url: "/page", status: 405, contains: []string{"DELETE is not possible at /page; use GET, HEAD"}, want: map[string]string{"Allow": "GET, HEAD"}},
		{name: "a page has a policy", method: "GET", url: "/page", status: 200, want: map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}},
		{name: "a handler's own policy stays", method: "GET", url: "/own-policy", status: 200, want: map[string]string{"Content-Security-Policy": "sandbox"}},
		{name: "a panic is a 500", method: "GET", url: "/panic", status: 500, contains: []string{`"code":"internal"`}, absent: "roof"},
		{name: "a plain handler's error", method: "GET", url: "/error", status: 403, contains: []string{"not you"}, want: map[string]string{"ETag": ""}},
		{name: "a request over its time", method: "GET", url: "/slow", status: 503, contains: []string{"took too long"}},
		{name: "a handler may take more time", method: "GET", url: "/extended", status: 200, contains: []string{"made it"}},
		{name: "a plain body within the limit", method: "POST", url: "/echo", body: strings.Repeat("x", 50), status: 200, contains: []string{"50"}},
		{name: "a plain body over the limit", method: "POST", url: "/echo", body: strings.Repeat("x", 51), status: 413, contains: []string{"50 bytes"}},
		{name: "a raised limit", method: "POST", url: "/echo?allow=1", body: strings.Repeat("x", 100), status: 200, contains: []string{"100"}},
		{name: "over the raised limit", method: "POST", url: "/echo?allow=1", body: strings.Repeat("x", 101), status: 413},
		{name: "a given request id is taken over", method: "GET", url: "/nowhere", header: map[string]string{"X-Request-Id": "proxy-12345"}, status: 404, contains: []string{`"instance":"proxy-12345"`}, want: map[string]string{"X-Request-Id": "proxy-12345"}},
		{name: "a harmful one is not", method: "GET", url: "/nowhere", header: map[string]string{"X-Request-Id": "proxy 12345<script>"}, status: 404, contains: []string{`"instance":"req_`}},
		{name: "the process is alive", method: "GET", url: "/healthz", status: 200, contains: []string{`"ok"`}},
		{name: "the interface is described", method: "GET", url: "/api/openapi.json", status: 200, contains: []string{`"operationId":"greet"`, "application/problem+json", `"Problem"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := httpapi.Options{Timeout: 100 * time.Millisecond}
			if strings.HasPrefix(tt.url, "/echo") {
				o.BodyLimit = 50
			}
			if tt.url == "/big" {
				o.Timeout = 0 // reading megabytes may take a while on a busy machine
			}
			api, log := edge(t, o)
			var body io.Reader
			if tt.body != "" {
				body = strings.NewReader(tt.body)
			}
			r := httptest.NewRequest(tt.method, tt.url, body)
			if strings.HasPrefix(tt.url, "/greet") {
				r.Header.Set("Content-Type", "application/json")
			}
			for k, v := range tt.header {
				r.Header.Set(k, v)
			}
			w := httptest.NewRecorder()
			api.ServeHTTP(w, r)
			if w.Code != tt.status {
				t.Errorf("status %d, want %d: %s", w.Code, tt.status, w.Body)
			}
			for _, s := range tt.contains {
				if !strings.Contains(w.Body.String(), s) {
					t.Errorf("the answer lacks %q: %s", s, w.Body)
				}
			}
			if tt.absent != "" && strings.Contains(w.Body.String(), tt.absent) {
				t.Errorf("the answer tells %q: %s", tt.absent, w.Body)
			}
			for k, v := range tt.want {
				if got := w.Header().Get(k); got != v {
					t.Errorf("%s: %q, want %q", k, got, v)
				}
			}
			if w.Header().Get("X-Request-Id") == "" {
				t.Error("no request id")
			}
			if w.Code >= 400 && tt.url != "/readyz" {
				var p httpapi.Problem
				if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != w.Code || p.Instance != w.Header().Get("X-Request-Id") {
					t.Errorf("%v in %s", err, w.Body)
				}
				if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
					t.Errorf("an error of type %q", got)
				}
			}
			if w.Code == 500 && !strings.Contains(log.String(), `"request":"`+w.Header().Get("X-Request-Id")) {
				t.Errorf("the log does not say why: %s", log)
			}
		})
	}
}

func TestPagesAlwaysHaveAPolicy(t *testing.T) {
	api, _ := edge(t, httpapi.Options{})
	for _, url := range []string{"/page", "/sniffed"} {
		w := httptest.NewRecorder()
		api.ServeHTTP(w, httptest.NewRequest(http.MethodGet, url, nil))
		if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'self'") || strings.Contains(csp, "unsafe-eval") {
			t.Errorf("%s: policy %q", url, csp)
		}
	}
}

func TestTheLogHoldsTheCauseOnOneLine(t *testing.T) {
	api, log := edge(t, httpapi.Options{})
	r := httptest.NewRequest(http.MethodPost, "/greet/secret?token=hidden", strings.NewReader(`{"name":"meng","count":1}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "curl\r\n{\"level\":\"ERROR\",\"msg\":\"forged\"}"+strings.Repeat("x", 1000))
	api.ServeHTTP(httptest.NewRecorder(), r)
	r = httptest.NewRequest(http.MethodGet, "/a%0a%7B%22forged%22:1%7D", nil)
	api.ServeHTTP(httptest.NewRecorder(), r)
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines: %s", len(lines), log)
	}
	for _, l := range lines {
		if len(l) > 1000 || !json.Valid([]byte(l)) {
			t.Errorf("a bad line: %s", l)
		}
	}
	if !strings.Contains(lines[0], "password wrong") {
		t.Errorf("no cause in %s", lines[0])
	}
	for _, want := range []string{`"status":500`, `"route":"/greet/{way}"`, `"level":"ERROR"`, `"us":`} {
		if !strings.Contains(lines[1], want) {
			t.Errorf("no %s in %s", want, lines[1])
		}
	}
	if strings.Contains(log.String(), "hidden") {
		t.Errorf("the query is in the log: %s", log)
	}
}

func TestAPanicCutsAnAnswerThatHasBegun(t *testing.T) {
	api, log := edge(t, httpapi.Options{})
	s := httptest.NewServer(api)
	defer s.Close()
	resp, err := http.Get(s.URL + "/late-panic")
	if err == nil {
		defer resp.Body.Close()
		_, err = io.ReadAll(resp.Body)
	}
	if err == nil {
		t.Error("half an answer passed for a whole one")
	}
	resp, err = http.Get(s.URL + "/panic")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if !strings.Contains(log.String(), "api_test.go") || !strings.Contains(log.String(), "the roof, later") {
		t.Errorf("no stack in the log: %s", log)
	}
}

func TestAnswersAreCompressedWhereItPays(t *testing.T) {
	api, _ := edge(t, httpapi.Options{})
	tests := []struct {
		name, url, accept, rang string
		encoding                string
		vary                    bool
	}{
		{"brotli before gzip", "/text/500?type=text/plain", "gzip, deflate, br", "", "br", true},
		{"gzip where that is all", "/text/500?type=application/json", "gzip", "", "gzip", true},
		{"not for those who refuse", "/text/500?type=text/plain", "br;q=0, gzip;q=0.0", "", "", true},
		{"not for those who do not ask", "/text/500?type=text/plain", "", "", "", true},
		{"not what is small", "/text/50?type=text/plain", "br", "", "", true},
		{"not pictures", "/text/500?type=image/png", "br", "", "", false},
		{"not event streams", "/text/500?type=text/event-stream", "br", "", "", false},
		{"not parts", "/text/500?type=text/plain", "br", "bytes=0-10", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, tt.url, nil)
			r.Header.Set("Accept-Encoding", tt.accept)
			if tt.rang != "" {
				r.Header.Set("Range", tt.rang)
			}
			w := httptest.NewRecorder()
			api.ServeHTTP(w, r)
			if got := w.Header().Get("Content-Encoding"); got != tt.encoding {
				t.Fatalf("encoding %q, want %q", got, tt.encoding)
			}
			if got := w.Header().Get("Vary") == "Accept-Encoding"; got != tt.vary {
				t.Errorf("Vary: %q", w.Header().Get("Vary"))
			}
			var plain io.Reader = w.Body
			switch tt.encoding {
			case "br":
				plain = brotli.NewReader(w.Body)
			case "gzip":
				z, err := gzip.NewReader(w.Body)
				if err != nil {
					t.Fatal(err)
				}
				plain = z
			}
			wantTag := `"tag"`
			if tt.encoding != "" {
				wantTag = `W/"tag"`
			}
			if got := w.Header().Get("ETag"); got != wantTag {
				t.Errorf("ETag %s", got)
			}
			b, err := io.ReadAll(plain)
			if err != nil || len(b)%10 != 0 || len(b) == 0 || strings.Count(string(b), "0123456789")*10 != len(b) {
				t.Errorf("%d bytes, %v", len(b), err)
			}
		})
	}
}

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

func FuzzEncoding(f *testing.F) {
	f.Add("gzip, deflate, br;q=0.5")
	f.Add(";q=")
	f.Fuzz(func(t *testing.T, accept string) {
		if e := httpapi.Encoding(accept, "br", "gzip"); e != "" && !strings.Contains(strings.ToLower(accept), e) {
			t.Errorf("%q from %q", e, accept)
		}
	})
}
