package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"minimart/open/gateway/gatewaydb"
	"minimart/platform/fault"
	"minimart/platform/outside"
)

// EndpointPrefix begins the id of an endpoint, MessagePrefix that of a delivery, which is its webhook-id.
const (
	EndpointPrefix = "whe"
	MessagePrefix  = "msg"
	SecretPrefix   = "whsec_"
)

// Limits of endpoints.
const (
	maxEndpoints     = 20 // of an app
	maxURL           = 1000
	maxDescription   = 200 // characters
	MaxSecretOverlap = 7 * 24 * time.Hour
)

// AllTypes in an endpoint's types stands for all there are and will be.
const AllTypes = "*"

// Type is a kind of event that endpoints may ask for.
type Type struct {
	Name    string // "order.paid"
	Title   string // in English, for consoles
	TitleZh string // in Chinese
}

// TypeTest is the type of what SendTest sends. Nobody has to ask for it.
const TypeTest = "webhook.test"

// EndpointState is whether an endpoint gets anything.
type EndpointState string

// The states of an endpoint.
const (
	Enabled  EndpointState = "enabled"
	Disabled EndpointState = "disabled"
)

// Reasons why an endpoint is disabled.
const (
	ByHand  = "by_hand" // somebody did it in the console
	Gone    = "gone"    // it answered 410
	Failing = "failing" // it failed for days
)

// Endpoint is where an app wants to be told. Times are unix ms, 0 for never.
type Endpoint struct {
	ID             string
	App            string
	Org            string
	URL            string
	Description    string
	Types          []string // sorted; AllTypes for all
	State          EndpointState
	DisabledReason string
	FailingSince   int64 // first failure after the last success
	PreviousUntil  int64 // until when the secret before this one signs too
	CreatedAt      int64
	ChangedAt      int64
}

// EndpointSpec is what an endpoint is.
type EndpointSpec struct {
	URL         string
	Description string
	Types       []string
}

// IssuedEndpoint is an endpoint with its new secret, which is shown this once.
type IssuedEndpoint struct {
	Endpoint Endpoint
	Secret   string // "whsec_" and base64 of 32 bytes
}

// check brings a spec into the form it is stored in.
func (in EndpointSpec) check(types map[string]Type, allow []netip.Prefix) (EndpointSpec, error) {
	var c fault.Checks
	out := EndpointSpec{Description: strings.TrimSpace(in.Description)}
	u, err := checkURL(in.URL, allow)
	c.Include("url", err)
	out.URL = u
	if c.Require(utf8.ValidString(out.Description), "description", notText) {
		n := utf8.RuneCountInString(out.Description)
		c.Require(n <= maxDescription, "description", textTooLong, n, maxDescription)
		c.Require(!strings.ContainsFunc(out.Description, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }), "description", invisible)
	}
	c.Require(len(in.Types) > 0, "types", typesMissing)
	if c.Require(len(in.Types) <= len(types)+1, "types", tooManyTypes, len(in.Types)) {
		for i, t := range in.Types {
			if _, ok := types[t]; !ok && t != AllTypes {
				c.Add(fmt.Sprintf("types[%d]", i), noType, cut(t, 60))
			}
		}
	}
	out.Types = slices.Compact(slices.Sorted(slices.Values(in.Types)))
	if slices.Contains(out.Types, AllTypes) {
		out.Types = []string{AllTypes}
	}
	return out, c.Err()
}

// checkURL is a URL that may be called: https, and no address inside. Where a name leads is checked when it is called. What
// the operator allows, and only as an address, may be plain http.
func checkURL(text string, allow []netip.Prefix) (string, error) {
	text = strings.TrimSpace(text)
	if len(text) > maxURL {
		return "", fault.Invalid("", urlTooLong, len(text), maxURL)
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Opaque != "" || !utf8.ValidString(text) {
		return "", fault.Invalid("", urlForm, cut(text, 100))
	}
	if u.User != nil {
		return "", fault.Invalid("", urlUser)
	}
	if u.Fragment != "" || strings.Contains(text, "#") {
		return "", fault.Invalid("", urlFragment)
	}
	if p := u.Port(); p != "" {
		if n, err := strconv.ParseUint(p, 10, 16); err != nil || n == 0 {
			return "", fault.Invalid("", urlForm, cut(text, 100))
		}
	}
	address, err := netip.ParseAddr(u.Hostname())
	isAddress := err == nil
	allowed := isAddress && address.Zone() == "" && slices.ContainsFunc(allow, func(p netip.Prefix) bool { return p.Contains(address.Unmap()) })
	if u.Scheme != "https" && (u.Scheme != "http" || !allowed) {
		return "", fault.Invalid("", urlScheme)
	}
	if isAddress && !allowed && !outside.Public(address) {
		return "", fault.Invalid("", urlInside, cut(u.Hostname(), 100))
	}
	return u.String(), nil
}

func newSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return SecretPrefix + base64.StdEncoding.EncodeToString(b[:])
}

// Sign is one signature of Standard Webhooks 1.0: "v1," and base64 of HMAC-SHA256 over id, timestamp and body with dots
// between. The secret is as it was shown, with or without its prefix.
// Errors: a secret that is not base64.
func Sign(secret, id string, timestamp int64, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, SecretPrefix))
	if err != nil || len(key) == 0 {
		return "", errors.New("a webhook's secret is whsec_ and base64")
	}
	m := hmac.New(sha256.New, key)
	m.Write([]byte(id + "." + strconv.FormatInt(timestamp, 10) + "."))
	m.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil)), nil
}

func sealPlace(endpoint string) string { return "gateway_endpoint/" + endpoint }

func endpointOf(r gatewaydb.GatewayEndpoint) (Endpoint, error) {
	e := Endpoint{
		ID: r.ID, App: r.AppID, Org: r.OrgID, URL: r.Url, Description: r.Description, State: EndpointState(r.State), DisabledReason: r.DisabledReason,
		FailingSince: r.FailingSince, PreviousUntil: r.PreviousUntil, CreatedAt: r.CreatedAt, ChangedAt: r.ChangedAt,
	}
	if err := json.Unmarshal([]byte(r.Types), &e.Types); err != nil {
		return Endpoint{}, fmt.Errorf("webhook: the types of %s cannot be read: %w", r.ID, err)
	}
	return e, nil
}

func cut(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "") + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
