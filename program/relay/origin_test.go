package relay

import (
	"net/url"
	"testing"
)

func TestAnOriginOfAURLHasOneSpelling(t *testing.T) {
	for text, want := range map[string]string{
		"https://shop.example":            "https://shop.example",
		"HTTPS://Shop.Example.:443/a?b#c": "https://shop.example",
		"https://shop.example:08443/":     "https://shop.example:8443",
		"http://shop.example:80":          "http://shop.example",
		"http://shop.example:443":         "http://shop.example:443",
		"https://[::1]:443":               "https://[::1]",
		"https://[::1]:8443":              "https://[::1]:8443",
	} {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := originOf(u); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
