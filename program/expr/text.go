package expr

import "strings"

// Options of ParseText.
type Options struct {
	// Base is the offset of src in its file.
	Base int
	// Object reads a lone {{ }} as the inside of an object literal: the data of a template call.
	Object bool
}

// ParseText parses the value of an attribute or a text node: literal text with {{ }} in it. It always returns a Text;
// an expression with a problem is left out of it.
func ParseText(src string, o Options) (*Text, []Problem) {
	t := &Text{Span: Span{o.Base, o.Base + len(src)}}
	var problems []Problem
	literal := func(from, to int) {
		if from < to {
			t.Parts = append(t.Parts, Part{Span: Span{o.Base + from, o.Base + to}, Text: src[from:to]})
		}
	}
	from, ends := 0, NewEnds(src)
	for {
		open := strings.Index(src[from:], "{{")
		if open < 0 {
			literal(from, len(src))
			return t, problems
		}
		open += from
		literal(from, open)
		end := ends.After(open + 2)
		p := &parser{src: src, base: o.Base, at: open + 2, braces: true}
		p.tok.end = open + 2
		e, problem := p.run(func() Expr {
			if p.atClose() && !o.Object {
				return nil
			}
			var e Expr
			if o.Object || p.startsFields() {
				e = p.fields("")
			} else {
				e = p.expression()
			}
			p.mustEnd()
			end = p.tok.start + 2
			return e
		})
		switch {
		case problem != nil:
			if end < 0 {
				// Whatever the parser stumbled over, the missing end is the cause.
				problem = &Problem{Offset: o.Base + open, Message: "'{{' is not closed", Hint: "write }} behind the expression"}
			}
			problems = append(problems, *problem)
			// What was read as one expression is not read again.
			if at := problem.Offset - o.Base; end >= 0 && at > end {
				end = at
			}
		case e == nil:
			problems = append(problems, Problem{Offset: o.Base + open, Message: "nothing stands between {{ and }}", Warning: true})
			e = &Literal{Span{o.Base + open, o.Base + end}, Undefined{}}
		}
		if e != nil {
			t.Parts = append(t.Parts, Part{Span: Span{o.Base + open, o.Base + end}, Expr: e})
		}
		if end < 0 {
			return t, problems
		}
		from = end
	}
}

// startsFields reports whether {{ }} holds the inside of an object literal, as in style="{{color: c}}".
func (p *parser) startsFields() bool {
	if p.is("...") {
		return true
	}
	if p.tok.kind != tokName && p.tok.kind != tokString {
		return false
	}
	ahead := *p
	ahead.advance()
	return ahead.is(":")
}

// Ends finds where expressions end in one source. All its work together is linear in the length of the source,
// whatever stands in it.
type Ends struct {
	src string
	// budget is how many bytes may still be looked at for strings and nested braces
	budget int
	// none: behind this offset there is no }}
	none int
}

// NewEnds returns an Ends for src.
func NewEnds(src string) *Ends {
	return &Ends{src: src, budget: 8*len(src) + 1<<16, none: len(src)}
}

// After returns the offset behind the }} that closes an expression whose inside starts at from, or -1. Braces inside
// the expression nest and strings are skipped; a quote that is never closed on its line is no string.
func (e *Ends) After(from int) int {
	if from >= e.none {
		return -1
	}
	plain := strings.Index(e.src[from:], "}}")
	if plain < 0 {
		e.none = from
		return -1
	}
	plain += from + 2
	depth, i := 0, from
scan:
	for ; i < len(e.src) && i-from < e.budget; i++ {
		switch c := e.src[i]; c {
		case '"', '\'':
			end := stringEnd(e.src, i, min(len(e.src), from+e.budget))
			if end < 0 {
				break scan
			}
			i = end - 1
		case '{':
			depth++
		case '}':
			if depth > 0 {
				depth--
			} else if i+1 < len(e.src) && e.src[i+1] == '}' {
				e.budget -= (i - from) / 8 // the reader goes on behind it: these bytes are not looked at again
				return i + 2
			}
		}
	}
	e.budget -= i - from
	return plain
}

func stringEnd(src string, start, limit int) int {
	for i := start + 1; i < limit; i++ {
		switch src[i] {
		case src[start]:
			return i + 1
		case '\\':
			i++
		case '\n':
			return -1
		}
	}
	return -1
}
