package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

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
	in.Summary = checkSummary(&c, in.Summary)
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
	name = strings.TrimSpace(name)
	if c.Require(name != "", "name", nameMissing) {
		checkText(c, "name", name, maxName, false)
	}
	return name
}

func checkSummary(c *fault.Checks, summary string) string {
	summary = strings.TrimSpace(summary)
	checkText(c, "summary", summary, maxSummary, false)
	return summary
}

// checkText notes what is wrong with a text that people wrote and others will read.
func checkText(c *fault.Checks, field, s string, most int, lines bool) {
	if !utf8.ValidString(s) {
		c.Add(field, notText)
		return
	}
	if n := utf8.RuneCountInString(s); n > most {
		c.Add(field, textTooLong, n, most)
	}
	for _, r := range s {
		// Overrides of the writing direction make a name look like another one.
		override := r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
		layout := lines && (r == '\n' || r == '\t')
		if override || unicode.IsControl(r) && !layout {
			c.Add(field, controlCharacter, r)
			return
		}
	}
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

// fold is a name as it is searched: width and case do not matter. It is done here because the engines' LOWER differ.
func fold(s string) string { return strings.ToLower(norm.NFKC.String(s)) }

// likePattern finds rows that contain s.
func likePattern(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(fold(s)) + "%"
}
