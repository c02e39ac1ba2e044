package safety

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxText is how much of a text is looked at, in bytes. Callers that must not miss anything refuse longer texts.
const MaxText = 8 << 20

// MaxHits is how many hits of one text are told; the rest is counted.
const MaxHits = 500

// maxRaw bounds what is collected before it is sorted out: a text of nothing but bad words must not fill memory.
const maxRaw = 50_000

// Hit is a place in a text where a rule found a word.
type Hit struct {
	Rule     string   `json:"rule"` // id
	Category Category `json:"category"`
	Severity Severity `json:"severity"`
	Word     string   `json:"word"`    // of the rule
	Written  string   `json:"written"` // as the text has it: text[Start:End]
	Start    int      `json:"start"`   // byte in the text
	End      int      `json:"end"`     // byte behind it
	Line     int      `json:"line"`    // 1-based
	EndLine  int      `json:"endLine"`
}

// Report is what was found in a text.
type Report struct {
	Rules string // version
	Hits  []Hit  // in the order of the text
	More  int    // hits that are not told, see MaxHits
	Cut   bool   // only the first MaxText bytes were looked at
}

// Checker looks for the words of one version of rules. It is safe for concurrent use.
type Checker struct {
	rules     Rules
	byID      map[string]int
	automaton *automaton
	words     [][]word // by the automaton's word: all words, of several rules perhaps, that are compared alike
}

// word is a word of a rule, or one of its exceptions.
type word struct {
	rule     int
	written  string
	except   bool
	exactly  string  // of an exception: its light form
	marks    []shape // of each character
	roman    bool    // nothing but Latin letters and digits
	borrowed int     // how many Latin letters it has
}

// shape is what a character of a word is, and whether the word itself has something between it and the next.
type shape struct {
	kind kind
	gap  bool
}

type kind uint8

const (
	other kind = iota
	letter
	digit
)

// Compile makes a checker of rules. Errors say which rule or word cannot be looked for.
func Compile(r Rules) (*Checker, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	c := &Checker{rules: r, byID: map[string]int{}}
	index, list := map[string]int{}, [][]rune{}
	add := func(rule int, written string, except bool) error {
		folded := full().text(written, nil)
		if len(folded) == 0 || len(folded) > maxSymbol || !utf8.ValidString(written) {
			return fmt.Errorf("safety: rule %s: %.60q cannot be looked for; a word has 1 to %d letters or digits", r.Rules[rule].ID, written, maxSymbol)
		}
		runes := make([]rune, len(folded))
		w := word{rule: rule, written: written, except: except, roman: true, marks: make([]shape, len(folded))}
		for i, s := range folded {
			runes[i] = s.r
			k := kindOf(written[s.start:s.end])
			w.marks[i] = shape{kind: k, gap: i+1 < len(folded) && folded[i+1].start > s.end}
			w.roman = w.roman && k != other
			if k == letter {
				w.borrowed++
			}
		}
		if w.except {
			w.exactly = lightly(written)
		}
		at, there := index[string(runes)]
		if !there {
			at = len(list)
			index[string(runes)] = at
			list, c.words = append(list, runes), append(c.words, nil)
		}
		c.words[at] = append(c.words[at], w)
		return nil
	}
	for i, rule := range r.Rules {
		c.byID[rule.ID] = i
		for _, w := range rule.Words {
			if err := add(i, w, false); err != nil {
				return nil, err
			}
		}
		for _, w := range rule.Except {
			if err := add(i, w, true); err != nil {
				return nil, err
			}
		}
	}
	c.automaton = newAutomaton(list)
	return c, nil
}

// kindOf says what somebody wrote: a Latin letter, a digit, or something else.
func kindOf(written string) kind {
	r, _ := utf8.DecodeRuneInString(written)
	one, more := light().fold(r)
	if one == several {
		one = more[0]
	}
	switch {
	case one >= 'a' && one <= 'z':
		return letter
	case unicode.IsDigit(one):
		return digit
	}
	return other
}

func lightly(s string) string {
	var b strings.Builder
	for _, sym := range light().text(s, nil) {
		b.WriteRune(sym.r)
	}
	return b.String()
}

// Version of the rules.
func (c *Checker) Version() string { return c.rules.Version }

// Rule finds a rule by its id.
func (c *Checker) Rule(id string) (Rule, bool) {
	i, ok := c.byID[id]
	if !ok {
		return Rule{}, false
	}
	return c.rules.Rules[i], true
}

// span is a word in a text, by symbols and by bytes.
type span struct {
	rule, word int // word: index into c.words, then which
	which      int
	from, to   int // symbols, to is behind the last
}

// Check looks for the words of all rules in a text, whatever it holds. Its ranges are of the text as given, and begin and
// end between characters.
func (c *Checker) Check(text string) Report {
	report := Report{Rules: c.rules.Version}
	if len(text) > MaxText {
		end := MaxText
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		text, report.Cut = text[:end], true
	}
	symbols := full().text(text, make([]symbol, 0, len(text)/2+16))
	found, exceptions := c.find(text, symbols)
	found = c.sift(found, exceptions)
	report.More = max(0, len(found)-MaxHits)
	found = found[:len(found)-report.More]
	line, at := 1, 0
	for _, f := range found {
		w := c.words[f.word][f.which]
		rule := c.rules.Rules[w.rule]
		h := Hit{Rule: rule.ID, Category: rule.Category, Severity: rule.Severity, Word: w.written, Start: int(symbols[f.from].start), End: int(symbols[f.to-1].end)}
		h.Written = text[h.Start:h.End]
		line, at = line+strings.Count(text[at:h.Start], "\n"), h.Start
		h.Line, h.EndLine = line, line+strings.Count(h.Written, "\n")
		report.Hits = append(report.Hits, h)
	}
	return report
}

func (c *Checker) find(text string, symbols []symbol) (found, exceptions []span) {
	a := c.automaton
	at := int32(0)
	for i, sym := range symbols {
		at = a.step(at, sym.r)
		end := at
		if a.states[end].word < 0 {
			end = a.states[end].next
		}
		for ; end != 0; end = a.states[end].next {
			s := a.states[end]
			from, to := i+1-int(s.deep), i+1
			for which, w := range c.words[s.word] {
				if len(found)+len(exceptions) >= maxRaw {
					return found, exceptions
				}
				match := span{rule: w.rule, word: int(s.word), which: which, from: from, to: to}
				switch {
				case w.except:
					if lightly(text[symbols[from].start:symbols[i].end]) == w.exactly {
						exceptions = append(exceptions, match)
					}
				case w.plausible(text, symbols[from:to]):
					found = append(found, match)
				}
			}
		}
	}
	return found, exceptions
}

// sift leaves out hits that overlap an earlier or longer one of the same rule, and those that an exception of their rule
// explains.
func (c *Checker) sift(found, exceptions []span) []span {
	byPlace := func(a, b span) int {
		return cmp.Or(cmp.Compare(a.rule, b.rule), cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to))
	}
	slices.SortFunc(found, byPlace)
	slices.SortFunc(exceptions, byPlace)
	kept := found[:0]
	next := 0
	var open []span // exceptions of the rule that may still reach a hit
	for _, f := range found {
		if n := len(kept); n > 0 && kept[n-1].rule == f.rule && kept[n-1].to > f.from {
			continue
		}
		for next < len(exceptions) && (exceptions[next].rule < f.rule || exceptions[next].rule == f.rule && exceptions[next].from < f.to) {
			open = append(open, exceptions[next])
			next++
		}
		open = slices.DeleteFunc(open, func(e span) bool { return e.rule != f.rule || e.to <= f.from })
		if !slices.ContainsFunc(open, func(e span) bool { return e.from < f.to && f.from < e.to }) {
			kept = append(kept, f)
		}
	}
	slices.SortFunc(kept, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to), cmp.Compare(a.rule, b.rule))
	})
	return kept
}

// plausible says whether the symbols, which spell the word, are the word to a reader.
func (w word) plausible(text string, symbols []symbol) bool {
	letters := 0
	for i, sym := range symbols {
		wrote := kindOf(text[sym.start:sym.end])
		switch w.marks[i].kind {
		case letter:
			if wrote == letter {
				letters++
			}
		case digit:
			if wrote == letter {
				return false // 第i is not 第1
			}
		}
	}
	// 4片 is not a片, but c4s1no is casino.
	if w.borrowed > 0 && (w.borrowed <= 2 && letters < w.borrowed || letters*2 < w.borrowed) {
		return false
	}
	return w.bounded(text, symbols) && w.joined(text, symbols)
}

// bounded holds a word that begins or ends with Latin letters against what stands beside it: no letter of scunthorpe counts.
func (w word) bounded(text string, symbols []symbol) bool {
	first, last := symbols[0], symbols[len(symbols)-1]
	before, _ := utf8.DecodeLastRuneInString(text[:first.start])
	after, _ := utf8.DecodeRuneInString(text[last.end:])
	return apart(w.marks[0].kind, before) && apart(w.marks[len(w.marks)-1].kind, after)
}

func apart(edge kind, neighbour rune) bool {
	switch edge {
	case letter:
		return !latin(neighbour)
	case digit:
		return !unicode.IsDigit(neighbour)
	}
	return true
}

// joined says whether what stands between the characters leaves the word a word.
//
// Nothing visible may stand anywhere. A few signs and blanks may stand between Chinese characters, but not what ends a
// sentence or parts a list (很赌。博物馆), unless it stands between all of three or more (加，微，信). In Latin words blanks
// part words, so they may stand between all letters or none, beside where the word has some itself; c*sino is seen through.
func (w word) joined(text string, symbols []symbol) bool {
	places, filled, hard, blank := 0, 0, false, false
	for i := range len(symbols) - 1 {
		start, end := symbols[i].end, symbols[i+1].start
		own := w.marks[i].gap
		if !own {
			places++
		}
		if start >= end {
			continue
		}
		visible := 0
		for _, r := range text[start:end] {
			switch {
			case unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me, unicode.Other_Default_Ignorable_Code_Point):
				continue
			case own:
			case strings.ContainsRune("*·_.-~'’`^", r):
			case unicode.IsSpace(r) && r != '\n' && r != '\r':
				blank = true
			case r == '\n' || r == '\r' || unicode.In(r, unicode.Ps, unicode.Pe, unicode.Pi, unicode.Pf) || strings.ContainsRune("，。！？；：、,;:?!\"/\\=", r):
				hard = true
			}
			if visible++; visible > 8 {
				return false
			}
		}
		if visible > 0 && !own {
			filled++
		}
	}
	everywhere := filled == places && places >= 2
	if w.roman {
		return everywhere && places >= 3 || !hard && !blank
	}
	return everywhere || !hard
}
