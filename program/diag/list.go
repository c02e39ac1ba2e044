package diag

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Cap is how many errors, and how many warnings, a List keeps. What comes
// after is counted, not kept, so that a hostile package cannot fill memory or a
// terminal with findings.
const Cap = 200

// List collects diagnostics. The zero value is an empty list ready for use.
// A finding that is already in the list is not added again. A List is not safe
// for concurrent use: give each goroutine its own and Append them.
type List struct {
	kept [2][]Diagnostic // by Severity, in order of arrival
	more [2]int          // by Severity: arrived after the cap
	seen map[Diagnostic]struct{}
}

// Add puts one finding into the list.
func (l *List) Add(d Diagnostic) {
	if d.Severity > SeverityWarning {
		d.Severity = SeverityError
	}
	if _, dup := l.seen[d]; dup {
		return
	}
	if len(l.kept[d.Severity]) >= Cap {
		l.more[d.Severity]++
		return
	}
	if l.seen == nil {
		l.seen = make(map[Diagnostic]struct{})
	}
	l.seen[d] = struct{}{}
	l.kept[d.Severity] = append(l.kept[d.Severity], d)
}

// Errorf adds an error without a hint. Use Add where a hint can be given.
func (l *List) Errorf(file string, line, column int, format string, args ...any) {
	l.Add(Diagnostic{File: file, Line: line, Column: column, Message: fmt.Sprintf(format, args...)})
}

// Warnf adds a warning without a hint. Use Add where a hint can be given.
func (l *List) Warnf(file string, line, column int, format string, args ...any) {
	l.Add(Diagnostic{File: file, Line: line, Column: column, Message: fmt.Sprintf(format, args...), Severity: SeverityWarning})
}

// Append adds everything in other, including its count of what was not kept.
func (l *List) Append(other List) {
	for s := range other.kept {
		for _, d := range other.kept[s] {
			l.Add(d)
		}
		l.more[s] += other.more[s]
	}
}

// Errors returns the errors sorted by file, line and column; if more than Cap
// arrived, the last one says how many are not shown.
func (l List) Errors() []Diagnostic { return l.sorted(SeverityError) }

// Warnings returns the warnings, like Errors.
func (l List) Warnings() []Diagnostic { return l.sorted(SeverityWarning) }

// All returns the errors, then the warnings.
func (l List) All() []Diagnostic { return append(l.Errors(), l.Warnings()...) }

// HasErrors reports whether there is at least one error.
func (l List) HasErrors() bool { return len(l.kept[SeverityError]) > 0 }

// Full reports whether further errors are only counted. What is costly to say,
// such as a guess at what was meant, need not be worked out then.
func (l *List) Full() bool { return len(l.kept[SeverityError]) >= Cap }

// Len is the number of findings that arrived, duplicates not counted.
func (l List) Len() int {
	return len(l.kept[0]) + len(l.kept[1]) + l.more[0] + l.more[1]
}

// Err returns nil when there is no error, otherwise one error whose text has a
// line for each error in the list. errors.As finds a Diagnostic in it.
func (l List) Err() error {
	var all []error
	for _, d := range l.Errors() {
		all = append(all, d)
	}
	return errors.Join(all...)
}

// String renders the whole list, one finding a line.
func (l List) String() string {
	var b strings.Builder
	for _, d := range l.All() {
		if d.Severity == SeverityWarning {
			b.WriteString("warning: ")
		}
		b.WriteString(d.Error())
		b.WriteByte('\n')
	}
	return b.String()
}

// MarshalJSON renders {"errors":[…],"warnings":[…]}; the arrays are never null.
func (l List) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Errors   []Diagnostic `json:"errors"`
		Warnings []Diagnostic `json:"warnings"`
	}{l.Errors(), l.Warnings()})
}

func (l List) sorted(s Severity) []Diagnostic {
	out := make([]Diagnostic, 0, len(l.kept[s])+1)
	out = append(out, l.kept[s]...)
	slices.SortStableFunc(out, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
		)
	})
	if n := l.more[s]; n > 0 {
		out = append(out, Diagnostic{Severity: s, Message: fmt.Sprintf("… and %d more %ss", n, s)})
	}
	return out
}
