package relay

import (
	"context"
	"io"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"minimart/platform/access"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
	"minimart/platform/outside"
)

// Domains knows where programs may send requests.
type Domains interface {
	// RequestDomains are the origins the app's program may send requests to, spelled as release.ParseOrigin does.
	// Errors: not_found when there is no such program.
	RequestDomains(ctx context.Context, app string) ([]string, error)
}

// Limits of what programs may have carried. 0 is the default.
type Limits struct {
	Request  int64         // bytes of a request's body, default 10 MiB
	Response int64         // bytes of an answer's body, default 50 MiB
	Time     time.Duration // for all of a request, default 60 s
	PerApp   int           // requests of one app at once, of all its consumers together; default 100
	PerPlace int           // of these, from one address: whoever sends slowly must not keep the others out; default a fifth
}

// Config says what a relay does. Domains must be set.
type Config struct {
	Domains Domains
	// Upstreams are origins ("https://shop.example") that the operator serves in this process, or brings elsewhere with a
	// handler of their own. Only through them can a program reach an address that is not public, or plain http. An app still
	// has to declare the origin.
	Upstreams map[string]http.Handler
	// Resolver is net.DefaultResolver by default.
	Resolver outside.Resolver
	Limits   Limits
}

// Relay carries requests. It is safe for concurrent use.
type Relay struct {
	domains Domains
	limits  Limits
	client  *http.Client
	network *http.Transport

	mu   sync.Mutex
	busy map[string]int // requests under way, by app, and by app and place
}

// New is a relay.
func New(c Config) *Relay {
	r := &Relay{domains: c.Domains, limits: c.Limits, busy: map[string]int{}}
	if r.limits.Request <= 0 {
		r.limits.Request = 10 << 20
	}
	if r.limits.Response <= 0 {
		r.limits.Response = 50 << 20
	}
	if r.limits.Time <= 0 {
		r.limits.Time = time.Minute
	}
	if r.limits.PerApp <= 0 {
		r.limits.PerApp = 100
	}
	if r.limits.PerPlace <= 0 {
		r.limits.PerPlace = max(1, r.limits.PerApp/5)
	}
	r.network = outside.Transport(&outside.Dialer{Resolver: c.Resolver})
	r.network.MaxResponseHeaderBytes = 32 << 10 // they have to fit into one header of ours
	upstreams := make(map[string]http.Handler, len(c.Upstreams))
	for origin, h := range c.Upstreams {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" {
			panic("relay: the upstream " + strconv.Quote(origin) + " is no origin: want something like https://shop.example")
		}
		upstreams[originOf(u)] = h
	}
	r.client = &http.Client{Transport: &router{upstreams: upstreams, network: r.network}, CheckRedirect: followable}
	return r
}

// Route is what a relay serves, for a mux.
const Route = "POST /api/host/v1/programs/{app}/fetch"

// ServeHTTP carries one request of a program.
func (r *Relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	// From here on all answers are data, even when somebody opens them as a page.
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "no-store")

	httpapi.AllowBody(req, r.limits.Request)
	httpapi.Extend(req, r.limits.Time+5*time.Second) // ours runs out first, and says so in the program's words
	ctx, cancel := context.WithTimeout(req.Context(), r.limits.Time)
	defer cancel()
	resp, err := r.carry(ctx, req)
	if err != nil {
		refuse(w, req, r.explain(ctx, err))
		return
	}
	defer func() { _ = resp.Body.Close() }() // what matters was said while reading
	if resp.ContentLength > r.limits.Response && resp.Request.Method != http.MethodHead {
		refuse(w, req, tooLarge(r.limits.Response))
		return
	}
	meta, err := answerMeta(resp)
	if err != nil {
		refuse(w, req, &refusal{status: http.StatusBadGateway, code: fault.CodeUnavailable, errno: errnoNetwork, message: "the answer's header cannot be carried", cause: err})
		return
	}
	h.Set("X-Minimart-Response", meta)
	h.Set("Content-Type", answerType(resp.Header.Get("Content-Type")))
	w.WriteHeader(http.StatusOK)
	sent, err := io.Copy(w, io.LimitReader(resp.Body, r.limits.Response+1))
	if err != nil || sent > r.limits.Response {
		// The header is out. A broken connection is the only way left to say that this is not all of it.
		panic(http.ErrAbortHandler)
	}
}

// carry checks a request and sends it on.
func (r *Relay) carry(ctx context.Context, in *http.Request) (*http.Response, error) {
	if site := in.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return nil, &refusal{status: http.StatusForbidden, code: fault.CodeDenied, errno: errnoUnknown, message: "the relay answers only to the host app on its own origin"}
	}
	// A page of another origin cannot set this header without being asked first (CORS), and we say yes to nobody.
	wanted, err := readWanted(in.Header.Get("X-Minimart-Request"))
	if err != nil {
		return nil, err
	}
	app := in.PathValue("app")
	allowed, err := r.domains.RequestDomains(ctx, app)
	if err != nil {
		return nil, err
	}
	if !contains(allowed, originOf(wanted.url)) {
		return nil, notInList("url", wanted.url)
	}
	if in.ContentLength > r.limits.Request {
		return nil, &http.MaxBytesError{Limit: r.limits.Request}
	}
	leave, ok := r.enter(app, placeOf(ctx))
	if !ok {
		return nil, &refusal{status: http.StatusTooManyRequests, code: fault.CodeExhausted, errno: errnoUnknown, message: "too many requests of this program at once; try again", retry: time.Second}
	}
	out, err := wanted.request(context.WithValue(ctx, allowedKey{}, allowed), http.MaxBytesReader(nil, in.Body, r.limits.Request))
	if err != nil {
		leave()
		return nil, err
	}
	resp, err := r.client.Do(out)
	if err != nil {
		leave()
		return nil, err
	}
	resp.Body = &countedBody{ReadCloser: resp.Body, leave: leave}
	return resp, nil
}

// placeOf is where a request comes from: its address, or with IPv6 the /64 a subscriber gets. "" when that is unknown.
func placeOf(ctx context.Context) string {
	v, _ := access.VisitorOf(ctx)
	a, err := netip.ParseAddr(v.Address)
	if err != nil {
		return ""
	}
	if p, err := a.Prefix(64); err == nil && a.Is6() {
		return p.String()
	}
	return a.String()
}

// enter counts a request of an app in, unless there are too many of the app or from the place; leave counts it out.
func (r *Relay) enter(app, place string) (leave func(), ok bool) {
	here := app + " " + place
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy[app] >= r.limits.PerApp || place != "" && r.busy[here] >= r.limits.PerPlace {
		return nil, false
	}
	r.busy[app]++
	r.busy[here]++
	return sync.OnceFunc(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, of := range []string{app, here} {
			if r.busy[of]--; r.busy[of] == 0 {
				delete(r.busy, of)
			}
		}
	}), true
}

type countedBody struct {
	io.ReadCloser
	leave func()
}

func (b *countedBody) Close() error {
	defer b.leave()
	return b.ReadCloser.Close()
}

type allowedKey struct{}

// maxRedirects is how often a target may send a request on.
const maxRedirects = 5

// followable lets a redirect pass if it stays within the app's domains.
func followable(next *http.Request, before []*http.Request) error {
	if len(before) > maxRedirects {
		return &refusal{status: http.StatusBadGateway, code: fault.CodeUnavailable, errno: errnoNetwork, message: "more than " + strconv.Itoa(maxRedirects) + " redirects"}
	}
	allowed, _ := next.Context().Value(allowedKey{}).([]string)
	if next.URL.User != nil || !contains(allowed, originOf(next.URL)) {
		return notInList("redirect url", next.URL)
	}
	next.Header.Del("Referer") // net/http adds it; the address may hold what is meant for the first target alone
	return nil
}

func contains(origins []string, origin string) bool {
	for _, o := range origins {
		if strings.EqualFold(strings.TrimSuffix(o, "/"), origin) {
			return true
		}
	}
	return false
}

// originOf is the scheme, host and port of a URL in one spelling.
func originOf(u *url.URL) string {
	scheme, host, port := strings.ToLower(u.Scheme), strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")), u.Port()
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if n, err := strconv.ParseUint(port, 10, 16); err == nil {
		port = strconv.FormatUint(n, 10)
	}
	if port == "" || scheme == "https" && port == "443" || scheme == "http" && port == "80" {
		return scheme + "://" + host
	}
	return scheme + "://" + host + ":" + port
}

// answerType is the target's content type if it is well formed, else plain bytes.
func answerType(t string) string {
	kind, params, err := mime.ParseMediaType(t)
	if err != nil {
		return "application/octet-stream"
	}
	if formatted := mime.FormatMediaType(kind, params); formatted != "" {
		return formatted
	}
	return "application/octet-stream"
}
