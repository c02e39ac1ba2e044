package template

import (
	"sort"

	"minimart/program/diag"
)

// source is one template file and the place findings about it go.
type source struct {
	path  string
	text  string
	lines *diag.Lines
	diags *diag.List
}

func (s *source) position(offset int) (line, column int) { return s.lines.At(offset) }

func (s *source) add(offset int, severity diag.Severity, message, hint string) {
	line, column := s.lines.At(offset)
	s.diags.Add(diag.Diagnostic{File: s.path, Line: line, Column: column, Message: message, Hint: hint, Severity: severity})
}

func (s *source) fault(offset int, message, hint string) {
	s.add(offset, diag.SeverityError, message, hint)
}
func (s *source) warn(offset int, message, hint string) {
	s.add(offset, diag.SeverityWarning, message, hint)
}

// node is an element, or a text when tag is "".
type node struct {
	tag   string
	at    int // offset of '<', or of the text
	attrs []attr
	kids  []*node
	text  decoded // of a text, or the code inside <jds>
	src   *source
}

func (n *node) attr(name string) *attr {
	for i := range n.attrs {
		if n.attrs[i].name == name {
			return &n.attrs[i]
		}
	}
	return nil
}

// attr is one attribute as written. Without a value, bare is true.
type attr struct {
	name  string
	at    int
	bare  bool
	value decoded
}

// decoded is source text with its entities replaced, and the way back to the offsets in the file.
type decoded struct {
	text string
	base int
	cuts []cut
}

// cut: from the decoded offset at on, the file is shift bytes further along.
type cut struct{ at, shift int }

// offset is the place in the file of the decoded byte at i.
func (d *decoded) offset(i int) int {
	k := sort.Search(len(d.cuts), func(k int) bool { return d.cuts[k].at > i })
	if k == 0 {
		return d.base + i
	}
	return d.base + i + d.cuts[k-1].shift
}
