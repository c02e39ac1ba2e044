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

// HostHandler serves the host app below /app/: files under /app/assets/ for ever, since their names change with their
// content, and for every other path the entry page, which reads the address itself.
func HostHandler(options ...HostOption) http.Handler {
	var o hostOptions
	for _, option := range options {
		option(&o)
	}
	files := serve(Host())
	if o.key == nil {
		return files
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/app/assets/") {
			files.ServeHTTP(w, r)
			return
		}
		servePage(w, r, withHostKey(entryPage(), o.key(r.Context())), HostPolicy)
	})
}

// noHostKey is where the entry page wants its key.
const noHostKey = `<meta name="minimart-host" content="">`

func withHostKey(page []byte, key string) []byte {
	return bytes.Replace(page, []byte(noHostKey), []byte(`<meta name="minimart-host" content="`+html.EscapeString(key)+`">`), 1)
}

func entryPage() []byte {
	page, err := fs.ReadFile(Host(), "index.html")
	if err != nil {
		panic(err) // embedded files are readable
	}
	return page
}

// servePage answers with a page that was made for this request: small, so it goes out as it is.
func servePage(w http.ResponseWriter, r *http.Request, page []byte, policy string) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the page is read with GET", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", contentTypes[".html"])
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Length", strconv.Itoa(len(page)))
	if r.Method == http.MethodGet {
		w.Write(page) // a reader that went away is no failure
	}
}

// contentTypes are fixed: what the machine's own tables say about .js varies.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
}

type asset struct {
	kind          string
	plain, packed []byte
}

func serve(host fs.FS) http.Handler {
	files := map[string]asset{}
	err := fs.WalkDir(host, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		plain, err := fs.ReadFile(host, name)
		if err != nil {
			return err
		}
		var packed bytes.Buffer
		w := brotli.NewWriterLevel(&packed, brotli.BestCompression)
		_, _ = w.Write(plain) // writes to a bytes.Buffer do not fail
		_ = w.Close()
		files[name] = asset{kind: contentTypes[path.Ext(name)], plain: plain, packed: packed.Bytes()}
		return nil
	})
	if err != nil {
		panic(err) // embedded files are readable
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "the host app is read with GET", http.StatusMethodNotAllowed)
			return
		}
		name, isAsset := strings.CutPrefix(r.URL.Path, "/app/assets/")
		if isAsset {
			name = "assets/" + name
		} else {
			name = "index.html"
		}
		f, ok := files[name]
		if !ok {
			http.Error(w, name+" is not part of this version of the host app: reload the page", http.StatusNotFound)
			return
		}
		h := w.Header()
		h.Set("Content-Type", f.kind)
		h.Set("X-Content-Type-Options", "nosniff")
		if isAsset {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			h.Set("Cache-Control", "no-cache")
			h.Set("Content-Security-Policy", HostPolicy)
			h.Set("Referrer-Policy", "same-origin")
		}
		body := f.plain
		h.Add("Vary", "Accept-Encoding")
		if len(f.packed) < len(f.plain) && acceptsBrotli(r.Header.Values("Accept-Encoding")) {
			h.Set("Content-Encoding", "br")
			body = f.packed
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method == http.MethodGet {
			w.Write(body) // a reader that went away is no failure
		}
	})
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
