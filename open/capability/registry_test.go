package capability

import (
	"strings"
	"testing"
	"unicode/utf8"

	"minimart/platform/fault"
)

var both = Words{Zh: "词", En: "word"}

func good() Spec {
	return Spec{
		Title: both, Summary: both, Opens: both, APIs: []string{"getIt"}, Components: []string{"button.open-type=getIt"}, Scopes: []string{"it:read"},
		Form: []Question{{Key: "purpose", Words: both, Max: 10}}, Quota: Limits{CallsPerDay: map[string]int64{"it:read": 1}},
	}
}

func panics(do func()) (said string) {
	defer func() {
		if r := recover(); r != nil {
			said, _ = r.(string)
		}
	}()
	do()
	return ""
}

func TestABrokenDeclarationStopsTheProgram(t *testing.T) {
	for _, tt := range []struct {
		says  string
		name  string
		spoil func(*Spec)
	}{
		{"a name is of", "", nil},
		{"a name is of", "Phone", nil},
		{"a name is of", "a--b", nil},
		{"a name is of", strings.Repeat("a", 41), nil},
		{"no stage", "x", func(s *Spec) { s.Stage = "soon" }},
		{"no admission", "x", func(s *Spec) { s.Admission = "friends" }},
		{"no kind of privacy", "x", func(s *Spec) { s.Privacy = "Phone number" }},
		{"opens nothing", "x", func(s *Spec) { s.APIs, s.Components, s.Scopes, s.Quota = nil, nil, nil, Limits{} }},
		{"in Chinese and in English", "x", func(s *Spec) { s.Title.Zh = "" }},
		{"in Chinese and in English", "x", func(s *Spec) { s.Opens.En = "\xff" }},
		{"no name of a API", "x", func(s *Spec) { s.APIs = []string{"jd.getIt"} }},
		{"no name of a API", "x", func(s *Spec) { s.APIs = []string{"get it"} }},
		{"named twice", "x", func(s *Spec) { s.APIs = []string{"getIt", "getIt"} }},
		{"no name of a component", "x", func(s *Spec) { s.Components = []string{"<button>"} }},
		{"no name of a scope", "x", func(s *Spec) { s.Scopes = append(s.Scopes, "it") }},
		{"more than 20 questions", "x", func(s *Spec) { s.Form = make([]Question, 21) }},
		{"malformed or taken", "x", func(s *Spec) { s.Form[0].Key = SpecialReason }},
		{"malformed or taken", "x", func(s *Spec) { s.Form = append(s.Form, s.Form[0]) }},
		{"question purpose", "x", func(s *Spec) { s.Form[0].Words = Words{} }},
		{"may have 0 characters", "x", func(s *Spec) { s.Form[0].Max = 0 }},
		{"quota of orders:read", "x", func(s *Spec) { s.Quota.CallsPerDay = map[string]int64{"orders:read": 1} }},
		{"out of range", "x", func(s *Spec) { s.Quota.CallsPerDay = map[string]int64{"it:read": -1} }},
		{"out of range", "x", func(s *Spec) { s.Quota.ConsumersPerDay = -1 }},
	} {
		var r registry
		s := good()
		if tt.spoil != nil {
			tt.spoil(&s)
		}
		if said := panics(func() { r.declare(tt.name, s) }); !strings.Contains(said, tt.says) {
			t.Errorf("%q: %q, want %q", tt.name, said, tt.says)
		}
	}
}

func TestNothingIsDeclaredTwice(t *testing.T) {
	var r registry
	first := good()
	r.declare("it", first)
	first.APIs[0] = "changed" // the caller's slice is not the catalogue's
	if name, ok := r.needed("getIt"); !ok || name != "it" {
		t.Errorf("%q %v", name, ok)
	}
	for says, s := range map[string]Spec{
		"getIt belongs":       {Title: both, Summary: both, Opens: both, APIs: []string{"getIt"}},
		"open-type=getIt":     {Title: both, Summary: both, Opens: both, Components: []string{"button.open-type=getIt"}},
		"the scope it:read b": {Title: both, Summary: both, Opens: both, Scopes: []string{"it:read"}},
	} {
		if said := panics(func() { r.declare("other", s) }); !strings.Contains(said, says) {
			t.Errorf("%q, want %q", said, says)
		}
		if _, there := r.find("other"); there {
			t.Error("it is in the catalogue all the same")
		}
	}
	if said := panics(func() { r.declare("it", good()) }); !strings.Contains(said, "declared twice") {
		t.Errorf("%q", said)
	}
	r.declare("a-first", Spec{Title: both, Summary: both, Opens: both, APIs: []string{"first"}})
	if list := r.list(); len(list) != 2 || list[0].Name != "a-first" || list[1].Name != "it" {
		t.Errorf("%+v", list)
	}
	if c, ok := r.ofScope("it:read"); !ok || c.Name != "it" {
		t.Errorf("%+v", c)
	}
	if _, ok := new(registry).ofScope("it:read"); ok {
		t.Error("an empty registry knows a scope")
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add("purpose", "deliveries", "special-reason", "x")
	f.Add("", "\x00", "purpose", "a\u202eb")
	f.Add("purpose", "\xff\xfe", "\n", strings.Repeat("长", 3000))
	c := Capability{Name: "it", Spec: good()}
	c.Admission = Special
	f.Fuzz(func(t *testing.T, k1, v1, k2, v2 string) {
		out, err := checkAnswers(c, map[string]string{k1: v1, k2: v2})
		if err != nil {
			if !fault.Is(err, fault.CodeInvalid) {
				t.Errorf("%v", err)
			}
			return
		}
		for key, text := range out {
			if key != "purpose" && key != SpecialReason || !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxSpecialReason || strings.ContainsAny(text, "\x00\x1b\r\u202e") {
				t.Errorf("%q: %q", key, text)
			}
		}
		if again, err := checkAnswers(c, out); err != nil || len(again) != len(out) {
			t.Errorf("%v, then %v %v", out, again, err)
		}
	})
}
