package outside

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"testing"
)

func TestOnlyPublicAddressesAreReached(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.216.34": true, "1.1.1.1": true, "223.5.5.5": true, "172.15.0.1": true, "172.32.0.1": true, "100.63.255.255": true, "100.128.0.1": true, "192.0.1.1": true,
		"2606:4700::1111": true, "2400:3200::1": true, "::ffff:1.1.1.1": true, "64:ff9b::101:101": true, "2002:101:101::1": true,
		"127.0.0.1": false, "127.255.255.254": false, "0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "100.100.100.200": false, "192.0.0.192": false, "192.0.2.1": false, "198.18.0.1": false,
		"198.51.100.1": false, "203.0.113.1": false, "192.88.99.1": false, "224.0.0.1": false, "239.1.1.1": false, "240.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false, "fec0::1": false,
		"::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "::127.0.0.1": false, "64:ff9b::7f00:1": false, "64:ff9b::a9fe:a9fe": false, "64:ff9b:1::1": false,
		"2002:7f00:1::1": false, "2002:a00:1::": false, "2001::1": false, "2001:db8::1": false, "3fff::1": false, "100::1": false, "5f00::1": false, "4000::1": false,
	} {
		if got := Public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: public is %v", address, got)
		}
	}
	if Public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

// names is a resolver that knows a few names, each with the answers it gives one after the other; the last one stays.
type names map[string][][]string

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	answers := n[host]
	if len(answers) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if len(answers) > 1 {
		n[host] = answers[1:]
	}
	var out []netip.Addr
	for _, a := range answers[0] {
		out = append(out, netip.MustParseAddr(a))
	}
	return out, nil
}

const server = "93.184.216.34"

func TestANameIsReachedOnlyIfAllItsAddressesAreOutside(t *testing.T) {
	known := names{
		"shop.example": {{server, "2606:4700::1111"}}, "mixed.example": {{server, "10.0.0.1"}}, "inside.example": {{"127.0.0.1"}},
		"late.example": {{server, server, server, server, server, "169.254.169.254"}}, "none.example": {{}},
		"rebind.example": {{server}, {"127.0.0.1"}}, "loop6.example": {{"::1"}},
	}
	var dialed []string
	connect := func(_ context.Context, _, address string) (net.Conn, error) {
		dialed = append(dialed, address)
		return nil, errors.New("nobody there")
	}
	d := &Dialer{Resolver: known, Connect: connect}
	demo := &Dialer{Resolver: known, Connect: connect, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	for _, tt := range []struct {
		name    string
		d       *Dialer
		address string
		dials   int
		inside  bool
	}{
		{"a public name is tried at each of its addresses", d, "shop.example:443", 2, false},
		{"one address inside is enough", d, "mixed.example:443", 0, true},
		{"also behind those that would be tried", d, "late.example:443", 0, true},
		{"this machine", d, "inside.example:443", 0, true},
		{"an address as a name", d, "169.254.169.254:80", 0, true},
		{"an address in another's clothes", d, "[::ffff:127.0.0.1]:80", 0, true},
		{"before it changes", d, "rebind.example:443", 1, false},
		{"after it changed", d, "rebind.example:443", 0, true},
		{"no address", d, "none.example:443", 0, false},
		{"no name", d, "unknown.example:443", 0, false},
		{"no port", d, "shop.example", 0, false},
		{"the operator's demo", demo, "inside.example:443", 1, false},
		{"the demo in another's clothes is the demo", demo, "[::ffff:127.0.0.1]:80", 1, false},
		{"beside the demo", demo, "loop6.example:443", 0, true},
		{"beside the demo, private", demo, "mixed.example:443", 0, true},
	} {
		dialed = nil
		_, err := tt.d.DialContext(t.Context(), "tcp", tt.address)
		var refused *NotPublicError
		if err == nil || errors.As(err, &refused) != tt.inside || len(dialed) != tt.dials {
			t.Errorf("%s: %v after dialing %v", tt.name, err, dialed)
		}
	}
}

func TestTheSocketItselfIsCheckedOnceMore(t *testing.T) {
	inside, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer inside.Close()
	var refused *NotPublicError
	if conn, err := Transport(&Dialer{}).DialContext(t.Context(), "tcp", inside.Addr().String()); !errors.As(err, &refused) {
		t.Errorf("%v, %v", conn, err)
	}
	// Should the address that is dialed ever be another than the one that was checked, the socket is the last to know.
	d := &Dialer{Resolver: names{"x.example": {{server}}}}
	d.Connect = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return d.socket().DialContext(ctx, network, inside.Addr().String())
	}
	if conn, err := d.DialContext(t.Context(), "tcp", "x.example:443"); !errors.As(err, &refused) {
		t.Errorf("%v, %v", conn, err)
	}
	allowed := &Dialer{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
	conn, err := allowed.DialContext(t.Context(), "tcp", inside.Addr().String())
	if err != nil {
		t.Fatalf("what the operator allows: %v", err)
	}
	conn.Close()
}

func TestAProxyOfTheEnvironmentIsNotAsked(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:9")
	if tr := Transport(&Dialer{}); tr.Proxy != nil {
		u, err := tr.Proxy(&http.Request{})
		t.Errorf("%v, %v", u, err)
	}
}
