package web

import (
	"bytes"
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

// HostHandler serves the host app below /app/: files under /app/assets/ for ever, since their names change with their
// content, and for every other path the entry page, which reads the address itself.
func HostHandler() http.Handler {
	return serve(Host())
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
