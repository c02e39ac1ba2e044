package account

import (
	"strings"
	"testing"
	"unicode/utf8"

	"minimart/platform/fault"
)

func FuzzStoredPassword(f *testing.F) {
	f.Add(phc(DefaultPasswordCost, make([]byte, saltLen), make([]byte, sealLen)))
	f.Add("$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AA")
	f.Add("$argon2id$v=19$m=1,t=0,p=0$$")
	f.Add("$2b$12$abc")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		c, salt, key, err := parsePHC(s)
		if err != nil {
			return
		}
		if c.Memory > 1<<20 || c.Passes < 1 || c.Threads < 1 || len(key) != sealLen {
			t.Errorf("%q: %+v", s, c)
		}
		again, _, _, err := parsePHC(phc(c, salt, key))
		if err != nil || again != c {
			t.Errorf("%q: %+v, then %+v, %v", s, c, again, err)
		}
	})
}

func FuzzPassword(f *testing.F) {
	for _, s := range []string{"拾光家居", "<script>", "a\u202eb", "\u3164", "é", "a\x00", "\xff", "👨‍👩‍👧", " x "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var p fault.Checks
		checkPassword(&p, s, "")
		if !p.Failed() && (utf8.RuneCountInString(tidyPassword(s)) < minPassword || !utf8.ValidString(s)) {
			t.Errorf("%q is a password", s)
		}
	})
}

func TestEveryCommonPasswordIsRefused(t *testing.T) {
	if len(common()) < 100 {
		t.Fatalf("%d common passwords", len(common()))
	}
	for p := range common() {
		if len(p) < minPassword || p != strings.ToLower(p) {
			t.Errorf("%q in the list does nothing", p)
		}
		var c fault.Checks
		if checkPassword(&c, strings.ToUpper(p), ""); !c.Failed() {
			t.Errorf("%q was taken", p)
		}
	}
}

func TestPermissionsAreGrantedToRolesThatExist(t *testing.T) {
	for p, roles := range granted {
		for _, r := range roles {
			known := false
			for _, k := range Roles {
				known = known || k == r
			}
			if !known {
				t.Errorf("%s is granted to %q", p, r)
			}
		}
	}
	for p := range platform {
		if granted[p] == nil {
			t.Errorf("nobody has %s", p)
		}
	}
}
