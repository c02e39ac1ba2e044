package capability

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Words are a text in the platform's languages. Both must be there.
type Words struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Stage is how far a capability has come.
type Stage string

// The stages.
const (
	Live      Stage = "live"      // 可申请; the zero Stage means it too
	Announced Stage = "announced" // 即将开放: everybody sees it, nobody may apply, nobody has it
)

// Admission is how an app comes to a capability.
type Admission string

// The admissions.
const (
	Open       Admission = "open"        // 公开申请; the zero Admission means it too
	ClosedBeta Admission = "closed-beta" // 邀请内测: only apps the operator invited may apply
	Special    Admission = "special"     // 特批: the application names a special reason, and the reviewer confirms that it is one
)

// Question is a field of the form an application fills in.
type Question struct {
	Key      string // "purpose": 1 to 40 of a-z, 0-9 and -
	Words    Words  // what is asked
	Required bool
	Max      int // characters, 1 to 2000
}

// Limits are how much of a capability an app may use. Days are of China Standard Time. Zero is no limit.
type Limits struct {
	CallsPerDay     map[string]int64 // by open API scope of the capability
	ConsumersPerDay int64            // different consumers, see [Service.Use]
}

// Spec is what there is to say of a capability.
type Spec struct {
	Title   Words // what it is called
	Summary Words // one sentence: what it is good for
	Opens   Words // one sentence: what works with it that does not without

	APIs       []string // names in JavaScript without jd. and wx.: "getPhoneNumber"
	Components []string // "button.open-type=getPhoneNumber"
	Scopes     []string // of the open API: "phone-number:read"

	Form      []Question
	Admission Admission
	Verified  bool   // whether only verified organisations may apply
	Privacy   string // kind of privacy statement a version that uses it must have: "phone-number"; "" for none
	Quota     Limits // what a grant gives when the reviewer says nothing else
	Stage     Stage
}

// Capability is something an app can be granted. Its slices and maps are not to be changed.
type Capability struct {
	Name string // "phone-number"
	Spec
}

// registry holds declarations. The zero value is ready.
type registry struct {
	mu     sync.RWMutex
	byName map[string]Capability
	byUse  map[string]string // API and component → capability
	gates  map[string]string // API → capability
	scopes map[string]string // open API scope → capability
}

var all registry

// Declare adds a capability to the catalogue. It belongs into a package variable of the room that owns the capability: it
// panics when the name, an API, a component or a scope is declared already, and when the spec is broken, so that the program
// does not start.
func Declare(name string, s Spec) Capability { return all.declare(name, s) }

// Declared are all capabilities there are, by name.
func Declared() []Capability { return all.list() }

// Find is a capability by its name.
func Find(name string) (Capability, bool) { return all.find(name) }

func (r *registry) declare(name string, s Spec) Capability {
	if s.Stage == "" {
		s.Stage = Live
	}
	if s.Admission == "" {
		s.Admission = Open
	}
	s.APIs, s.Components, s.Scopes, s.Form = slices.Clone(s.APIs), slices.Clone(s.Components), slices.Clone(s.Scopes), slices.Clone(s.Form)
	s.Quota.CallsPerDay = maps.Clone(s.Quota.CallsPerDay)
	if wrong := s.broken(name); wrong != "" {
		panic(fmt.Sprintf("capability: the declaration of %q is broken: %s", name, wrong))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byName == nil {
		r.byName, r.byUse, r.gates, r.scopes = map[string]Capability{}, map[string]string{}, map[string]string{}, map[string]string{}
	}
	if _, twice := r.byName[name]; twice {
		panic(fmt.Sprintf("capability: %q is declared twice", name))
	}
	for _, use := range slices.Concat(s.APIs, s.Components) {
		if other, taken := r.byUse[use]; taken {
			panic(fmt.Sprintf("capability: %s belongs to %q and to %q", use, other, name))
		}
		r.byUse[use] = name
	}
	for _, api := range s.APIs {
		r.gates[api] = name
	}
	for _, scope := range s.Scopes {
		if other, taken := r.scopes[scope]; taken {
			panic(fmt.Sprintf("capability: the scope %s belongs to %q and to %q", scope, other, name))
		}
		r.scopes[scope] = name
	}
	c := Capability{Name: name, Spec: s}
	r.byName[name] = c
	return c
}

func (r *registry) list() []Capability {
	r.mu.RLock()
	defer r.mu.RUnlock()
	out := slices.Collect(maps.Values(r.byName))
	slices.SortFunc(out, func(a, b Capability) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func (r *registry) find(name string) (Capability, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	c, ok := r.byName[name]
	return c, ok
}

// needed is the capability that an API or a component belongs to.
func (r *registry) needed(use string) (string, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	name, ok := r.byUse[use]
	return name, ok
}

func (r *registry) allGates() map[string]string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.gates == nil {
		return map[string]string{}
	}
	return maps.Clone(r.gates)
}

func (r *registry) ofScope(scope string) (Capability, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	c, ok := r.byName[r.scopes[scope]]
	return c, ok
}

var (
	namePattern      = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	apiPattern       = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9]*(\.[a-zA-Z][a-zA-Z0-9]*)*$`)
	componentPattern = regexp.MustCompile(`^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*=[a-zA-Z][a-zA-Z0-9]*)?$`)
	scopePattern     = regexp.MustCompile(`^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$`)
)

// Limits of a declaration and of what reviewers may set.
const (
	maxName     = 40
	maxAnswer   = 2000
	maxQuestion = 20
	maxLimit    = 1_000_000_000
)

// broken says what is wrong with a spec, "" for nothing.
func (s Spec) broken(name string) string {
	switch {
	case !namePattern.MatchString(name) || len(name) > maxName:
		return fmt.Sprintf("a name is of a-z, 0-9 and single hyphens, %d characters at most", maxName)
	case s.Stage != Live && s.Stage != Announced:
		return fmt.Sprintf("there is no stage %q", s.Stage)
	case s.Admission != Open && s.Admission != ClosedBeta && s.Admission != Special:
		return fmt.Sprintf("there is no admission %q", s.Admission)
	case s.Privacy != "" && !namePattern.MatchString(s.Privacy):
		return fmt.Sprintf("%q is no kind of privacy statement", s.Privacy)
	case s.Stage == Live && len(s.APIs)+len(s.Components)+len(s.Scopes) == 0:
		return "it opens nothing: no API, no component, no scope"
	case s.Quota.ConsumersPerDay < 0 || s.Quota.ConsumersPerDay > maxLimit:
		return "the quota of consumers is out of range"
	case len(s.Form) > maxQuestion:
		return fmt.Sprintf("the form has more than %d questions", maxQuestion)
	}
	for _, w := range []Words{s.Title, s.Summary, s.Opens} {
		if wrong := w.broken(); wrong != "" {
			return wrong
		}
	}
	for _, check := range []struct {
		what    string
		names   []string
		pattern *regexp.Regexp
	}{{"API", s.APIs, apiPattern}, {"component", s.Components, componentPattern}, {"scope", s.Scopes, scopePattern}} {
		for i, n := range check.names {
			if !check.pattern.MatchString(n) || strings.HasPrefix(n, "jd.") || strings.HasPrefix(n, "wx.") {
				return fmt.Sprintf("%q is no name of a %s", n, check.what)
			}
			if slices.Contains(check.names[:i], n) {
				return fmt.Sprintf("the %s %s is named twice", check.what, n)
			}
		}
	}
	keys := map[string]bool{SpecialReason: true}
	for _, q := range s.Form {
		if !namePattern.MatchString(q.Key) || len(q.Key) > maxName || keys[q.Key] {
			return fmt.Sprintf("the key %q of a question is malformed or taken", q.Key)
		}
		keys[q.Key] = true
		if wrong := q.Words.broken(); wrong != "" {
			return "question " + q.Key + ": " + wrong
		}
		if q.Max < 1 || q.Max > maxAnswer {
			return fmt.Sprintf("the answer to %s may have %d characters; take 1 to %d", q.Key, q.Max, maxAnswer)
		}
	}
	for scope, calls := range s.Quota.CallsPerDay {
		if !slices.Contains(s.Scopes, scope) || calls < 1 || calls > maxLimit {
			return fmt.Sprintf("the quota of %s is for no scope of it, or out of range", scope)
		}
	}
	return ""
}

func (w Words) broken() string {
	for _, text := range []string{w.Zh, w.En} {
		if n := utf8.RuneCountInString(text); n == 0 || n > 500 || !utf8.ValidString(text) {
			return "there must be words in Chinese and in English, 500 characters at most"
		}
	}
	return ""
}
