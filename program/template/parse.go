package template

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"minimart/program/diag"
	"minimart/program/expr"
)

// Limits of one template file.
const (
	// MaxFileBytes is the size of the largest template file that is read.
	MaxFileBytes = 2 << 20
	// MaxNodes counts elements and texts of a file, those of included files among them.
	MaxNodes = 100_000
	// MaxDepth of nested elements: browsers flatten what is nested deeper than 512, our own page around it included.
	MaxDepth = 500
)

// lone are the tags that are often left open, as in HTML: closing an element around them closes them.
var lone = map[string]bool{
	"input": true, "image": true, "icon": true, "progress": true, "slider": true, "switch": true,
	"import": true, "include": true,
}

type parser struct {
	src   *source
	text  string
	at    int
	open  []*node // the elements around the current place; the first is the root
	nodes int
	full  bool // a limit was met: the rest of the file is skipped
	ends  *expr.Ends
	// pre counts the <text> elements around the current place, in which white space counts
	pre int
}

// parse reads a file into a tree. It reports everything that is wrong and returns what could be understood.
func parse(src *source) *node {
	root := &node{src: src}
	if len(src.text) > MaxFileBytes {
		src.add(0, diag.SeverityError, fmt.Sprintf("the template has %d bytes, more than %d", len(src.text), MaxFileBytes), "split it with import or include")
		return root
	}
	if !utf8.ValidString(src.text) {
		bad := strings.IndexFunc(src.text, func(r rune) bool { return r == utf8.RuneError })
		for bad >= 0 && bad < len(src.text) {
			if _, size := utf8.DecodeRuneInString(src.text[bad:]); size == 1 {
				break
			}
			next := strings.IndexFunc(src.text[bad+3:], func(r rune) bool { return r == utf8.RuneError })
			if next < 0 {
				break
			}
			bad += 3 + next
		}
		src.fault(max(bad, 0), "the file is not valid UTF-8", "save it as UTF-8")
		return root
	}
	p := &parser{src: src, text: src.text, open: []*node{root}, ends: expr.NewEnds(src.text)}
	if strings.HasPrefix(p.text, "\ufeff") {
		p.at = 3
	}
	p.content()
	for len(p.open) > 1 {
		top := p.top()
		if lone[top.tag] {
			p.closeLone(top)
			continue
		}
		if !p.full {
			src.fault(top.at, "<"+top.tag+"> is not closed", "write </"+top.tag+"> or <"+top.tag+" … />")
		}
		p.pop()
	}
	return root
}

func (p *parser) top() *node { return p.open[len(p.open)-1] }

func (p *parser) pop() {
	if p.top().tag == "text" {
		p.pre--
	}
	p.open = p.open[:len(p.open)-1]
}

// closeLone ends an element that was left open: what follows it stands beside it, not in it.
func (p *parser) closeLone(n *node) {
	p.pop()
	p.src.warn(n.at, "<"+n.tag+"> is not closed", "write <"+n.tag+" … />")
	p.top().kids = append(p.top().kids, n.kids...)
	n.kids = nil
}

func (p *parser) add(n *node) bool {
	if p.nodes++; p.nodes > MaxNodes {
		p.src.fault(n.at, fmt.Sprintf("the template has more than %d elements and texts", MaxNodes), "split it")
		p.full = true
		return false
	}
	p.top().kids = append(p.top().kids, n)
	return true
}

func (p *parser) content() {
	for p.at < len(p.text) && !p.full {
		if p.text[p.at] != '<' {
			p.chars()
			continue
		}
		rest := p.text[p.at:]
		switch {
		case strings.HasPrefix(rest, "<!--"):
			end := strings.Index(rest[4:], "-->")
			if end < 0 {
				p.src.fault(p.at, "the comment is not closed", "write -->")
				p.at = len(p.text)
				return
			}
			p.at += 4 + end + 3
		case strings.HasPrefix(rest, "</"):
			p.endTag()
		case strings.HasPrefix(rest, "<![CDATA["):
			p.src.fault(p.at, "CDATA is not understood in templates", "write the text itself, with &lt; for <")
			p.skipPast("]]>")
		case strings.HasPrefix(rest, "<!"), strings.HasPrefix(rest, "<?"):
			p.src.warn(p.at, "a declaration has no meaning in a template", "remove it")
			p.skipPast(">")
		case len(rest) > 1 && nameStart(rest[1]):
			p.startTag()
		default:
			p.src.fault(p.at, "'<' starts no tag here", "write &lt; for the character")
			p.at++
		}
	}
}

func (p *parser) skipPast(s string) {
	if end := strings.Index(p.text[p.at:], s); end >= 0 {
		p.at += end + len(s)
	} else {
		p.at = len(p.text)
	}
}

func nameStart(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }

func nameByte(c byte) bool {
	return nameStart(c) || c >= '0' && c <= '9' || c == '-' || c == '.' || c == ':'
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

// chars reads a text up to the next tag. A '<' inside {{ }} belongs to the expression.
func (p *parser) chars() {
	start, end := p.at, p.at
	for {
		stop := strings.IndexAny(p.text[end:], "<{")
		if stop < 0 {
			end = len(p.text)
			break
		}
		end += stop
		if p.text[end] == '<' {
			break
		}
		if !strings.HasPrefix(p.text[end:], "{{") {
			end++
			continue
		}
		// Without an end, the expression reports itself; the text ends at the next tag.
		if close := p.ends.After(end + 2); close >= 0 {
			end = close
		} else {
			end += 2
		}
	}
	p.at = end
	from, to := start, end
	if p.pre == 0 || layout(p.text[from:to]) {
		from, to = trim(p.text, from, to)
	}
	if from < to {
		p.add(&node{at: from, text: decode(p.text[from:to], from), src: p.src})
	}
}

// layout says whether a text is nothing but line breaks and indents. It is no content even inside <text>, where templates
// and conditions are put on lines of their own.
func layout(s string) bool {
	return strings.Trim(s, " \t\n\r\f") == "" && strings.ContainsAny(s, "\n\r")
}

// trim leaves out a text of white space, and white space at either end that contains a line break: it is there for
// the reader of the source.
func trim(s string, from, to int) (int, int) {
	i, broken := from, false
	for i < to && space(s[i]) {
		broken = broken || s[i] == '\n' || s[i] == '\r'
		i++
	}
	if i == to {
		return to, to
	}
	if broken {
		from = i
	}
	i, broken = to, false
	for space(s[i-1]) {
		i--
		broken = broken || s[i] == '\n' || s[i] == '\r'
	}
	if broken {
		to = i
	}
	return from, to
}

func (p *parser) name() string {
	start := p.at
	for p.at < len(p.text) && nameByte(p.text[p.at]) {
		p.at++
	}
	return p.text[start:p.at]
}

func (p *parser) spaces() {
	for p.at < len(p.text) && space(p.text[p.at]) {
		p.at++
	}
}

func (p *parser) endTag() {
	start := p.at
	p.at += 2
	tag := p.name()
	p.spaces()
	if p.at >= len(p.text) || p.text[p.at] != '>' {
		p.src.fault(start, "</"+tag+" is not closed", "write </"+tag+">")
		for p.at < len(p.text) && p.text[p.at] != '>' && p.text[p.at] != '<' {
			p.at++
		}
	}
	if p.at < len(p.text) && p.text[p.at] == '>' {
		p.at++
	}
	if tag == "" {
		p.src.fault(start, "an end tag without a name", "")
		return
	}
	match := len(p.open) - 1
	for match > 0 && p.open[match].tag != tag {
		match--
	}
	if match == 0 {
		if lone[tag] {
			return // </input> behind an <input/> closed already
		}
		if top := p.top(); len(p.open) > 1 {
			p.mismatch(start, tag, top)
		} else {
			p.src.fault(start, "</"+tag+"> closes nothing", "remove it")
		}
		return
	}
	for len(p.open)-1 > match {
		top := p.top()
		if lone[top.tag] {
			p.closeLone(top)
			continue
		}
		p.mismatch(start, tag, top)
		p.pop()
	}
	p.pop()
}

func (p *parser) mismatch(at int, tag string, top *node) {
	line, column := p.src.position(top.at)
	p.src.fault(at, fmt.Sprintf("</%s> does not close <%s>, opened at %d:%d", tag, top.tag, line, column), "write </"+top.tag+"> before it")
}

func (p *parser) startTag() {
	n := &node{at: p.at, src: p.src}
	p.at++
	n.tag = p.name()
	closed := p.attributes(n)
	if !p.add(n) {
		return
	}
	if n.tag == "jds" || n.tag == "wxs" {
		if !closed {
			p.script(n)
		}
		return
	}
	if closed {
		return
	}
	if len(p.open) > MaxDepth {
		p.src.fault(n.at, fmt.Sprintf("elements are nested more than %d deep", MaxDepth), "split the page into components")
		p.full = true
		return
	}
	if n.tag == "text" {
		p.pre++
	}
	p.open = append(p.open, n)
}

// script takes the code of an inline module as it stands, up to its end tag.
func (p *parser) script(n *node) {
	start := p.at
	end := strings.Index(p.text[start:], "</"+n.tag)
	if end < 0 {
		p.src.fault(n.at, "<"+n.tag+"> is not closed", "write </"+n.tag+">")
		end = len(p.text) - start
	}
	n.text = decoded{text: p.text[start : start+end], base: start}
	p.at = start + end
	if p.at < len(p.text) {
		p.at += 2 + len(n.tag)
		p.spaces()
		if p.at < len(p.text) && p.text[p.at] == '>' {
			p.at++
		} else {
			p.src.fault(start+end, "</"+n.tag+" is not closed", "write </"+n.tag+">")
		}
	}
}

// attributes reads up to and including the end of the start tag and reports whether the tag closed itself.
func (p *parser) attributes(n *node) (closed bool) {
	seen := map[string]bool{}
	for {
		p.spaces()
		if p.at >= len(p.text) {
			p.src.fault(n.at, "the tag <"+n.tag+" is not closed", "write > or />")
			return true
		}
		switch c := p.text[p.at]; c {
		case '>':
			p.at++
			return false
		case '/':
			slash := p.at
			p.at++
			p.spaces()
			if p.at < len(p.text) && p.text[p.at] == '>' {
				p.at++
				return true
			}
			if p.at < len(p.text) {
				p.src.fault(slash, "'/' is not followed by '>'", "write /> to close the tag")
			}
		case '<':
			p.src.fault(n.at, "the tag <"+n.tag+" is not closed", "write > or /> before the next tag")
			return false
		case '"', '\'', '=':
			p.src.fault(p.at, fmt.Sprintf("unexpected %c in the tag <%s", c, n.tag), "an attribute is written name=\"value\"")
			p.at++
		default:
			a := p.attribute()
			if seen[a.name] {
				first := slices.IndexFunc(n.attrs, func(b attr) bool { return b.name == a.name })
				if a.name == "id" && strings.Contains(a.value.text, "{{") && strings.Contains(n.attrs[first].value.text, "{{") {
					// Taro writes <audio id="{{i.p2}}" … id="{{i.uid||i.sid}}">: the platforms take the later one, and only
					// that has a value. It is generated, so nobody could heed a warning.
					n.attrs[first] = a
					continue
				}
				p.src.warn(a.at, "the attribute "+a.name+" is given twice", "the first one counts")
				continue
			}
			seen[a.name] = true
			n.attrs = append(n.attrs, a)
		}
	}
}

func (p *parser) attribute() attr {
	start := p.at
	for p.at < len(p.text) && !space(p.text[p.at]) && strings.IndexByte("=/><\"'", p.text[p.at]) < 0 {
		p.at++
	}
	a := attr{name: p.text[start:p.at], at: start, bare: true, value: decoded{base: p.at}}
	behind := p.at
	p.spaces()
	if p.at >= len(p.text) || p.text[p.at] != '=' {
		p.at = behind
		return a
	}
	p.at++
	p.spaces()
	a.bare = false
	if p.at >= len(p.text) {
		p.src.fault(start, "the attribute "+a.name+" has no value behind '='", "write "+a.name+`="…"`)
		return a
	}
	if quote := p.text[p.at]; quote == '"' || quote == '\'' {
		from := p.at + 1
		end := p.valueEnd(from, quote)
		if end < 0 {
			p.src.fault(p.at, "the value of "+a.name+" is not closed", fmt.Sprintf("write %c at its end", quote))
			// The next '>' most likely ends the tag.
			if end = strings.IndexByte(p.text[from:], '>'); end < 0 {
				end = len(p.text)
			} else if end += from; end > from && p.text[end-1] == '/' {
				end--
			}
			p.at = end
			a.value = decoded{base: from}
			return a
		}
		a.value = decode(p.text[from:end], from)
		p.at = end + 1
		return a
	}
	from := p.at
	for p.at < len(p.text) && !space(p.text[p.at]) && p.text[p.at] != '>' && !strings.HasPrefix(p.text[p.at:], "/>") {
		if strings.HasPrefix(p.text[p.at:], "{{") {
			if end := p.ends.After(p.at + 2); end >= 0 {
				p.at = end
				continue
			}
		}
		p.at++
	}
	if p.at == from {
		p.src.fault(start, "the attribute "+a.name+" has no value behind '='", "write "+a.name+`="…"`)
	}
	a.value = decode(p.text[from:p.at], from)
	return a
}

// widest is how far a value is searched for a quote behind the one that seems to end it.
const widest = 2048

// valueEnd finds the quote that ends a value. A quote of the same kind inside {{ }} does not, where the braces would
// otherwise stay open.
func (p *parser) valueEnd(from int, quote byte) int {
	first := strings.IndexByte(p.text[from:], quote)
	if first < 0 {
		return -1
	}
	first += from
	if !opens(p.text[from:first]) {
		return first
	}
	window := p.text[from:min(len(p.text), first+widest)]
	if stop := strings.IndexAny(window[first-from:], "<>\n"); stop >= 0 {
		window = window[:first-from+stop]
	}
	ends := expr.NewEnds(window)
	for at := 0; ; {
		open := strings.Index(window[at:], "{{")
		next := strings.IndexByte(window[at:], quote)
		if next < 0 {
			return first
		}
		if open < 0 || next < open {
			return from + at + next
		}
		end := ends.After(at + open + 2)
		if end < 0 {
			return first
		}
		at = end
	}
}

// opens reports whether {{ is opened last in s, and not closed.
func opens(s string) bool {
	open := strings.LastIndex(s, "{{")
	return open >= 0 && !strings.Contains(s[open:], "}}")
}
