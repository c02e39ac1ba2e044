package relay

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/platform/access"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
	"minimart/platform/outside"
)

// internet is the outside: names, their addresses, and the one machine behind all public ones.
type internet struct {
	mu        sync.Mutex
	addresses map[string][]string // by name; taken one by one where a test wants a name to change
	changing  map[string][][]string
	dialed    []string
	server    *httptest.Server
}

var publicServer = netip.MustParseAddr("93.184.216.34")

func (n *internet) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := n.addresses[host]
	if c := n.changing[host]; len(c) > 0 {
		list = c[0]
		if len(c) > 1 {
			n.changing[host] = c[1:]
		}
	}
	if list == nil {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	var out []netip.Addr
	for _, a := range list {
		out = append(out, netip.MustParseAddr(a))
	}
	return out, nil
}

// connect reaches the test's server at every address, and notes which was asked for.
func (n *internet) connect(ctx context.Context, network, address string) (net.Conn, error) {
	n.mu.Lock()
	n.dialed = append(n.dialed, address)
	n.mu.Unlock()
	return new(net.Dialer).DialContext(ctx, network, n.server.Listener.Addr().String())
}

type domains map[string][]string

func (d domains) RequestDomains(_ context.Context, app string) ([]string, error) {
	if app == "app_down" {
		return nil, fault.Unavailable("the database does not answer").WithCause(errors.New("secret"))
	}
	list, ok := d[app]
	if !ok {
		return nil, fault.NotFound("there is no program %s", app)
	}
	return list, nil
}

// target is a server that a program talks to.
func target(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	switch r.URL.Path {
	case "/echo":
		w.Header().Add("Set-Cookie", "a=1; Path=/")
		w.Header().Add("Set-Cookie", "b=2")
		w.Header().Set("X-Greeting", "你好")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(map[string]any{"method": r.Method, "url": r.URL.RequestURI(), "host": r.Host, "header": r.Header, "body": string(body)})
	case "/page":
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Refresh", "0; url=https://evil.example")
		_, _ = io.WriteString(w, "<script>alert(1)</script>")
	case "/to":
		code := 302
		if r.URL.Query().Get("code") == "307" {
			code = 307
		}
		w.Header().Set("Location", r.URL.Query().Get("url"))
		w.WriteHeader(code)
	case "/loop":
		http.Redirect(w, r, "/loop", http.StatusFound)
	case "/large":
		w.Header().Set("Content-Length", "3000")
		_, _ = w.Write(make([]byte, 3000))
	case "/endless":
		for range 100 {
			_, _ = w.Write(make([]byte, 1000))
			_ = http.NewResponseController(w).Flush()
		}
	case "/slow":
		select {
		case <-r.Context().Done():
		case <-time.After(5 * time.Second):
		}
	case "/broken":
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case "/headers":
		for i := range 100 {
			w.Header().Set(fmt.Sprintf("X-H%d", i), strings.Repeat("x", 1000))
		}
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

type rig struct {
	*internet
	relay *Relay
	site  *httptest.Server
}

func newRig(t *testing.T, limits Limits) *rig {
	t.Helper()
	n := &internet{
		addresses: map[string][]string{
			"shop.example.com": {publicServer.String()}, "other.example.com": {publicServer.String()}, "wrongname.example.org": {publicServer.String()},
			"inside.example.com": {"127.0.0.1"}, "mixed.example.com": {publicServer.String(), "10.0.0.1"}, "metadata.example.com": {"169.254.169.254"},
			"mapped.example.com": {"::ffff:127.0.0.1"}, "nat64.example.com": {"64:ff9b::7f00:1"}, "empty.example.com": {},
		},
		changing: map[string][][]string{"rebind.example.com": {{publicServer.String()}, {"127.0.0.1"}}},
		server:   httptest.NewTLSServer(http.HandlerFunc(target)),
	}
	t.Cleanup(n.server.Close)
	allowed := []string{"https://embedded.example", "http://plain.example.com", "https://gone.example.com", "https://127.0.0.1"}
	for name := range n.addresses {
		allowed = append(allowed, "https://"+name)
	}
	allowed = append(allowed, "https://rebind.example.com", "https://shop.example.com:8443")
	var kept []string
	for _, a := range allowed {
		if a != "https://other.example.com" {
			kept = append(kept, a)
		}
	}
	r := New(Config{
		Domains: domains{"app_1": kept}, Resolver: n, Limits: limits,
		Upstreams: map[string]http.Handler{"https://embedded.example": http.HandlerFunc(target), "https://Panic.example:443": http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("!") })},
	})
	roots := x509.NewCertPool()
	roots.AddCert(n.server.Certificate())
	r.network.TLSClientConfig = &tls.Config{RootCAs: roots}
	r.network.DialContext = (&outside.Dialer{Resolver: n, Connect: n.connect}).DialContext
	t.Cleanup(r.network.CloseIdleConnections)
	mux := http.NewServeMux()
	mux.Handle(Route, r)
	site := httptest.NewServer(httpapi.New(mux, httpapi.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}))
	t.Cleanup(site.Close)
	return &rig{internet: n, relay: r, site: site}
}

type ask struct {
	app, url, method string
	header           map[string]string
	body             string
	raw              string            // X-Minimart-Request as it is
	browser          map[string]string // headers of the browser
}

type told struct {
	http   int
	status int            // of the target, 0 when the relay refused
	header map[string]any // of the target
	body   string
	errMsg string
	errno  int
	resp   http.Header
	err    error // reading the answer
}

func (g *rig) send(t *testing.T, a ask) told {
	t.Helper()
	meta, err := json.Marshal(map[string]any{"url": a.url, "method": a.method, "header": a.header})
	if err != nil {
		t.Fatal(err)
	}
	if a.app == "" {
		a.app = "app_1"
	}
	req, err := http.NewRequest(http.MethodPost, g.site.URL+"/api/host/v1/programs/"+a.app+"/fetch", strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Minimart-Request", base64.RawURLEncoding.EncodeToString(meta))
	if a.raw != "" {
		req.Header.Set("X-Minimart-Request", strings.TrimSpace(a.raw))
	}
	req.Header.Set("Cookie", "minimart_session=secret")
	for k, v := range a.browser {
		req.Header.Set(k, v)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return told{err: err} // broken off before anything came through
	}
	defer resp.Body.Close()
	out := told{http: resp.StatusCode, resp: resp.Header}
	body, err := io.ReadAll(resp.Body)
	out.body, out.err = string(body), err
	if text := resp.Header.Get("X-Minimart-Response"); text != "" {
		raw, err := base64.RawURLEncoding.DecodeString(text)
		var m struct {
			Status int
			Header map[string]any
		}
		if err == nil {
			err = json.Unmarshal(raw, &m)
		}
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		out.status, out.header = m.Status, m.Header
		return out
	}
	var p struct {
		ErrMsg, Detail, Code, Type string
		Errno, Status              int
	}
	if err := json.Unmarshal(body, &p); err != nil || p.Status != resp.StatusCode || p.ErrMsg != "request:fail "+p.Detail || p.Type != "urn:minimart:fault:"+p.Code ||
		resp.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("a refusal that is no problem: %s", body)
	}
	out.errMsg, out.errno = p.ErrMsg, p.Errno
	return out
}

func TestARequestIsCarried(t *testing.T) {
	g := newRig(t, Limits{})
	for _, origin := range []string{"https://shop.example.com", "https://embedded.example"} {
		t.Run(origin, func(t *testing.T) {
			got := g.send(t, ask{url: origin + "/echo?q=1#part", method: "put", body: "hello", browser: map[string]string{"Sec-Fetch-Site": "same-origin", "X-Forwarded-For": "9.9.9.9"},
				header: map[string]string{"content-type": "text/plain", "Authorization": "Bearer theirs", "Cookie": "their=1", "Host": "evil.example", "Connection": "upgrade",
					"Proxy-Authorization": "x", "Referer": "https://x.example", "Origin": "https://x.example", "X-Forwarded-For": "1.2.3.4", "Sec-Fetch-Mode": "x", "Transfer-Encoding": "chunked"}})
			if got.http != 200 || got.status != 201 {
				t.Fatalf("%+v", got)
			}
			var seen struct {
				Method, URL, Host, Body string
				Header                  http.Header
			}
			if err := json.Unmarshal([]byte(got.body), &seen); err != nil {
				t.Fatalf("%v in %q", err, got.body)
			}
			if seen.Method != http.MethodPut || seen.URL != "/echo?q=1" || seen.Host != strings.TrimPrefix(origin, "https://") || seen.Body != "hello" {
				t.Errorf("the target saw %+v", seen)
			}
			for name, want := range map[string]string{"Content-Type": "text/plain", "Authorization": "Bearer theirs", "Cookie": "their=1", "User-Agent": "Minimart-Relay/1",
				"Proxy-Authorization": "", "Referer": "", "Origin": "", "X-Forwarded-For": "", "Sec-Fetch-Mode": "", "Sec-Fetch-Site": "", "X-Minimart-Request": ""} {
				if v := seen.Header.Get(name); v != want {
					t.Errorf("the target saw %s: %q, want %q", name, v, want)
				}
			}
			if strings.Contains(got.body, "secret") {
				t.Errorf("our cookie went out: %s", got.body)
			}
			if c, ok := got.header["Set-Cookie"].([]any); !ok || len(c) != 2 || got.resp.Get("Set-Cookie") != "" || got.header["X-Greeting"] != "你好" {
				t.Errorf("came back as %v", got.header)
			}
			if got.resp.Get("Content-Type") != "application/json" {
				t.Errorf("type %s", got.resp.Get("Content-Type"))
			}
		})
	}
	if got := g.send(t, ask{url: "https://embedded.example/nothing", method: "GET"}); got.http != 200 || got.status != 404 {
		t.Errorf("the target's own 404 is the program's to read: %+v", got)
	}
	if got := g.send(t, ask{url: "https://SHOP.example.com:443/echo", method: ""}); got.status != 201 || !strings.Contains(got.body, `"method":"GET"`) {
		t.Errorf("another spelling of the same origin: %+v", got)
	}
	if got := g.send(t, ask{url: "https://embedded.example/echo", method: "HEAD"}); got.status != 201 || got.body != "" {
		t.Errorf("HEAD: %+v", got)
	}
}

func TestATargetsPageIsOnlyData(t *testing.T) {
	g := newRig(t, Limits{})
	got := g.send(t, ask{url: "https://shop.example.com/page"})
	if got.resp.Get("Content-Security-Policy") != "sandbox; default-src 'none'" || got.resp.Get("X-Content-Type-Options") != "nosniff" || got.resp.Get("Refresh") != "" ||
		got.resp.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", got.resp)
	}
}

func TestWhatIsNotAllowedIsRefusedByName(t *testing.T) {
	g := newRig(t, Limits{Request: 2000, Response: 2000})
	encode := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	tests := []struct {
		name  string
		ask   ask
		http  int
		errno int
		says  string
	}{
		{"a domain of nobody", ask{url: "https://evil.example/x?secret=1"}, 403, 600002, "request:fail url not in domain list: https://evil.example"},
		{"another port", ask{url: "https://shop.example.com:8444/"}, 403, 600002, "url not in domain list: https://shop.example.com:8444"},
		{"plain http", ask{url: "http://shop.example.com/"}, 403, 600002, "url not in domain list: http://shop.example.com"},
		{"plain http that is in the list", ask{url: "http://plain.example.com/"}, 403, 600002, "must begin with https://"},
		{"a longer name", ask{url: "https://shop.example.com.evil.example/"}, 403, 600002, "not in domain list"},
		{"a name in the user part", ask{url: "https://shop.example.com@evil.example/"}, 422, 600005, "user name"},
		{"a backslash", ask{url: `https://evil.example\@shop.example.com/`}, 422, 600009, "invalid url"},
		{"an app of nobody", ask{app: "app_2", url: "https://shop.example.com/"}, 404, 600000, "there is no program app_2"},
		{"a database that is down", ask{app: "app_down", url: "https://shop.example.com/"}, 503, 600000, "the database does not answer"},
		{"no url", ask{}, 422, 600009, "invalid url"},
		{"another scheme", ask{url: "file:///etc/passwd"}, 422, 600009, "invalid url"},
		{"gopher", ask{url: "gopher://shop.example.com/"}, 422, 600009, "invalid url"},
		{"a port out of range", ask{url: "https://shop.example.com:99999/"}, 422, 600009, "invalid url"},
		{"a method", ask{url: "https://shop.example.com/", method: "CONNECT"}, 422, 600005, "method CONNECT"},
		{"a method with a line end", ask{url: "https://shop.example.com/", method: "GET\r\nX: y"}, 422, 600005, "not supported"},
		{"a header name", ask{url: "https://shop.example.com/", header: map[string]string{"a b": "x"}}, 422, 600005, "malformed"},
		{"a header value", ask{url: "https://shop.example.com/", header: map[string]string{"a": "x\r\nEvil: 1"}}, 422, 600005, "malformed"},
		{"no base64", ask{raw: "{}"}, 422, 600005, "no base64url"},
		{"no JSON", ask{raw: encode("[")}, 422, 600005, "no JSON"},
		{"an empty header", ask{raw: " "}, 422, 600005, "missing"},
		{"a page of another site", ask{url: "https://shop.example.com/", browser: map[string]string{"Sec-Fetch-Site": "cross-site"}}, 403, 600000, "own origin"},
		{"a page of a sister site", ask{url: "https://shop.example.com/", browser: map[string]string{"Sec-Fetch-Site": "same-site"}}, 403, 600000, "own origin"},
		{"a body over the limit", ask{url: "https://shop.example.com/echo", method: "POST", body: strings.Repeat("x", 2001)}, 413, 600000, "larger than the 2000 bytes"},
		{"an answer over the limit", ask{url: "https://shop.example.com/large"}, 502, 600000, "larger than the 2000 bytes"},
		{"an answer with too long a header", ask{url: "https://shop.example.com/headers"}, 502, 600001, "cannot be reached"},
		{"a redirect elsewhere", ask{url: "https://shop.example.com/to?url=https://other.example.com/echo"}, 403, 600002, "redirect url not in domain list: https://other.example.com"},
		{"a redirect inside", ask{url: "https://shop.example.com/to?url=http://127.0.0.1/"}, 403, 600002, "redirect url not in domain list: http://127.0.0.1"},
		{"a redirect to plain http", ask{url: "https://shop.example.com/to?url=http://shop.example.com/echo"}, 403, 600002, "redirect url not in domain list: http://shop.example.com"},
		{"a redirect with a password", ask{url: "https://shop.example.com/to?url=https://u:p@shop.example.com/echo"}, 403, 600002, "redirect url"},
		{"a redirect without end", ask{url: "https://shop.example.com/loop"}, 502, 600001, "more than 5 redirects"},
		{"an embedded redirect elsewhere", ask{url: "https://embedded.example/to?url=https://other.example.com/"}, 403, 600002, "redirect url"},
		{"a name that leads inside", ask{url: "https://inside.example.com/echo"}, 403, 600001, "does not lead to a public address"},
		{"a name that leads inside among others", ask{url: "https://mixed.example.com/echo"}, 403, 600001, "public address"},
		{"a cloud's metadata", ask{url: "https://metadata.example.com/latest"}, 403, 600001, "public address"},
		{"an address in another's clothes", ask{url: "https://mapped.example.com/"}, 403, 600001, "public address"},
		{"an address behind NAT64", ask{url: "https://nat64.example.com/"}, 403, 600001, "public address"},
		{"an address in the list", ask{url: "https://127.0.0.1/"}, 403, 600001, "public address"},
		{"a name without address", ask{url: "https://empty.example.com/"}, 502, 600001, "cannot be resolved"},
		{"a name that is gone", ask{url: "https://gone.example.com/"}, 502, 600001, "cannot be resolved"},
		{"a certificate of another", ask{url: "https://wrongname.example.org/echo"}, 502, 600001, "certificate"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.ask.method == "" {
				tt.ask.method = "GET"
			}
			got := g.send(t, tt.ask)
			if got.http != tt.http || got.errno != tt.errno || !strings.Contains(got.errMsg, tt.says) || got.status != 0 {
				t.Errorf("%d, errno %d, %q", got.http, got.errno, got.errMsg)
			}
			if strings.Contains(got.body, "secret") || strings.Contains(got.body, "127.0.0.1:") {
				t.Errorf("told too much: %s", got.body)
			}
		})
	}
	for _, d := range g.dialed {
		if d != publicServer.String()+":443" {
			t.Errorf("connected to %s", d)
		}
	}
}

func TestARedirectWithinTheDomainsIsFollowed(t *testing.T) {
	g := newRig(t, Limits{})
	auth := map[string]string{"Authorization": "Bearer x", "Content-Type": "text/plain"}
	for name, tt := range map[string]struct {
		ask  ask
		want []string
		not  string
	}{
		"to itself": {ask{url: "https://shop.example.com/to?url=/echo", method: "GET", header: auth}, []string{`"url":"/echo"`, "Bearer x"}, "Referer"},
		"to the embedded one, which is not told the secret": {ask{url: "https://shop.example.com/to?url=https://embedded.example/echo", method: "GET", header: auth}, []string{`"host":"embedded.example"`}, "Bearer"},
		"with its body":             {ask{url: "https://shop.example.com/to?code=307&url=/echo", method: "POST", body: "again", header: auth}, []string{`"body":"again"`, `"method":"POST"`}, "Referer"},
		"a form becomes a question": {ask{url: "https://shop.example.com/to?url=/echo", method: "POST", body: "x"}, []string{`"body":""`, `"method":"GET"`}, "Referer"},
	} {
		t.Run(name, func(t *testing.T) {
			got := g.send(t, tt.ask)
			if got.status != 201 {
				t.Fatalf("%+v", got)
			}
			for _, w := range tt.want {
				if !strings.Contains(got.body, w) {
					t.Errorf("no %s in %s", w, got.body)
				}
			}
			if strings.Contains(got.body, tt.not) {
				t.Errorf("%s in %s", tt.not, got.body)
			}
		})
	}
	// A body too large to be kept is not sent twice: the program gets the redirect itself.
	got := g.send(t, ask{url: "https://shop.example.com/to?code=307&url=/echo", method: "POST", body: strings.Repeat("x", replayable+10)})
	if got.status != 307 || got.header["Location"] != "/echo" {
		t.Errorf("%+v", got)
	}
}

func TestANameThatChangesItsAddressGainsNothing(t *testing.T) {
	g := newRig(t, Limits{})
	if got := g.send(t, ask{url: "https://rebind.example.com/echo"}); got.status != 201 {
		t.Fatalf("while it is public: %+v", got)
	}
	g.relay.network.CloseIdleConnections()
	if got := g.send(t, ask{url: "https://rebind.example.com/echo"}); got.http != 403 || !strings.Contains(got.errMsg, "public address") {
		t.Errorf("after it changed: %+v", got)
	}
	if len(g.dialed) != 1 {
		t.Errorf("connected to %v", g.dialed)
	}
}

func TestAnAnswerThatIsNotWholeIsBrokenOff(t *testing.T) {
	g := newRig(t, Limits{Response: 5000})
	for _, path := range []string{"/endless", "/broken"} {
		for _, origin := range []string{"https://shop.example.com", "https://embedded.example"} {
			if got := g.send(t, ask{url: origin + path}); got.err == nil {
				t.Errorf("%s%s: half an answer passed for a whole one: %d bytes", origin, path, len(got.body))
			}
		}
	}
}

func TestTimeRunsOut(t *testing.T) {
	g := newRig(t, Limits{Time: 100 * time.Millisecond})
	for _, origin := range []string{"https://shop.example.com", "https://embedded.example"} {
		got := g.send(t, ask{url: origin + "/slow"})
		if got.http != 504 || got.errMsg != "request:fail timeout" || got.errno != 5 {
			t.Errorf("%s: %+v", origin, got)
		}
	}
}

func TestOneAppCannotTakeAllOfIt(t *testing.T) {
	g := newRig(t, Limits{PerApp: 2, Time: 3 * time.Second})
	release := make(chan bool)
	begun := make(chan bool, 2)
	g.relay.client.Transport.(*router).upstreams["https://embedded.example"] = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		begun <- true
		<-release
	})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if got := g.send(t, ask{url: "https://embedded.example/"}); got.status != 200 {
				t.Errorf("%+v", got)
			}
		})
	}
	<-begun
	<-begun
	if got := g.send(t, ask{url: "https://embedded.example/"}); got.http != 429 || got.resp.Get("Retry-After") != "1" || !strings.Contains(got.errMsg, "at once") {
		t.Errorf("%+v", got)
	}
	close(release)
	wg.Wait()
	g.relay.mu.Lock()
	defer g.relay.mu.Unlock()
	if len(g.relay.busy) != 0 {
		t.Errorf("still counted: %v", g.relay.busy)
	}
}

func TestOnePlaceCannotTakeAllOfAnApp(t *testing.T) {
	r := New(Config{Domains: domains{}, Limits: Limits{PerApp: 10, PerPlace: 2}})
	from := func(address string) string {
		return placeOf(access.WithVisitor(t.Context(), access.Visitor{Address: address}))
	}
	var leave []func()
	for i, address := range []string{"2001:db8::1", "2001:db8::2", "2001:db8::3", "203.0.113.1", "203.0.113.1", "203.0.113.1", "203.0.113.2"} {
		done, ok := r.enter("app_1", from(address))
		if ok == (i == 2 || i == 5) {
			t.Errorf("%d from %s: %t", i, address, ok)
		}
		if ok {
			leave = append(leave, done)
		}
	}
	for _, done := range leave {
		done()
		done() // a body may be closed twice
	}
	if len(r.busy) != 0 {
		t.Errorf("still counted: %v", r.busy)
	}
}

func TestAnUpstreamThatPanicsIsAnUpstreamThatFails(t *testing.T) {
	g := newRig(t, Limits{})
	g.relay.domains = domains{"app_1": {"https://panic.example"}}
	if got := g.send(t, ask{url: "https://panic.example/"}); got.http != 502 || got.errno != 600001 {
		t.Errorf("%+v", got)
	}
}

func TestALargeBodyIsStreamed(t *testing.T) {
	g := newRig(t, Limits{})
	body := strings.Repeat("0123456789", 500_000)
	for _, origin := range []string{"https://shop.example.com", "https://embedded.example"} {
		got := g.send(t, ask{url: origin + "/echo", method: "POST", body: body})
		if got.status != 201 || !strings.Contains(got.body, body) {
			t.Errorf("%s: %d, %d bytes, %s", origin, got.status, len(got.body), got.errMsg)
		}
	}
}

func TestAConsumerWhoLeavesStopsTheWork(t *testing.T) {
	g := newRig(t, Limits{})
	stopped := make(chan bool)
	g.relay.client.Transport.(*router).upstreams["https://embedded.example"] = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		close(stopped)
	})
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.site.URL+"/api/host/v1/programs/app_1/fetch", bytes.NewReader(nil))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Minimart-Request", base64.RawURLEncoding.EncodeToString([]byte(`{"url":"https://embedded.example/"}`)))
	time.AfterFunc(50*time.Millisecond, cancel)
	if resp, err := http.DefaultClient.Do(req); err == nil {
		resp.Body.Close()
	}
	select {
	case <-stopped:
	case <-time.After(5 * time.Second):
		t.Error("the upstream still works for nobody")
	}
}

func FuzzReadWanted(f *testing.F) {
	for _, s := range []string{`{"url":"https://shop.example.com/a?b#c","method":"POST","header":{"A":"b"}}`, `{"url":"https://[::1]:80/"}`, `{`, `{"url":"https://a\u0000.example"}`, `{"url":"https://a@b"}`} {
		f.Add(base64.RawURLEncoding.EncodeToString([]byte(s)))
	}
	f.Fuzz(func(t *testing.T, text string) {
		w, err := readWanted(text)
		if err != nil {
			var r *refusal
			if !errors.As(err, &r) || len(r.message) > 1000 {
				t.Errorf("%v", err)
			}
			return
		}
		if w.url.User != nil || w.url.Host == "" || !methods[w.method] {
			t.Errorf("%+v", w)
		}
		// What was checked is what is sent: the address reads the same the second time.
		req, err := w.request(t.Context(), strings.NewReader(""))
		if err == nil && originOf(req.URL) != originOf(w.url) {
			t.Errorf("%s became %s", w.url, req.URL)
		}
	})
}
