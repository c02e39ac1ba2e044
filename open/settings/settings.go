package settings

import (
	"net/url"

	"minimart/platform/fault"
)

// Settings is what the operator decides about the platform.
type Settings struct {
	Name       string // in Chinese, 1 to 30 characters
	NameEn     string // in English, 1 to 30 characters
	Support    string // whom to ask: an address, a number, a sentence; at most 200 characters, "" for nobody
	TermsURL   string // what one agrees to by making an account; https, "" for nothing
	PrivacyURL string // what the platform does with what it learns; https, "" for nothing
	SelfSignUp bool   // whether strangers may make accounts for the consoles; who is invited always may
	Revision   int64  // a change names the one it was made from
	ChangedAt  int64  // unix ms, 0 for never
}

// initial is what holds until the operator says otherwise.
var initial = Settings{Name: "小集", NameEn: "Minimart", SelfSignUp: true}

const maxName, maxSupport, maxURL = 30, 200, 500

// check answers s as it is kept.
func (s Settings) check() (Settings, error) {
	var c fault.Checks
	s.Name, s.NameEn = c.Line("name", s.Name, maxName), c.Line("nameEn", s.NameEn, maxName)
	c.Require(s.Name != "", "name", nameMissing)
	c.Require(s.NameEn != "", "nameEn", nameMissing)
	s.Support = c.Line("support", s.Support, maxSupport)
	checkURL(&c, "termsUrl", s.TermsURL)
	checkURL(&c, "privacyUrl", s.PrivacyURL)
	return s, c.Err()
}

func checkURL(c *fault.Checks, field, s string) {
	if s == "" {
		return
	}
	u, err := url.Parse(s)
	c.Require(err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && len(s) <= maxURL, field, badURL)
}
