package httpapi

import (
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// compressFrom is the least size at which an answer is compressed: below it, the headers cost more than is saved.
const compressFrom = 1024

// The levels at which compressing an answer on the way costs less time than it saves on the wire. What is served often
// (program/deliver) is compressed once, harder, when it is stored.
const (
	brotliLevel = 4
	gzipLevel   = 5
)

var (
	brotlis = sync.Pool{New: func() any { return brotli.NewWriterLevel(nil, brotliLevel) }}
	gzips   = sync.Pool{New: func() any {
		z, err := gzip.NewWriterLevel(nil, gzipLevel)
		if err != nil {
			panic(err) // the level is a constant
		}
		return z
	}}
)

type encoder interface {
	io.WriteCloser
	Flush() error
	Reset(io.Writer)
}

// compress sends text and JSON as brotli or gzip to those who can read it, unless the handler chose an encoding itself.
func (a *API) compress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		encoding := ""
		if accept := first(r.Header, "Accept-Encoding"); accept != "" {
			encoding = Encoding(accept, "br", "gzip")
		}
		if first(r.Header, "Range") != "" || first(r.Header, "Upgrade") != "" {
			encoding = "" // ranges count the bytes of the plain answer
		}
		c := &exchangeOf(r.Context()).compressor
		*c = compressor{ResponseWriter: w, encoding: encoding}
		next.ServeHTTP(c, r)
		c.finish() // not when the handler panics: rescue still has an answer to give then
	})
}

// Encoding picks the first of the encodings a reader accepts by its Accept-Encoding header, "" when it accepts none.
func Encoding(accept string, encodings ...string) string {
	if len(accept) > 256 {
		accept = accept[:256]
	}
	for _, e := range encodings {
		for part := range strings.SplitSeq(accept, ",") {
			name, params, _ := strings.Cut(part, ";")
			if !strings.EqualFold(strings.TrimSpace(name), e) {
				continue
			}
			q, weighed := strings.CutPrefix(strings.TrimSpace(params), "q=")
			if weight, err := strconv.ParseFloat(q, 64); !weighed || (err == nil && weight > 0) {
				return e
			}
		}
	}
	return ""
}

// compressor holds back the head of an answer until it is clear whether compressing pays.
type compressor struct {
	http.ResponseWriter
	encoding string

	status  int     // as the handler set it, 0 before
	held    []byte  // not yet sent
	decided bool    // the header is out
	encoder encoder // nil when the answer goes out as it is
}

func (c *compressor) WriteHeader(status int) {
	if c.status != 0 {
		return
	}
	if status < 200 && status != http.StatusSwitchingProtocols {
		c.ResponseWriter.WriteHeader(status)
		return
	}
	c.status = status
	if !c.worthwhile() {
		c.decide(false)
	}
}

func (c *compressor) Write(p []byte) (int, error) {
	if c.status == 0 {
		if h := c.Header(); first(h, "Content-Type") == "" && len(p) > 0 {
			h.Set("Content-Type", http.DetectContentType(p))
		}
		c.WriteHeader(http.StatusOK)
	}
	if !c.decided {
		c.held = append(c.held, p...)
		if len(c.held) < compressFrom {
			return len(p), nil
		}
		if err := c.release(true); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	if c.encoder != nil {
		return c.encoder.Write(p)
	}
	return c.ResponseWriter.Write(p)
}

// FlushError sends what there is now, for streams.
func (c *compressor) FlushError() error {
	if c.status == 0 {
		c.WriteHeader(http.StatusOK)
	}
	if err := c.release(len(c.held) >= compressFrom); err != nil {
		return err
	}
	if c.encoder != nil {
		if err := c.encoder.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(c.ResponseWriter).Flush()
}

// Flush is FlushError for those who look for an http.Flusher.
func (c *compressor) Flush() { _ = c.FlushError() }

// Unwrap lets http.ResponseController reach the connection.
func (c *compressor) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// worthwhile says whether the answer could be compressed at all, going by its header.
func (c *compressor) worthwhile() bool {
	h := c.Header()
	if c.status < 200 || c.status == http.StatusNoContent || c.status == http.StatusNotModified || c.status == http.StatusPartialContent {
		return false
	}
	if first(h, "Content-Encoding") != "" || first(h, "Content-Range") != "" || strings.Contains(first(h, "Cache-Control"), "no-transform") {
		return false
	}
	if !compressible(first(h, "Content-Type")) {
		return false
	}
	if length := first(h, "Content-Length"); length != "" {
		if n, err := strconv.Atoi(length); err == nil && n < compressFrom {
			return false
		}
	}
	if len(h["Vary"]) == 0 {
		h["Vary"] = byEncoding
		return c.encoding != ""
	}
	addVary(h, "Accept-Encoding")
	return c.encoding != ""
}

// decide sends the header.
func (c *compressor) decide(compress bool) {
	if c.decided {
		return
	}
	c.decided = true
	if compress {
		h := c.Header()
		h.Set("Content-Encoding", c.encoding)
		h.Del("Content-Length")
		h.Del("Accept-Ranges")
		if tag := h.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
			h.Set("ETag", "W/"+tag) // the bytes are no longer those the tag was made for
		}
		if c.encoding == "br" {
			c.encoder = brotlis.Get().(*brotli.Writer)
		} else {
			c.encoder = gzips.Get().(*gzip.Writer)
		}
		c.encoder.Reset(c.ResponseWriter)
	}
	c.ResponseWriter.WriteHeader(c.status)
}

// release sends the header and what was held back.
func (c *compressor) release(compress bool) error {
	if c.decided {
		return nil
	}
	c.decide(compress)
	held := c.held
	c.held = nil
	if len(held) == 0 {
		return nil
	}
	var err error
	if c.encoder != nil {
		_, err = c.encoder.Write(held)
	} else {
		_, err = c.ResponseWriter.Write(held)
	}
	return err
}

// finish ends the answer. A reader that is gone by now is no error of ours.
func (c *compressor) finish() {
	if c.status == 0 {
		return // nothing written, or the connection was taken over
	}
	if err := c.release(false); err != nil || c.encoder == nil {
		return
	}
	_ = c.encoder.Close()
	c.encoder.Reset(io.Discard)
	if c.encoding == "br" {
		brotlis.Put(c.encoder)
	} else {
		gzips.Put(c.encoder)
	}
}

// compressible says whether answers of this type are text in one form or another. Event streams are not: they are sent in
// small pieces, each at once.
func compressible(contentType string) bool {
	t, _, _ := strings.Cut(contentType, ";")
	t = strings.ToLower(strings.TrimSpace(t))
	switch t {
	case "text/event-stream":
		return false
	case "application/json", "application/javascript", "application/xml", "application/wasm", "application/manifest+json",
		"application/problem+json", "application/openapi+json", "image/svg+xml":
		return true
	}
	return strings.HasPrefix(t, "text/")
}

func addVary(h http.Header, name string) {
	for _, v := range h.Values("Vary") {
		for part := range strings.SplitSeq(v, ",") {
			if strings.EqualFold(strings.TrimSpace(part), name) {
				return
			}
		}
	}
	h.Add("Vary", name)
}
