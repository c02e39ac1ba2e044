package web

import (
	"bytes"
	"context"
	"html"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// HostPolicy is the content security policy of the host page: its own scripts and styles, frames of this origin (their own
// policy is stricter), images from anywhere a program's pictures may come from, and sockets a program may open, which the
// host checks against the program's domains before it dials.
const HostPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' blob: wss: ws://localhost:* ws://127.0.0.1:*; " +
	"img-src 'self' data: blob: https: http:; media-src 'self' data: blob: https: http:; font-src 'self'; frame-src 'self'; " +
	"manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// HostOption changes what HostHandler serves.
type HostOption func(*hostOptions)

type hostOptions struct {
	key func(context.Context) string
}

// WithHostKey writes the publishable key of a registered host app into the entry page, which is how the page knows as whom
// to ask the platform. key is asked for each page, so that a rotated key is in the next one; it may be called at any time
// and answers "" when there is none, which leaves a host without accounts, as in `minimart preview`.
func WithHostKey(key func(context.Context) string) HostOption {
	return func(o *hostOptions) { o.key = key }
}

// ConsolePolicy is the content security policy of the consoles: their own scripts, what they ask this platform, pictures
// they made themselves or were given by it, and previews of mini programs in frames of this origin. Styles may stand in the
// page because the component library puts them there; scripts may not.
const ConsolePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data: blob:; " +
	"font-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// HostHandler serves the host app below /app/: files under /app/assets/ for ever, since their names change with their
// content, and for every other path the entry page, which reads the address itself.
func HostHandler(options ...HostOption) http.Handler {
	var o hostOptions
	for _, option := range options {
		option(&o)
	}
	host := site{at: "/app/", name: "the host app", policy: HostPolicy, files: Host()}
	if o.key != nil {
		host.fill = func(ctx context.Context, page []byte) []byte { return withHostKey(page, o.key(ctx)) }
	}
	return host.handler()
}

// noHostKey is where the entry page wants its key.
const noHostKey = `<meta name="minimart-host" content="">`

func withHostKey(page []byte, key string) []byte {
	return bytes.Replace(page, []byte(noHostKey), []byte(`<meta name="minimart-host" content="`+html.EscapeString(key)+`">`), 1)
}

// ConsoleHandler serves the consoles below /console/ like [HostHandler] does the host app.
func ConsoleHandler() http.Handler {
	return site{at: "/console/", name: "the console", policy: ConsolePolicy, files: Console()}.handler()
}

// contentTypes are fixed: what the machine's own tables say about .js varies.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
}

// site is an application of one page: index.html and assets/.
type site struct {
	at, name string // path it is served below, and what to call it
	policy   string // of the entry page
	files    fs.FS
	fill     func(context.Context, []byte) []byte // nil, or what the entry page becomes for a request
}

type asset struct {
	kind   string
	plain  []byte
	packed func() []byte // with brotli, when it is first asked for: the consoles would take seconds at every start
}

func (s site) handler() http.Handler {
	files := map[string]asset{}
	err := fs.WalkDir(s.files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		plain, err := fs.ReadFile(s.files, name)
		if err != nil {
			return err
		}
		files[name] = asset{kind: contentTypes[path.Ext(name)], plain: plain, packed: sync.OnceValue(func() []byte { return pack(plain) })}
		return nil
	})
	if err != nil {
		panic(err) // embedded files are readable
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, s.name+" is read with GET", http.StatusMethodNotAllowed)
			return
		}
		name, isAsset := strings.CutPrefix(r.URL.Path, s.at+"assets/")
		if isAsset {
			name = "assets/" + name
		} else {
			name = "index.html"
		}
		f, ok := files[name]
		if !ok {
			http.Error(w, name+" is not part of this version of "+s.name+": reload the page", http.StatusNotFound)
			return
		}
		h := w.Header()
		h.Set("Content-Type", f.kind)
		h.Set("X-Content-Type-Options", "nosniff")
		if isAsset {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			h.Set("Cache-Control", "no-cache")
			h.Set("Content-Security-Policy", s.policy)
			h.Set("Referrer-Policy", "same-origin")
			if s.fill != nil { // small, and made for this request: it goes out as it is
				page := s.fill(r.Context(), f.plain)
				f.plain, f.packed = page, func() []byte { return page }
			}
		}
		body := f.plain
		h.Add("Vary", "Accept-Encoding")
		if acceptsBrotli(r.Header.Values("Accept-Encoding")) {
			if packed := f.packed(); len(packed) < len(f.plain) {
				h.Set("Content-Encoding", "br")
				body = packed
			}
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method == http.MethodGet {
			w.Write(body) // a reader that went away is no failure
		}
	})
}

// thorough is up to how many bytes the slowest and best compression is worth its time: half a second for this much. What is
// larger is packed one step below, in a tenth of the time and some percent larger.
const thorough = 256 << 10

func pack(plain []byte) []byte {
	level := brotli.BestCompression
	if len(plain) > thorough {
		level = 9
	}
	var packed bytes.Buffer
	w := brotli.NewWriterLevel(&packed, level)
	_, _ = w.Write(plain) // writes to a bytes.Buffer do not fail
	_ = w.Close()
	return packed.Bytes()
}

// acceptsBrotli reads Accept-Encoding; "br;q=0" refuses.
func acceptsBrotli(accept []string) bool {
	for _, line := range accept {
		for coding := range strings.SplitSeq(line, ",") {
			name, q, _ := strings.Cut(strings.TrimSpace(coding), ";")
			if strings.EqualFold(strings.TrimSpace(name), "br") {
				q = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(q)), "q=")
				weight, err := strconv.ParseFloat(q, 64)
				return q == "" || err == nil && weight > 0
			}
		}
	}
	return false
}
