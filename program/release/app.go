package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"minimart/platform/fault"
	"minimart/platform/id"
	"minimart/program/build"
)

// Prefixes of the ids of this room.
const (
	AppPrefix     = "app"
	VersionPrefix = "ver"
	RolloutPrefix = "rol"
	RecordPrefix  = "rel"
	TesterPrefix  = "tst"
)

// App is a mini program as people know it, whatever its version.
type App struct {
	ID               string
	Org              string // organisation it belongs to, "" for a program of the platform's that nobody has adopted
	Name             string
	Icon             string // name of a delivered file, "" for none
	Summary          string
	Domains          Domains
	Privacy          map[string]string // by kind, see [PrivacyKinds]: what a program does with it
	Trial            string            // version on trial, "" for none
	SuspendedAt      int64             // unix ms, 0 when it is not
	SuspensionReason string
	CreatedAt        int64 // unix ms
	ChangedAt        int64 // unix ms
}

// Limits on what people write, in characters, and on the icon, in bytes.
const (
	maxName    = 30
	maxSummary = 120
	maxLabel   = 40
	maxNotes   = 1000
	maxReason  = 500
	maxIcon    = 256 << 10
)

// MostApps is how many apps an organisation may have.
const MostApps = 50

// NewApp is what CreateApp needs.
type NewApp struct {
	// ID is for programs that come with the platform and must have the same id everywhere; "" makes one.
	ID      string
	Org     string // organisation it belongs to
	Name    string // 1 to 30 characters
	Icon    []byte // PNG, JPEG, GIF, WebP or SVG of at most 256 KiB, or nil
	Summary string // at most 120 characters
	Domains Domains
}

// check answers the input in the spelling it is kept in.
func (in NewApp) check() (NewApp, build.File, error) {
	var c fault.Checks
	if in.ID != "" {
		if err := id.Check(AppPrefix, in.ID); err != nil {
			c.Add("id", malformedID, err.Error())
		}
	}
	in.Name = checkName(&c, in.Name)
	in.Summary = c.Line("summary", in.Summary, maxSummary)
	var icon build.File
	if len(in.Icon) > 0 {
		icon = iconFile(&c, in.Icon)
	}
	domains, err := in.Domains.Validate()
	c.Include("domains", err)
	in.Domains = domains
	return in, icon, c.Err()
}

func checkName(c *fault.Checks, name string) string {
	name = c.Line("name", name, maxName)
	c.Require(name != "", "name", nameMissing)
	return name
}

var iconTypes = map[string]string{
	"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "image/svg+xml": ".svg",
}

func iconFile(c *fault.Checks, b []byte) build.File {
	if len(b) > maxIcon {
		c.Add("icon", iconTooLarge, len(b), maxIcon)
		return build.File{}
	}
	kind := http.DetectContentType(b)
	if text := bytes.TrimSpace(b); bytes.HasPrefix(text, []byte("<svg")) || bytes.HasPrefix(text, []byte("<?xml")) && bytes.Contains(text, []byte("<svg")) {
		kind = "image/svg+xml"
	}
	ext, ok := iconTypes[kind]
	if !ok {
		c.Add("icon", iconKind)
		return build.File{}
	}
	return build.File{Name: contentName(b) + ext, ContentType: kind, Bytes: b}
}

// contentName is the part of a file's name that its content decides.
func contentName(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}
