package relay

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"

	"minimart/platform/fault"
)

// router sends a request to the operator's handler for its origin, else to the network, and there only over TLS.
type router struct {
	upstreams map[string]http.Handler
	network   http.RoundTripper
}

func (r *router) RoundTrip(req *http.Request) (*http.Response, error) {
	if h, ok := r.upstreams[originOf(req.URL)]; ok {
		return serveInside(h, req)
	}
	if req.URL.Scheme != "https" {
		return nil, &refusal{status: http.StatusForbidden, code: fault.CodeDenied, errno: errnoDomain, message: "url must begin with https://"}
	}
	return r.network.RoundTrip(req)
}

// isTLS says whether a connection failed because we cannot be sure who is on the other end.
func isTLS(err error) bool {
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var name x509.HostnameError
	var authority x509.UnknownAuthorityError
	return errors.As(err, &verification) || errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &name) || errors.As(err, &authority)
}
