package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"minimart/platform/httpapi"
)

func TestReadinessFollowsItsChecks(t *testing.T) {
	ok := func(context.Context) error { return nil }
	tests := []struct {
		name   string
		checks map[string]func(context.Context) error
		status int
		says   string
	}{
		{"nothing to check", nil, 200, `"ready"`},
		{"all is well", map[string]func(context.Context) error{"database": ok, "bus": ok}, 200, `"bus":"ok"`},
		{"one fails", map[string]func(context.Context) error{"database": func(context.Context) error { return errors.New("secret") }, "bus": ok}, 503, `"database":"failed"`},
		{"one panics", map[string]func(context.Context) error{"bus": func(context.Context) error { panic("!") }}, 503, `"bus":"failed"`},
		{"one hangs", map[string]func(context.Context) error{"bus": func(context.Context) error { select {} }}, 503, `"bus":"failed"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api, log := edge(t, httpapi.Options{Ready: tt.checks})
			w := httptest.NewRecorder()
			api.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.says) || strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if tt.name == "one fails" && !strings.Contains(log.String(), "secret") {
				t.Errorf("the log does not say why: %s", log)
			}
		})
	}
}

func TestMetricsCountByRoute(t *testing.T) {
	api, _ := edge(t, httpapi.Options{})
	for i := range 50 {
		api.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, fmt.Sprintf("/text/%d?type=text/plain", i), nil))
		api.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(fmt.Sprintf("M%d", i), fmt.Sprintf("/guess/%d", i), nil))
	}
	w := httptest.NewRecorder()
	api.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	page := w.Body.String()
	for _, want := range []string{
		`minimart_http_requests_total{method="GET",route="/text/{n}",status="200"} 50`,
		`minimart_http_requests_total{method="OTHER",route="none",status="404"} 50`,
		`minimart_http_request_seconds_count{method="GET",route="/text/{n}"} 50`,
		`minimart_http_in_flight{route="/text/{n}"} 0`,
		`minimart_http_in_flight{route="/metrics"} 1`,
		"go_goroutines",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(page, "guess") || strings.Contains(page, "M7") {
		t.Error("strangers add labels")
	}
}

// serving starts an edge on a real socket. stop ends it and answers what Serve returned.
func serving(t *testing.T, o httpapi.Options, add func(*http.ServeMux)) (url string, stop func() error) {
	t.Helper()
	mux := http.NewServeMux()
	add(mux)
	o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	api := httpapi.New(mux, o)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- api.Serve(ctx, l) }()
	return "http://" + l.Addr().String(), func() error { cancel(); return <-done }
}

func TestStoppingLetsRequestsFinish(t *testing.T) {
	begun := make(chan bool, 2)
	release := make(chan bool)
	url, stop := serving(t, httpapi.Options{}, func(mux *http.ServeMux) {
		mux.HandleFunc("GET /work", func(w http.ResponseWriter, _ *http.Request) {
			begun <- true
			<-release
			_, _ = io.WriteString(w, "done")
		})
		mux.HandleFunc("GET /stream", func(w http.ResponseWriter, r *http.Request) {
			httpapi.Extend(r, 0)
			_, _ = io.WriteString(w, "first")
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
			begun <- true
			<-httpapi.Draining(r.Context())
			_, _ = io.WriteString(w, " last")
		})
	})
	answers := make(chan string, 2)
	for _, path := range []string{"/work", "/stream"} {
		go func() {
			resp, err := http.Get(url + path)
			if err != nil {
				answers <- err.Error()
				return
			}
			defer resp.Body.Close()
			b, err := io.ReadAll(resp.Body)
			answers <- fmt.Sprint(string(b), err)
		}()
	}
	<-begun
	<-begun
	stopped := make(chan error)
	go func() { stopped <- stop() }()
	got := <-answers // the stream ends by itself
	if got != "first last<nil>" {
		t.Errorf("the stream brought %q", got)
	}
	select {
	case err := <-stopped:
		t.Fatalf("stopped with a request under way: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(release)
	if got := <-answers; got != "done<nil>" {
		t.Errorf("the work brought %q", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if _, err := http.Get(url + "/work"); err == nil {
		t.Error("still taking requests")
	}
}

func TestStoppingDoesNotWaitForEver(t *testing.T) {
	begun := make(chan bool)
	url, stop := serving(t, httpapi.Options{Grace: 50 * time.Millisecond}, func(mux *http.ServeMux) {
		mux.HandleFunc("GET /hang", func(_ http.ResponseWriter, r *http.Request) {
			close(begun)
			<-r.Context().Done()
		})
	})
	go func() {
		if resp, err := http.Get(url + "/hang"); err == nil {
			resp.Body.Close()
		}
	}()
	<-begun
	if err := stop(); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("%v", err)
	}
}

func TestASlowBodyIsCutOff(t *testing.T) {
	url, stop := serving(t, httpapi.Options{Timeout: 100 * time.Millisecond}, func(mux *http.ServeMux) {
		mux.Handle("POST /read", httpapi.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) error {
			_, err := io.Copy(io.Discard, r.Body)
			return err
		}))
	})
	defer func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	}()
	never, feed := io.Pipe()
	defer feed.Close()
	start := time.Now()
	resp, err := http.Post(url+"/read", "text/plain", never)
	if err == nil {
		defer resp.Body.Close()
		if b, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(b), "too slowly") {
			t.Errorf("answered %d: %s", resp.StatusCode, b)
		}
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("held for %s", took)
	}
}

func TestABodyThatNobodyReadsAndThatNeverEndsHoldsNoConnection(t *testing.T) {
	t.Parallel()
	url, stop := serving(t, httpapi.Options{}, func(mux *http.ServeMux) {
		mux.HandleFunc("POST /ignore", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	})
	defer func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	}()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nten bytes."); err != nil {
		t.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.ReadAll(conn); err != nil {
		t.Errorf("the connection was not closed: %v", err)
	}
}

// What hangs on a request's context ends with the request's time, whether it asked before or after.
func TestContextsEndWithTheRequest(t *testing.T) {
	var kept context.Context
	ended := make(chan error, 1)
	mux := http.NewServeMux()
	api := httpapi.New(mux, httpapi.Options{Timeout: 20 * time.Millisecond, Log: slog.New(slog.DiscardHandler)})
	mux.HandleFunc("GET /wait", func(_ http.ResponseWriter, r *http.Request) {
		below, cancel := context.WithCancel(r.Context())
		defer cancel()
		if r.Context().Err() != nil {
			t.Error("it has ended before it began")
		}
		<-below.Done()
		ended <- below.Err()
	})
	mux.HandleFunc("GET /keep", func(_ http.ResponseWriter, r *http.Request) { kept = r.Context() })
	api.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/wait", nil))
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("after the time was up: %v", err)
	}
	api.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/keep", nil))
	if err := kept.Err(); !errors.Is(err, context.Canceled) {
		t.Errorf("after the answer: %v", err)
	}
	select {
	case <-kept.Done():
	default:
		t.Error("it is not done after the answer")
	}
	late, cancel := context.WithCancel(kept)
	defer cancel()
	if late.Err() == nil {
		t.Error("a context that came late lives")
	}
	if free := context.WithoutCancel(kept); free.Err() != nil || httpapi.RequestID(free) == "" {
		t.Error("a context without the cancellation lost more than that")
	}
}

func TestServeSaysWhyItCannot(t *testing.T) {
	api, _ := edge(t, httpapi.Options{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := api.Serve(t.Context(), l); err == nil || !strings.Contains(err.Error(), l.Addr().String()) {
		t.Errorf("%v", err)
	}
}
