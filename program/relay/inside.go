package relay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
)

// serveInside has a handler of this process answer a request as a server across the network would: it runs on its own, its
// answer is read while it is written, and it is told to stop when nobody reads on.
func serveInside(h http.Handler, req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(req.Context())
	in := req.Clone(ctx)
	in.RequestURI = req.URL.RequestURI()
	in.Host = req.URL.Host
	in.RemoteAddr = "127.0.0.1:0"
	in.URL.Scheme, in.URL.Host = "", ""
	if in.Body == nil {
		in.Body = http.NoBody
	}
	reader, writer := io.Pipe()
	w := &insideWriter{header: http.Header{}, body: writer, begun: make(chan struct{}), head: req.Method == http.MethodHead}
	go func() {
		defer cancel()
		defer func() { _ = in.Body.Close() }() // as a server does when the handler is done
		defer func() {
			if p := recover(); p != nil {
				w.fail(fmt.Errorf("the handler of %s panicked: %v", req.URL.Host, p))
				return
			}
			w.WriteHeader(http.StatusOK) // if it has written nothing
			_ = writer.Close()
		}()
		h.ServeHTTP(w, in)
	}()
	select {
	case <-w.begun:
	case <-req.Context().Done():
	}
	// A handler that gives up because its time is over has not answered, though it may look like that.
	if err := req.Context().Err(); err != nil {
		_ = reader.CloseWithError(err)
		cancel()
		return nil, err
	}
	if w.failed != nil {
		cancel()
		return nil, w.failed
	}
	length := int64(-1)
	if n, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64); err == nil {
		length = n
	}
	return &http.Response{
		StatusCode: w.status, Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: &insideBody{reader, cancel}, ContentLength: length, Request: req,
	}, nil
}

type insideBody struct {
	*io.PipeReader
	cancel context.CancelFunc
}

func (b *insideBody) Close() error {
	b.cancel()
	return b.PipeReader.Close()
}

type insideWriter struct {
	header http.Header
	body   *io.PipeWriter
	head   bool

	once   sync.Once
	begun  chan struct{}
	status int
	sent   http.Header // the header as it was when it was sent
	failed error
}

func (w *insideWriter) Header() http.Header { return w.header }

func (w *insideWriter) WriteHeader(status int) {
	if status < 200 {
		return
	}
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		close(w.begun)
	})
}

func (w *insideWriter) Write(p []byte) (int, error) {
	if w.header.Get("Content-Type") == "" {
		w.header.Set("Content-Type", http.DetectContentType(p))
	}
	w.WriteHeader(http.StatusOK)
	if w.head {
		return len(p), nil
	}
	if len(p) == 0 {
		return 0, nil
	}
	return w.body.Write(p)
}

// Flush is there for handlers that stream: what is written is read at once anyway.
func (w *insideWriter) Flush() { w.WriteHeader(http.StatusOK) }

var errHandlerFailed = errors.New("the answer broke off")

func (w *insideWriter) fail(err error) {
	w.once.Do(func() {
		w.failed = err
		close(w.begun)
	})
	_ = w.body.CloseWithError(errors.Join(errHandlerFailed, err))
}
