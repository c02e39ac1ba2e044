package fault_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"minimart/platform/fault"
)

func TestATextIsKeptInOneSpelling(t *testing.T) {
	var c fault.Checks
	for _, tt := range [][2]string{{" 拾光家居\u3000", "拾光家居"}, {"cafe\u0301", "caf\u00e9"}, {"", ""}, {"❤️", "❤️"}, {"<b>&", "<b>&"}} {
		if got := c.Line("name", tt[0], 10); got != tt[1] {
			t.Errorf("%q is kept as %q, want %q", tt[0], got, tt[1])
		}
	}
	if got := c.Text("notes", " one\r\n\ttwo\n", 10); got != "one\n\ttwo" {
		t.Errorf("%q", got)
	}
	if err := c.Err(); err != nil {
		t.Error(err)
	}
}

func TestATextMayNotHideAnything(t *testing.T) {
	for in, says := range map[string]string{
		"\xff":                  "not valid UTF-8",
		strings.Repeat("货", 11): "11 characters, at most 10",
		"a\x00":                 "U+0000", "a\x1b[2J": "U+001B", "a\u202eb": "U+202E", "a\u2066b": "U+2066", "a\u200bb": "U+200B", "a\u2028b": "U+2028",
		"\ufeffa": "U+FEFF", "\u3164": "U+3164", "\ue000": "U+E000", "a\U000e0041": "U+E0041", "a\nb": "U+000A", "a\tb": "U+0009", "👨\u200d👩": "U+200D",
	} {
		var c fault.Checks
		c.Line("name", in, 10)
		if f := fault.Of(c.Err()); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "name" || !strings.Contains(f.Message, says) || f.In(fault.Zh) == f.Message {
			t.Errorf("%q: %v", in, f)
		}
	}
	var c fault.Checks
	if c.Text("notes", "a\u2029b", 10); !c.Failed() {
		t.Error("a paragraph separator is no line end of ours")
	}
}

func TestWhatComesFromOutsideFitsIntoOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "": "", "two\r\nlines": "two  lines", "bad \xff byte": "bad   byte", "\x00\x1b[31m": "[31m", "a\u202eb": "a b",
		strings.Repeat("长", 900): strings.Repeat("长", 666) + "…",
	} {
		if got := fault.OneLine(in, 2000); got != want {
			t.Errorf("%.20q became %.80q, want %.80q", in, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"拾光家居", "<script>", "a\u202eb", "\u3164", "é", "a\x00", "\xff", "👨‍👩‍👧", " x ", "a\r\nb", "\r", "\u0344", "\ufb1d"} {
		f.Add(s, 60)
	}
	f.Fuzz(func(t *testing.T, s string, most int) {
		for name, check := range map[string]func(*fault.Checks, string) string{
			"line": func(c *fault.Checks, s string) string { return c.Line("x", s, 60) },
			"text": func(c *fault.Checks, s string) string { return c.Text("x", s, 60) },
		} {
			var c, again fault.Checks
			kept := check(&c, s)
			if c.Failed() {
				continue
			}
			if check(&again, kept) != kept || again.Failed() {
				t.Errorf("%s %q is kept as %q, and then %v", name, s, kept, again.Err())
			}
			if !utf8.ValidString(kept) || utf8.RuneCountInString(kept) > 60 || strings.ContainsAny(kept, "\r\x00\x1b\u202e\u200b") || name == "line" && strings.ContainsAny(kept, "\n\t") {
				t.Errorf("%s %q was taken", name, kept)
			}
		}
		most = max(0, min(most, 1000))
		if got := fault.OneLine(s, most); strings.ContainsAny(got, "\r\n\t\x00\x1b\u202e") || !utf8.ValidString(got) || len(got) > 3*most+len("…") {
			t.Errorf("one line of %q is %q", s, got)
		}
		if got := fault.Cut(s, most); !utf8.ValidString(got) || utf8.ValidString(s) && !strings.HasPrefix(s, strings.TrimSuffix(got, "…")) {
			t.Errorf("%q cut to %d is %q", s, most, got)
		}
	})
}
