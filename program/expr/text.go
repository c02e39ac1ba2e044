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
	from := 0
	for {
		open := strings.Index(src[from:], "{{")
		if open < 0 {
			literal(from, len(src))
			return t, problems
		}
		open += from
		literal(from, open)
		end := MustacheEnd(src, open+2)
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

// MustacheEnd returns the offset behind the }} that closes an expression whose inside starts at from, or -1. Braces
// inside the expression nest and strings are skipped; a quote that is never closed on its line is no string.
func MustacheEnd(src string, from int) int {
	depth := 0
	for i := from; i < len(src); i++ {
		switch c := src[i]; c {
		case '"', '\'':
			end := stringEnd(src, i)
			if end < 0 {
				return plainEnd(src, from)
			}
			i = end - 1
		case '{':
			depth++
		case '}':
			if depth > 0 {
				depth--
			} else if i+1 < len(src) && src[i+1] == '}' {
				return i + 2
			}
		}
	}
	return plainEnd(src, from)
}

func plainEnd(src string, from int) int {
	if end := strings.Index(src[from:], "}}"); end >= 0 {
		return from + end + 2
	}
	return -1
}

func stringEnd(src string, start int) int {
	for i := start + 1; i < len(src); i++ {
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
