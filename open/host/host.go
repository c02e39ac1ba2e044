package host

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"minimart/open/host/hostdb"
	"minimart/platform/fault"
)

// Prefixes of ids and keys. Scanners of source code find a leaked secret by its own.
const (
	Prefix            = "hst"
	secretIDPrefix    = "hsk"
	PublishablePrefix = "hpk_"
	SecretPrefix      = "hss_"
)

// Kind is what a host app runs on.
type Kind string

// The kinds.
const (
	Web     Kind = "web"
	Android Kind = "android"
	IOS     Kind = "ios"
	Harmony Kind = "harmony"
)

// Limits of host apps.
const (
	maxHosts    = 1000
	maxHostName = 40
	maxOrigins  = 20
	maxReason   = 500
	MaxPrograms = 500 // in the list of a host app that does not have them all
	// MaxOverlapSeconds is how long an old secret may live on beside its successor.
	MaxOverlapSeconds = 30 * 24 * 60 * 60
)

// Host is a host app: an application that shows mini programs. Times are unix ms, 0 for never.
type Host struct {
	ID             string
	Name           string
	Kind           Kind
	Origins        []string // of its pages, when they do not come from the platform: "https://shop.example"; sorted
	PublishableKey string   // "hpk_…": names the host app, and is no secret
	Builtin        bool     // the platform's own web host
	AllPrograms    bool     // whether every released program is released to it
	SuspendedAt    int64
	Reason         string // why it is suspended
	CreatedBy      string // person, "" for the platform itself
	CreatedAt      int64
	ChangedAt      int64
}

// NewHost is what there is to say of a host app.
type NewHost struct {
	Name    string // 1 to 40 characters
	Kind    Kind
	Origins []string // only of kind web; at most 20
}

// Change is what may change about a host app; nil stays.
type Change struct {
	Name    *string
	Origins *[]string
}

// Issued is a host app with its new secret, which is told this once.
type Issued struct {
	Host   Host
	Secret string // "hss_" and 43 characters
}

// Asserted is somebody a host app has signed in itself.
type Asserted struct {
	Host      string // id
	Subject   string // the host app's own name for the person, 1 to 128 characters
	Phone     string // "" when it does not say
	Name      string // likewise
	ExpiresAt int64  // unix ms
}

func (k Kind) known() bool { return k == Web || k == Android || k == IOS || k == Harmony }

func (n NewHost) check() (NewHost, error) {
	var c fault.Checks
	n.Name = checkName(&c, n.Name)
	c.Require(n.Kind.known(), "kind", noKind, fault.Cut(string(n.Kind), 20))
	n.Origins = checkOrigins(&c, n.Kind, n.Origins)
	return n, c.Err()
}

func checkName(c *fault.Checks, name string) string {
	name = c.Line("name", name, maxHostName)
	c.Require(name != "", "name", nameMissing)
	return name
}

func checkOrigins(c *fault.Checks, kind Kind, origins []string) []string {
	if kind.known() && kind != Web && !c.Require(len(origins) == 0, "origins", onlyWebOrigins) {
		return nil
	}
	if !c.Require(len(origins) <= maxOrigins, "origins", tooManyOrigins, len(origins), maxOrigins) {
		return nil
	}
	out := []string{}
	for i, text := range origins {
		if o, ok := parseOrigin(strings.TrimSpace(text)); c.Require(ok, fmt.Sprintf("origins[%d]", i), badOrigin, fault.Cut(text, 80)) {
			out = append(out, o)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func hostOf(r hostdb.HostApp) (Host, error) {
	h := Host{
		ID: r.ID, Name: r.Name, Kind: Kind(r.Kind), PublishableKey: r.PublishableKey, Builtin: r.Builtin, AllPrograms: r.AllPrograms,
		SuspendedAt: r.SuspendedAt, Reason: r.Reason, CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt, ChangedAt: r.ChangedAt,
	}
	if err := json.Unmarshal([]byte(r.Origins), &h.Origins); err != nil {
		return Host{}, fmt.Errorf("host: the origins of %s cannot be read: %w", r.ID, err)
	}
	return h, nil
}
