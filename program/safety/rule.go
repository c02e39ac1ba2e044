package safety

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"sync"
)

// Category is what kind of harm a rule is about.
type Category string

// The categories of the rules that come with the platform. Rules of others may have further ones.
const (
	Advertising Category = "advertising" // claims the Advertising Law forbids
	Medical     Category = "medical"     // claims to heal
	Gambling    Category = "gambling"
	Drugs       Category = "drugs"
	Weapons     Category = "weapons"
	Fraud       Category = "fraud"
	Adult       Category = "adult"
	Contact     Category = "contact" // leading consumers away from the platform
)

// Severity is how much a hit matters to the person who looks at it.
type Severity string

// High is for what must not be shown, Medium for what may be shown where it is true, Low for what is worth a look.
const (
	High   Severity = "high"
	Medium Severity = "medium"
	Low    Severity = "low"
)

// Rule is words that belong together, and why they are looked for.
type Rule struct {
	ID       string   `json:"id"`
	Category Category `json:"category"`
	Severity Severity `json:"severity"`
	Zh       string   `json:"zh"` // why, in Chinese
	En       string   `json:"en"` // why, in English
	Words    []string `json:"words"`
	// Except are phrases in which a word means something else: 第一步 for 第一. A hit that shares a character with such a phrase
	// does not count. Phrases count as they are written, so that they are no way around the rule.
	Except []string `json:"except,omitempty"`
}

// Rules are a version of all rules. Decisions are stored with the version they were made on.
type Rules struct {
	Version string `json:"version"`
	Rules   []Rule `json:"rules"`
}

//go:embed rules.json
var embedded []byte

// ruleID is how rules, categories and versions are named.
var ruleID = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,39}$`)

// Limits on rules, so that those of an operator cannot stop a review.
const (
	maxRules  = 1000
	maxWords  = 50_000
	maxSymbol = 64 // characters of a word as it is compared
)

// Parse reads rules from JSON, as rules.json has them. Errors say which rule is wrong and how.
func Parse(data []byte) (Rules, error) {
	var r Rules
	if err := json.Unmarshal(data, &r); err != nil {
		return Rules{}, fmt.Errorf("safety: the rules are no valid JSON: %w", err)
	}
	return r, r.check()
}

func (r Rules) check() error {
	if !ruleID.MatchString(r.Version) {
		return fmt.Errorf("safety: %.40q is no version of rules, write it like 2026.1", r.Version)
	}
	if len(r.Rules) > maxRules {
		return fmt.Errorf("safety: there are %d rules, at most %d fit", len(r.Rules), maxRules)
	}
	seen, words := map[string]bool{}, 0
	for _, rule := range r.Rules {
		switch {
		case !ruleID.MatchString(rule.ID):
			return fmt.Errorf("safety: %.40q is no id of a rule, write it like ad-absolute", rule.ID)
		case seen[rule.ID]:
			return fmt.Errorf("safety: rule %s is there twice", rule.ID)
		case !ruleID.MatchString(string(rule.Category)):
			return fmt.Errorf("safety: rule %s: %.40q is no category", rule.ID, rule.Category)
		case rule.Severity != High && rule.Severity != Medium && rule.Severity != Low:
			return fmt.Errorf("safety: rule %s: %.40q is no severity, it is high, medium or low", rule.ID, rule.Severity)
		case rule.Zh == "" || rule.En == "":
			return fmt.Errorf("safety: rule %s does not say why in both languages", rule.ID)
		case len(rule.Words) == 0:
			return fmt.Errorf("safety: rule %s has no words", rule.ID)
		}
		seen[rule.ID] = true
		words += len(rule.Words) + len(rule.Except)
	}
	if words > maxWords {
		return fmt.Errorf("safety: there are %d words, at most %d fit", words, maxWords)
	}
	return nil
}

// DefaultRules are the rules that come with the platform. They are about words that are wrong in any shop; what is wrong in
// this place and time alone, names of persons and events among it, an operator adds.
func DefaultRules() Rules {
	r, err := Parse(embedded)
	if err != nil {
		panic(err) // embedded, and a test reads it
	}
	return r
}

// Default checks by [DefaultRules]. It is made once and shared.
var Default = sync.OnceValue(func() *Checker {
	c, err := Compile(DefaultRules())
	if err != nil {
		panic(err) // embedded, and a test compiles it
	}
	return c
})
