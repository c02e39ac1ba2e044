package deliver

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"minimart/platform/fault"
	"minimart/platform/httpapi"
	"minimart/program/release"
)

// kind is what a file with some ending is.
type kind struct {
	contentType string
	text        bool // there may be a brotli form of it
}

// kinds of files that are delivered, by ending. There is no HTML among them, and none will be: a page on this origin could
// act for the consumer.
var kinds = map[string]kind{
	"js": {"text/javascript; charset=utf-8", true}, "css": {"text/css; charset=utf-8", true}, "json": {"application/json", true},
	"svg": {"image/svg+xml", true},
	"png": {"image/png", false}, "jpg": {"image/jpeg", false}, "jpeg": {"image/jpeg", false}, "gif": {"image/gif", false},
	"webp": {"image/webp", false}, "avif": {"image/avif", false}, "bmp": {"image/bmp", false}, "ico": {"image/x-icon", false},
	"mp3": {"audio/mpeg", false}, "m4a": {"audio/mp4", false}, "aac": {"audio/aac", false}, "wav": {"audio/wav", false},
	"ogg": {"audio/ogg", false}, "mp4": {"video/mp4", false}, "webm": {"video/webm", false},
	"ttf": {"font/ttf", true}, "otf": {"font/otf", true}, "woff": {"font/woff", false}, "woff2": {"font/woff2", false},
}

// filePolicy is the policy of a file that is opened as a page of its own: an SVG may style itself, and may run nothing.
const filePolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'"

// file serves GET /p/{file}.
func (d *Delivery) file(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	ext, ok := release.FileName(name)
	k, known := kinds[ext]
	if !ok || !known {
		return fault.NotFound(noFile, short(name))
	}
	h := w.Header()
	// These hold for errors as well: the sandbox, which has an origin of its own, is to see them.
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", filePolicy)

	encoding := ""
	// Parts are counted in the plain file, so that they fit together whoever asks for them.
	if k.text && r.Header.Get("Range") == "" {
		encoding = httpapi.Encoding(r.Header.Get("Accept-Encoding"), "br")
	}
	content, err := d.files.Open(r.Context(), name, encoding)
	if encoding != "" && fault.Is(err, fault.CodeNotFound) {
		encoding = ""
		content, err = d.files.Open(r.Context(), name, "")
	}
	if err != nil {
		if fault.Is(err, fault.CodeNotFound) {
			return fault.NotFound(noFile, name)
		}
		return err
	}
	defer func() { _ = content.Close() }() // it was only read

	hash, _, _ := strings.Cut(name, ".")
	tag := `"` + hash + `"`
	if k.text {
		h.Set("Vary", "Accept-Encoding")
	}
	if encoding != "" {
		tag = `"` + hash + "-" + encoding + `"`
		h.Set("Content-Encoding", encoding)
		if size, err := content.Seek(0, io.SeekEnd); err == nil {
			h.Set("Content-Length", strconv.FormatInt(size, 10)) // ServeContent leaves it out for encoded content
		}
		if _, err := content.Seek(0, io.SeekStart); err != nil {
			return fault.Unavailable(cannotRead, name).WithCause(err)
		}
	}
	h.Set("Content-Type", k.contentType)
	h.Set("ETag", tag)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// layered looks for a file in the first place that has it.
type layered []Files

func (l layered) Open(ctx context.Context, name, encoding string) (io.ReadSeekCloser, error) {
	err := error(fault.NotFound(noFile, name))
	for _, files := range l {
		var content io.ReadSeekCloser
		if content, err = files.Open(ctx, name, encoding); err == nil || !fault.Is(err, fault.CodeNotFound) {
			return content, err
		}
	}
	return nil, err
}
