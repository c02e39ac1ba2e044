package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"minimart/open/gateway/client"
	"minimart/platform/id"
	"minimart/program/build"
	"minimart/program/diag"
	"minimart/program/release"
	"minimart/program/upload"
)

type uploadCommand struct {
	Dir     string `arg:"" help:"Folder or zip of the mini program." type:"path"`
	Server  string `help:"Address of the platform: https://minimart.example." env:"MINIMART_SERVER" required:""`
	App     string `help:"Id of the mini program, as the console shows it." required:""`
	Key     string `help:"File with a key of the mini program, as the console gave it: {\"key\":\"key_…\",\"secret\":\"mms_…\"}. Without it the environment variable MINIMART_KEY holds that text." type:"path"`
	Label   string `name:"version" help:"What you call the version: 1.0.3." required:""`
	Notes   string `name:"desc" help:"What is new in it."`
	NoTrial bool   `help:"Do not put it on trial."`
	DryRun  bool   `help:"Read, compile and weigh the package here, and send nothing."`
	JSON    bool   `help:"Print one JSON object instead of text."`
}

// uploadReport is what --json prints.
type uploadReport struct {
	Version   string            `json:"version,omitempty"` // id
	Number    int64             `json:"number,omitempty"`
	Label     string            `json:"label"`
	State     string            `json:"state,omitempty"`
	Again     bool              `json:"again,omitempty"` // the same content had been uploaded before
	TrialLink string            `json:"trialLink,omitempty"`
	Files     int               `json:"files"`
	Bytes     int               `json:"bytes"` // of the zip
	Millis    int64             `json:"millis"`
	Error     string            `json:"error,omitempty"`
	Errors    []diag.Diagnostic `json:"errors"`
	Warnings  []diag.Diagnostic `json:"warnings"`
}

func (c uploadCommand) Run(ctx context.Context, s streams) error {
	start := time.Now()
	r := uploadReport{Label: c.Label, Errors: []diag.Diagnostic{}, Warnings: []diag.Diagnostic{}}
	err := c.upload(ctx, s, &r)
	r.Millis = time.Since(start).Milliseconds()
	failed := err != nil || len(r.Errors) > 0
	switch {
	case c.JSON:
		if err != nil {
			r.Error = err.Error()
		}
		if err := json.NewEncoder(s.out).Encode(r); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		c.print(s.out, r)
	}
	if failed {
		return exitError(1)
	}
	return nil
}

// upload does it all and fills in the report. The error is about anything but the package itself.
func (c uploadCommand) upload(ctx context.Context, s streams, r *uploadReport) error {
	server, err := serverURL(c.Server)
	if err != nil {
		return err
	}
	var key uploadKey
	if !c.DryRun { // before the work of packing
		if key, err = c.readKey(); err != nil {
			return err
		}
	}
	pkg, found, err := readPackage(c.Dir)
	if err != nil {
		return err
	}
	if c.DryRun && pkg != nil {
		found.Append(build.Build(pkg, build.Options{Minify: true}).Diagnostics)
	}
	r.Errors, r.Warnings = found.Errors(), found.Warnings()
	if len(r.Errors) > 0 {
		return nil
	}
	packed, err := release.Pack(pkg.Files)
	if err != nil {
		return fmt.Errorf("packing %s: %w", c.Dir, err)
	}
	r.Files, r.Bytes = len(pkg.Files), len(packed)
	if len(packed) > upload.MaxArchive {
		return fmt.Errorf("the package has %s zipped, at most %s fit; put large pictures and films on a server", megabytes(len(packed)), megabytes(upload.MaxArchive))
	}
	if c.DryRun {
		return nil
	}
	return c.send(ctx, s, server, key, packed, r)
}

func (c uploadCommand) print(w io.Writer, r uploadReport) {
	for _, d := range r.Warnings {
		fmt.Fprintf(w, "warning: %v\n", d)
	}
	for _, d := range r.Errors {
		fmt.Fprintln(w, d)
	}
	switch {
	case len(r.Errors) > 0:
		fmt.Fprintf(w, "not uploaded: %s\n", count(len(r.Errors), "error"))
	case c.DryRun:
		fmt.Fprintf(w, "it builds: %s, %s zipped of %s at most; nothing was sent\n", count(r.Files, "file"), megabytes(r.Bytes), megabytes(upload.MaxArchive))
	default:
		if r.Again {
			fmt.Fprintf(w, "the same content was uploaded before: it is version %d (%s)\n", r.Number, printable(r.Label))
		} else {
			fmt.Fprintf(w, "uploaded version %d (%s), %s zipped, in %.1f s\n", r.Number, printable(r.Label), megabytes(r.Bytes), float64(r.Millis)/1000)
		}
		if r.TrialLink != "" {
			fmt.Fprintf(w, "trial link: %s\n", printable(r.TrialLink))
		}
	}
}

// printable keeps what a server says from driving the terminal.
func printable(s string) string { return diag.Diagnostic{Message: s}.Error() }

func megabytes(n int) string { return fmt.Sprintf("%.2f MB", float64(n)/1e6) }

func serverURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf("--server %q is no address of a site; write it like https://minimart.example", s)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

// uploadKey is a key of the open API.
type uploadKey struct {
	Key    string `json:"key"`
	Secret string `json:"secret"`
}

func (c uploadCommand) readKey() (uploadKey, error) {
	text, from := os.Getenv("MINIMART_KEY"), "MINIMART_KEY"
	if c.Key != "" {
		b, err := os.ReadFile(c.Key)
		if err != nil {
			return uploadKey{}, fmt.Errorf("key: %w; make one in the console, under Open API keys, with the scope %s", err, upload.ScopeUpload)
		}
		text, from = string(b), c.Key
	}
	if strings.TrimSpace(text) == "" {
		return uploadKey{}, fmt.Errorf("there is no key; make one in the console, under Open API keys, with the scope %s, and name its file with --key or put its text into MINIMART_KEY", upload.ScopeUpload)
	}
	var k uploadKey
	if err := json.Unmarshal([]byte(text), &k); err != nil || k.Key == "" || k.Secret == "" {
		return uploadKey{}, fmt.Errorf(`%s holds no key; want {"key":"key_…","secret":"mms_…"}, as the console gave it`, from) // what it holds may be a secret
	}
	return k, nil
}

// An upload is tried a few times: its idempotency key sees to it that it has its effect once.
const (
	uploadTries = 4
	uploadTry   = 5 * time.Minute
	longestWait = time.Minute
)

// refusedUpload is what the server answered instead.
type refusedUpload struct {
	status      int
	detail      string
	retryAfter  time.Duration
	skew        time.Duration // of this machine's clock, when it is large
	diagnostics []upload.Diagnostic
}

// Error says what the server said, and the way out where it is not in that.
func (e *refusedUpload) Error() string {
	out := cmp.Or(printable(e.detail), "the server answered with status "+strconv.Itoa(e.status))
	switch {
	case e.skew != 0:
		out += fmt.Sprintf("; this machine's clock is %s off: set it, best by NTP", e.skew.Abs().Round(time.Second))
	case e.status == http.StatusUnauthorized:
		out += "; look at the key in the console, under Open API keys, and make a new one if it is gone"
	case e.status == http.StatusRequestEntityTooLarge:
		out += "; the package is too large for this server or a proxy before it: put large pictures and films on a server"
	case e.status == http.StatusNotFound:
		out += "; is --server the address of a Minimart platform?"
	}
	return out
}

// again says whether the same call has a chance later.
func (e *refusedUpload) again() bool {
	switch e.status {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout, http.StatusRequestTimeout:
		return true
	case http.StatusConflict:
		return e.retryAfter > 0 // the try before is still under way
	}
	return false
}

// send uploads a zip and fills in the report.
func (c uploadCommand) send(ctx context.Context, s streams, server *url.URL, key uploadKey, packed []byte, r *uploadReport) error {
	query := url.Values{"app": {c.App}, "label": {c.Label}, "notes": {c.Notes}, "trial": {strconv.FormatBool(!c.NoTrial)}}
	target := server.JoinPath("/open/v1/versions")
	target.RawQuery = query.Encode()
	progress := newProgress(s.err, len(packed), c.JSON)
	defer progress.end()
	web := &http.Client{Timeout: uploadTry, Transport: &client.Transport{Key: key.Key, Secret: key.Secret, Base: &watched{http.DefaultTransport, progress}}}
	idempotency := id.New("upl")
	for try := 1; ; try++ {
		answer, err := post(ctx, web, target.String(), idempotency, packed)
		var refused *refusedUpload
		switch {
		case err == nil:
			r.Version, r.Number, r.Label, r.State, r.Again = answer.Version, answer.Number, answer.Label, string(answer.State), answer.Again
			_, warnings := split(answer.Diagnostics)
			r.Warnings = warnings
			r.TrialLink = resolve(server, answer.TrialLink)
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &refused) && refused.diagnostics != nil:
			r.Errors, r.Warnings = split(refused.diagnostics)
			if len(r.Errors) == 0 {
				return err
			}
			return nil
		case try == uploadTries || refused != nil && !refused.again():
			return err
		}
		wait := time.Second << (try - 1)
		if refused != nil && refused.retryAfter > 0 {
			wait = min(refused.retryAfter, longestWait)
		}
		progress.note("%v; trying again in %s", err, wait)
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func split(found []upload.Diagnostic) (errs, warnings []diag.Diagnostic) {
	errs, warnings = []diag.Diagnostic{}, []diag.Diagnostic{}
	for _, f := range found {
		d := diag.Diagnostic{File: f.File, Line: f.Line, Column: f.Column, Message: f.Message, Hint: f.Hint}
		if f.Severity == diag.SeverityWarning.String() {
			d.Severity = diag.SeverityWarning
			warnings = append(warnings, d)
		} else {
			errs = append(errs, d)
		}
	}
	return errs, warnings
}

// resolve makes an address of what may be a path. A link that leads anywhere else is not shown.
func resolve(server *url.URL, link string) string {
	u, err := url.Parse(link)
	if link == "" || err != nil {
		return ""
	}
	u = server.ResolveReference(u)
	if u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// largestAnswer bounds what a server may answer.
const largestAnswer = 4 << 20

func post(ctx context.Context, web *http.Client, target, idempotency string, packed []byte) (upload.UploadedVersion, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(packed))
	if err != nil {
		return upload.UploadedVersion{}, err
	}
	req.Header.Set("Content-Type", "application/zip")
	req.Header.Set("Idempotency-Key", idempotency)
	req.Header.Set("Expect", "100-continue") // a key that is refused is refused before megabytes are on their way
	req.Header.Set("User-Agent", "minimart-upload/"+Version)
	resp, err := web.Do(req)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // its address holds the notes
		}
		return upload.UploadedVersion{}, fmt.Errorf("cannot reach %s: %w", req.URL.Host, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, largestAnswer))
	if err != nil {
		return upload.UploadedVersion{}, fmt.Errorf("the answer of %s broke off: %w", req.URL.Host, err)
	}
	if resp.StatusCode == http.StatusCreated {
		var answer upload.UploadedVersion
		if err := json.Unmarshal(body, &answer); err != nil || answer.Version == "" {
			return answer, fmt.Errorf("%s answered something else than a Minimart platform does; is --server right?", req.URL.Host)
		}
		return answer, nil
	}
	return upload.UploadedVersion{}, refusalOf(resp, body)
}

func refusalOf(resp *http.Response, body []byte) *refusedUpload {
	e := &refusedUpload{status: resp.StatusCode}
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds > 0 {
		e.retryAfter = time.Duration(seconds) * time.Second
	}
	if resp.StatusCode == http.StatusUnauthorized {
		// The signature holds the time; the server refuses what is five minutes off.
		if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil && time.Since(date).Abs() > 4*time.Minute {
			e.skew = time.Since(date)
		}
	}
	var problem upload.Refusal
	if json.Unmarshal(body, &problem) == nil {
		e.detail, e.diagnostics = problem.Detail, problem.Diagnostics
	}
	return e
}

// watched is a transport that tells how much of a body has gone out.
type watched struct {
	base     http.RoundTripper
	progress *progress
}

func (w *watched) RoundTrip(req *http.Request) (*http.Response, error) {
	out := req.Clone(req.Context())
	w.progress.begin()
	out.Body = &countedBody{req.Body, w.progress}
	if req.GetBody != nil {
		out.GetBody = func() (io.ReadCloser, error) {
			body, err := req.GetBody()
			w.progress.begin()
			return &countedBody{body, w.progress}, err
		}
	}
	return w.base.RoundTrip(out)
}

type countedBody struct {
	io.ReadCloser
	progress *progress
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.progress.add(n)
	return n, err
}

// progress draws a bar where there is a terminal, and writes plain lines elsewhere.
type progress struct {
	w          io.Writer
	bar, quiet bool
	total      int

	mu    sync.Mutex // a body may still be on its way out when the answer is there
	sent  int
	drawn time.Time
}

func newProgress(w io.Writer, total int, quiet bool) *progress {
	p := &progress{w: w, total: total, quiet: quiet}
	if f, ok := w.(*os.File); ok {
		p.bar = term.IsTerminal(int(f.Fd()))
	}
	return p
}

func (p *progress) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = 0
	if !p.quiet && !p.bar {
		fmt.Fprintf(p.w, "uploading %s\n", megabytes(p.total))
	}
}

const barWidth = 30

func (p *progress) add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent += n
	whole := p.sent >= p.total
	if p.quiet || !whole && time.Since(p.drawn) < 50*time.Millisecond {
		return
	}
	p.drawn = time.Now()
	switch {
	case p.bar:
		done := barWidth * p.sent / max(p.total, 1)
		fmt.Fprintf(p.w, "\r%s%s %3d %% of %s", strings.Repeat("█", done), strings.Repeat("░", barWidth-done), 100*p.sent/max(p.total, 1), megabytes(p.total))
		if whole {
			fmt.Fprint(p.w, ", compiling …")
		}
	case whole && n > 0:
		fmt.Fprintln(p.w, "sent, compiling")
	}
}

func (p *progress) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.quiet {
		p.clear()
		fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *progress) clear() {
	if p.bar && !p.quiet {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}
