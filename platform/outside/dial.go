package outside

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// Resolver finds the addresses of a host. *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// NotPublicError is a host that leads to an address that outsiders must not make us reach.
type NotPublicError struct {
	Host    string
	Address netip.Addr
}

func (e *NotPublicError) Error() string {
	return fmt.Sprintf("%s is at %s, which is not public", e.Host, e.Address)
}

// Dialer connects to public addresses only. The zero value is ready. It is not changed once it is in use.
type Dialer struct {
	Resolver Resolver // default net.DefaultResolver
	// Allow are blocks the operator lets outsiders reach beside public addresses: the loopback block of a demo, say.
	Allow []netip.Prefix
	// Connect makes a connection to an address that was checked. The default is a socket that looks at its address once
	// more before it connects. Tests put a network of their own here.
	Connect func(ctx context.Context, network, address string) (net.Conn, error)
}

// Transport reaches what d reaches. It may be changed before its first use; DialContext must stay.
func Transport(d *Dialer) *http.Transport {
	return &http.Transport{
		Proxy:                  nil, // a proxy from the environment would be dialed in the target's place, unchecked
		DialContext:            d.DialContext,
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxIdleConns:           200,
		MaxIdleConnsPerHost:    20,
		IdleConnTimeout:        time.Minute,
		MaxResponseHeaderBytes: 32 << 10,
	}
}

// DialContext connects to host:port. The network is tcp, tcp4 or tcp6.
// Errors: *NotPublicError; those of the resolver and of connecting.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
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
		if !d.reachable(a) {
			return nil, &NotPublicError{Host: host, Address: a}
		}
	}
	connect := d.Connect
	if connect == nil {
		connect = d.socket().DialContext
	}
	var failed error
	for _, a := range addresses {
		conn, err := connect(ctx, network, net.JoinHostPort(a.Unmap().String(), port))
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

// socket looks once more at the address it really gets, whatever came between.
func (d *Dialer) socket() *net.Dialer {
	return &net.Dialer{
		Timeout: 10 * time.Second,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(address)
			if err != nil {
				return fmt.Errorf("connecting to %q, which is no address", address)
			}
			if !d.reachable(ap.Addr()) {
				return &NotPublicError{Host: address, Address: ap.Addr()}
			}
			return nil
		},
	}
}

// reachable says whether a is public, or allowed by the operator.
func (d *Dialer) reachable(a netip.Addr) bool {
	if Public(a) {
		return true
	}
	for _, p := range d.Allow {
		if a.Zone() == "" && p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// maxAddresses is how many addresses of one name are tried.
const maxAddresses = 4

func (d *Dialer) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	var resolver Resolver = net.DefaultResolver
	if d.Resolver != nil {
		resolver = d.Resolver
	}
	addresses, err := resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	if len(addresses) == 0 {
		return nil, &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	for _, a := range addresses {
		if !d.reachable(a) {
			return []netip.Addr{a}, nil // one that decides, also beyond those that would be tried
		}
	}
	return addresses[:min(len(addresses), maxAddresses)], nil
}
