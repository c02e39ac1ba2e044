package gateway

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"minimart/open/gateway/gatewaydb"
	"minimart/platform/fault"
)

// KeyPrefix begins the id of a key, SecretPrefix its secret: scanners of source code find a leaked one by it.
const (
	KeyPrefix    = "key"
	SecretPrefix = "mms_"
)

// Limits of keys.
const (
	maxLiveKeys   = 20 // of an app
	maxKeyName    = 60 // characters
	maxNetworks   = 50
	MaxKeyOverlap = 30 * 24 * time.Hour // how long an old key may live on beside its successor
)

// KeyState is whether a key opens anything.
type KeyState string

// The states of a key. It is expired by the clock alone.
const (
	KeyLive    KeyState = "live"
	KeyExpired KeyState = "expired"
	KeyRevoked KeyState = "revoked"
)

// Key is a key of an app, without its secret. Times are unix ms, 0 for never.
type Key struct {
	ID           string
	App          string
	Org          string
	Name         string
	Scopes       []string // sorted
	Networks     []string // CIDR; calls may come from these alone; empty for everywhere
	ReplacedBy   string   // the key that came by rotation, "" for none
	CreatedBy    string   // actor
	CreatedAt    int64
	ExpiresAt    int64
	RevokedAt    int64
	LastUsedAt   int64  // to the minute
	LastUsedFrom string // address
}

// State of the key at a time in unix ms.
func (k Key) State(now int64) KeyState {
	switch {
	case k.RevokedAt > 0:
		return KeyRevoked
	case k.ExpiresAt > 0 && k.ExpiresAt <= now:
		return KeyExpired
	}
	return KeyLive
}

// KeySpec is what a key is for.
type KeySpec struct {
	Name     string
	Scopes   []string
	Networks []string // addresses and CIDR blocks; empty for everywhere
}

// IssuedKey is a new key with its secret, which is shown this once.
type IssuedKey struct {
	Key    Key
	Secret string // "mms_" and 43 characters
}

// check brings a spec into the form it is stored in.
func (s KeySpec) check(known map[string]Scope) (KeySpec, error) {
	var c fault.Checks
	out := KeySpec{Name: strings.TrimSpace(s.Name), Networks: []string{}}
	checkText(&c, "name", out.Name, maxKeyName)
	c.Require(out.Name != "", "name", keyNameMissing)
	c.Require(len(s.Scopes) > 0, "scopes", scopesMissing)
	if c.Require(len(s.Scopes) <= len(known), "scopes", tooManyScopes, len(s.Scopes), len(known)) {
		for i, scope := range s.Scopes {
			if _, ok := known[scope]; !ok {
				c.Add(fmt.Sprintf("scopes[%d]", i), noScope, cut(scope, 60))
			}
		}
	}
	out.Scopes = slices.Compact(slices.Sorted(slices.Values(s.Scopes)))
	if c.Require(len(s.Networks) <= maxNetworks, "networks", tooManyNetworks, len(s.Networks), maxNetworks) {
		for i, text := range s.Networks {
			network, ok := parseNetwork(text)
			if c.Require(ok, fmt.Sprintf("networks[%d]", i), badNetwork, cut(text, 60)) && !slices.Contains(out.Networks, network) {
				out.Networks = append(out.Networks, network)
			}
		}
	}
	return out, c.Err()
}

// checkText is about texts that people write and others read: valid, visible, not too long.
func checkText(c *fault.Checks, field, text string, most int) {
	if !c.Require(utf8.ValidString(text), field, notText) {
		return
	}
	n := utf8.RuneCountInString(text)
	c.Require(n <= most, field, textTooLong, n, most)
	if i := strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		c.Add(field, controlCharacter, r)
	}
}

// parseNetwork reads an address or a block: "203.0.113.7" is 203.0.113.7/32, "10.1.2.3/8" is 10.0.0.0/8.
func parseNetwork(text string) (string, bool) {
	text = strings.TrimSpace(text)
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()).String(), true
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || p.Addr().Is4In6() {
		return "", false
	}
	return p.Masked().String(), true
}

// newSecret is 256 random bits, so that nobody guesses one and hashing it slowly is not needed.
func newSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return SecretPrefix + base64.RawURLEncoding.EncodeToString(b[:])
}

func keyOf(r gatewaydb.GatewayKey) (Key, error) {
	k := Key{
		ID: r.ID, App: r.AppID, Org: r.OrgID, Name: r.Name, ReplacedBy: r.ReplacedBy, CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt,
		ExpiresAt: r.ExpiresAt, RevokedAt: r.RevokedAt, LastUsedAt: r.LastUsedAt, LastUsedFrom: r.LastUsedFrom,
	}
	if err := json.Unmarshal([]byte(r.Scopes), &k.Scopes); err != nil {
		return Key{}, fmt.Errorf("gateway: the scopes of %s cannot be read: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(r.Networks), &k.Networks); err != nil {
		return Key{}, fmt.Errorf("gateway: the networks of %s cannot be read: %w", r.ID, err)
	}
	return k, nil
}

// sealPlace is where the secret of a key belongs, see seal.
func sealPlace(key string) string { return "gateway_key/" + key }

func cut(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "") + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func jsonText(v []string) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings: cannot happen
	}
	return string(b)
}
