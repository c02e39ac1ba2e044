// Package client signs requests to the open API.
//
//	api := &http.Client{Transport: &client.Transport{Key: "key_01J…", Secret: os.Getenv("MINIMART_SECRET")}}
//	resp, err := api.Get("https://open.example/open/v1/orders?state=paid")
//
// It stands on net/http and open/gateway/signing, which stands on the standard library: merchants can copy both.
package client

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"minimart/open/gateway/signing"
)

// Transport signs each request and sends it with Base. It reads a request's body into memory first, because the signature
// covers it. A request that is sent again is signed again; give it an Idempotency-Key, so that it has its effect once.
type Transport struct {
	Key    string            // id of the key: "key_01J…"
	Secret string            // as the console showed it: "mms_…"
	Base   http.RoundTripper // default http.DefaultTransport

	Now   func() time.Time // default time.Now
	Nonce func() string    // default signing.NewNonce
}

// RoundTrip sends a signed copy of req.
// Errors: what cannot be signed; those of Base.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	signed, err := t.Sign(req)
	if err != nil {
		return nil, err
	}
	base := t.Base
	if base == nil {
		base = http.DefaultTransport
	}
	return base.RoundTrip(signed)
}

// Sign is a copy of req with its Authorization header. The body of req is used up.
func (t *Transport) Sign(req *http.Request) (*http.Request, error) {
	if t.Key == "" || t.Secret == "" {
		if req.Body != nil {
			_ = req.Body.Close() // a round tripper closes it in any case
		}
		return nil, errors.New("the client has no key or no secret: the console shows both when a key is created")
	}
	var body []byte
	if req.Body != nil {
		var err error
		body, err = io.ReadAll(req.Body)
		_ = req.Body.Close() // read to its end
		if err != nil {
			return nil, fmt.Errorf("reading the body to sign it: %w", err)
		}
	}
	now, nonce := t.Now, t.Nonce
	if now == nil {
		now = time.Now
	}
	if nonce == nil {
		nonce = signing.NewNonce
	}
	method := req.Method
	if method == "" {
		method = http.MethodGet
	}
	header, err := signing.Request{
		Method: method, Path: req.URL.EscapedPath(), Query: req.URL.RawQuery, BodyHash: signing.HashBody(body),
		Timestamp: now().Unix(), Nonce: nonce(), Key: t.Key,
	}.Sign(t.Secret)
	if err != nil {
		return nil, fmt.Errorf("signing %s %s: %w", method, req.URL.Path, err)
	}
	out := req.Clone(req.Context())
	out.Header.Set("Authorization", header)
	if req.Body != nil {
		out.Body = io.NopCloser(bytes.NewReader(body))
		out.ContentLength = int64(len(body))
		out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	}
	return out, nil
}
