package relay

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

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

// notPublicError is a host that leads to an address programs must not reach.
type notPublicError struct {
	host    string
	address netip.Addr
}

func (e *notPublicError) Error() string {
	return fmt.Sprintf("%s is at %s, which is not public", e.host, e.address)
}

// publicTransport reaches public addresses only. A name is resolved here, once per connection, and the connection is made
// to the very address that was checked: a name that changes its address in between (DNS rebinding) gains nothing.
func publicTransport(resolver Resolver) *http.Transport {
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	d := &dialer{resolver: resolver, connect: publicDialer().DialContext}
	return &http.Transport{
		Proxy:                  nil, // a proxy from the environment would be dialed in the target's place, unchecked
		DialContext:            d.dial,
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxIdleConns:           200,
		MaxIdleConnsPerHost:    20,
		IdleConnTimeout:        time.Minute,
		MaxResponseHeaderBytes: 32 << 10, // they have to fit into one header of ours
	}
}

// publicDialer looks once more at the address the socket really gets, whatever came between.
func publicDialer() *net.Dialer {
	return &net.Dialer{
		Timeout: 10 * time.Second,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(address)
			if err != nil {
				return fmt.Errorf("connecting to %q, which is no address", address)
			}
			if !public(ap.Addr()) {
				return &notPublicError{host: address, address: ap.Addr()}
			}
			return nil
		},
	}
}

type dialer struct {
	resolver Resolver
	connect  func(ctx context.Context, network, address string) (net.Conn, error)
}

func (d *dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	addresses, err := d.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	// One address inside is enough to refuse them all: an honest name has none, and which one is tried first is chance.
	for _, a := range addresses {
		if !public(a) {
			return nil, &notPublicError{host: host, address: a}
		}
	}
	var failed error
	for _, a := range addresses {
		conn, err := d.connect(ctx, network, net.JoinHostPort(a.Unmap().String(), port))
		if err == nil {
			return conn, nil
		}
		failed = errors.Join(failed, err)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, failed
}

// maxAddresses is how many addresses of one name are tried.
const maxAddresses = 4

func (d *dialer) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	addresses, err := d.resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	if len(addresses) == 0 {
		return nil, &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	for _, a := range addresses {
		if !public(a) {
			return []netip.Addr{a}, nil
		}
	}
	return addresses[:min(len(addresses), maxAddresses)], nil
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
