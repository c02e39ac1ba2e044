package template

import (
	"fmt"
	"regexp"
	"strings"

	"minimart/program/diag"
	"minimart/program/expr"
	"minimart/program/tags"
)

// lowering turns the tree of one file, with what it includes, into definitions.
type lowering struct {
	c    *Compiler
	out  *file
	src  *source
	root *scope
	def  *definition
	// components numbers the component nodes of the whole file
	components int
	// including is the chain of files being inlined, for cycles
	including []string
	nodes     int
	depth     int
	// named are the templates the file defines
	named   []*node
	names   map[string]*node
	keyless bool // a loop without a key has been mentioned
}

// directives are what stands behind the prefix.
var directives = []string{"if", "elif", "else", "for", "for-item", "for-index", "key"}

// prefixes of this and other platforms, and of frameworks people come from.
var prefixes = []string{"jd", "wx", "a", "tt", "swan", "s", "qq", "ks", "xhs", "my", "v"}

var variableName = regexp.MustCompile(`^[A-Za-z_$][\w$]*$`)

// control are the directives of one element.
type control struct {
	test, elif, otherwise, list, item, index, key *attr
}

// kids lowers the children of an element: chains of if, elif and else become one branch.
func (l *lowering) kids(nodes []*node, sc *scope) []item {
	var out []item
	var chain *branch // the branch an elif or else can follow
	for _, n := range nodes {
		if l.nodes++; l.nodes > MaxNodes {
			if l.nodes == MaxNodes+1 {
				l.src.fault(0, fmt.Sprintf("with all that is included, the template has more than %d elements and texts", MaxNodes), "use import instead of include")
			}
			return out
		}
		if n.tag == "" {
			if t := l.text(n, sc); t != nil {
				out = append(out, t)
				chain = nil
			}
			continue
		}
		if l.declaration(n) {
			continue
		}
		ctl := l.control(n)
		switch {
		case ctl.elif != nil || ctl.otherwise != nil:
			a := ctl.elif
			if a == nil {
				a = ctl.otherwise
			}
			if chain == nil {
				n.src.fault(a.at, a.name+" does not follow an element with "+l.c.dialect.directive("if")+" or "+l.c.dialect.directive("elif"), "put it on the element right behind one")
				chain = &branch{} // what follows is judged as if it did
			}
			var test *value
			if ctl.elif != nil {
				test = l.condition(ctl.elif, n.src, sc)
			} else if !ctl.otherwise.bare && ctl.otherwise.value.text != "" {
				n.src.warn(ctl.otherwise.at, ctl.otherwise.name+" takes no value", "did you mean "+l.c.dialect.directive("elif")+"?")
			}
			kids := l.looped(n, ctl, sc, nil)
			chain.tests, chain.kids = append(chain.tests, test), append(chain.kids, kids)
			if ctl.elif == nil {
				chain = nil
			}
		case ctl.test != nil && ctl.list == nil:
			chain = &branch{}
			test := l.condition(ctl.test, n.src, sc)
			chain.tests, chain.kids = append(chain.tests, test), append(chain.kids, l.body(n, sc))
			out = append(out, chain)
		default:
			chain = nil
			out = append(out, l.looped(n, ctl, sc, ctl.test)...)
		}
	}
	return l.joined(out, sc)
}

// looped lowers an element that may carry a loop, and inside it a condition.
func (l *lowering) looped(n *node, ctl control, sc *scope, test *attr) []item {
	if ctl.list == nil {
		for _, a := range []*attr{ctl.item, ctl.index, ctl.key} {
			if a != nil {
				n.src.warn(a.at, a.name+" without "+l.c.dialect.directive("for")+" has no meaning", "")
			}
		}
		return l.body(n, sc)
	}
	lp := &loop{item: l.variable(ctl.item, n.src, "item"), name: l.variable(ctl.index, n.src, "index")}
	lp.list = l.whole(ctl.list, n.src, sc)
	if s, literal := lp.list.lit.(string); lp.list.known && literal && lp.list.lone == nil && !ctl.list.bare {
		n.src.warn(ctl.list.at, fmt.Sprintf("%s iterates the characters of the text %q", ctl.list.name, s), "did you mean {{"+s+"}}?")
	}
	inner := &scope{up: sc, item: lp.item, index: lp.name}
	lp.key = l.key(n, ctl, lp)
	l.depth++
	if test != nil {
		lp.kids = []item{&branch{tests: []*value{l.condition(test, n.src, inner)}, kids: [][]item{l.body(n, inner)}}}
	} else {
		lp.kids = l.body(n, inner)
	}
	l.depth--
	return []item{lp}
}

func (l *lowering) variable(a *attr, src *source, fallback string) string {
	if a == nil {
		return fallback
	}
	name := strings.TrimSpace(a.value.text)
	if !variableName.MatchString(name) {
		src.fault(a.at, fmt.Sprintf("%s needs the name of a variable, not %q", a.name, name), "write "+a.name+`="`+fallback+`"`)
		return fallback
	}
	return name
}

// key reads the key directive: "*this", or the name of a property of the item.
func (l *lowering) key(n *node, ctl control, lp *loop) string {
	if ctl.key == nil {
		if !l.keyless && !lp.list.known {
			l.keyless = true
			n.src.warn(ctl.list.at, "a list without "+l.c.dialect.directive("key")+" keeps state by position", `name a property that tells items apart: `+l.c.dialect.directive("key")+`="id"`)
		}
		return "0"
	}
	a := ctl.key
	name := strings.TrimSpace(a.value.text)
	if a.bare || name == "" {
		n.src.warn(a.at, a.name+" names no property", `write `+a.name+`="id" or `+a.name+`="*this"`)
		return "0"
	}
	if inner, ok := strings.CutPrefix(name, "{{"); ok {
		name = strings.TrimSpace(strings.TrimSuffix(inner, "}}"))
		n.src.warn(a.at, a.name+" takes the name of a property, not an expression", "write it without {{ }}")
		if name == lp.name {
			return "0"
		}
	}
	switch name {
	case "*this", "$this", "this", lp.item:
		return `"*this"`
	}
	if rest, ok := strings.CutPrefix(name, lp.item+"."); ok {
		n.src.warn(a.at, a.name+" names a property of the item itself", "write "+a.name+`="`+rest+`"`)
		name = rest
	}
	if strings.ContainsAny(name, "{}()[]. \t\n+") {
		n.src.warn(a.at, fmt.Sprintf("%s cannot be worked out from %q", a.name, name), "name one property of the item; items are told apart by position now")
		return "0"
	}
	return expr.Quote(name)
}

// whole compiles the value of a directive: space around {{ }} is a slip, not a text.
func (l *lowering) whole(a *attr, src *source, sc *scope) *value {
	trimmed := strings.TrimSpace(a.value.text)
	if trimmed != a.value.text && strings.HasPrefix(trimmed, "{{") && strings.HasSuffix(trimmed, "}}") {
		src.warn(a.at, "space between the quotes and {{ }} would make "+a.name+" a text", "remove it")
		lead := strings.Index(a.value.text, "{{")
		cuts := make([]cut, 0, len(a.value.cuts)+1)
		cuts = append(cuts, cut{0, lead})
		for _, c := range a.value.cuts {
			cuts = append(cuts, cut{c.at - lead, c.shift + lead})
		}
		d := decoded{text: trimmed, base: a.value.base, cuts: cuts}
		return l.compile(&d, src, sc)
	}
	return l.value(a, src, sc)
}

func (l *lowering) condition(a *attr, src *source, sc *scope) *value {
	v := l.whole(a, src, sc)
	if s, literal := v.lit.(string); v.known && literal && v.lone == nil && !a.bare {
		if s == "" {
			src.warn(a.at, a.name+" without a condition is always false", "write "+a.name+`="{{…}}"`)
		} else {
			src.warn(a.at, fmt.Sprintf("%s has the text %q, which is always true", a.name, s), "did you mean {{"+s+"}}?")
		}
	}
	return v
}

// control reads the directives of an element.
func (l *lowering) control(n *node) control {
	var ctl control
	for i := range n.attrs {
		a := &n.attrs[i]
		name, ok := strings.CutPrefix(a.name, l.c.dialect.directive(""))
		if !ok {
			continue
		}
		switch name {
		case "if":
			ctl.test = a
		case "elif", "else-if":
			ctl.elif = a
		case "else":
			ctl.otherwise = a
		case "for", "for-items":
			ctl.list = a
		case "for-item":
			ctl.item = a
		case "for-index":
			ctl.index = a
		case "key":
			ctl.key = a
		}
	}
	if ctl.test != nil && (ctl.elif != nil || ctl.otherwise != nil) {
		n.src.fault(ctl.test.at, "one element cannot carry both "+ctl.test.name+" and its alternative", "keep one of them")
		ctl.elif, ctl.otherwise = nil, nil
	}
	if ctl.list == nil {
		for _, a := range []*attr{ctl.item, ctl.index} {
			if a != nil {
				n.src.fault(a.at, a.name+" needs "+l.c.dialect.directive("for")+" on the same element", "add "+l.c.dialect.directive("for")+`="{{…}}"`)
			}
		}
		ctl.item, ctl.index = nil, nil
	}
	return ctl
}

// stray reports a directive that is written wrongly and says whether the attribute was one.
func (l *lowering) stray(a *attr, src *source) bool {
	own := l.c.dialect.directive("")
	if name, ok := strings.CutPrefix(a.name, own); ok {
		switch name {
		case "if", "elif", "else-if", "else", "for", "for-items", "for-item", "for-index", "key":
			return true
		}
		names := make([]string, len(directives))
		for i, d := range directives {
			names[i] = own + d
		}
		src.fault(a.at, "unknown directive "+a.name, diag.DidYouMean(a.name, names))
		return true
	}
	if name := strings.Replace(a.name, "：", ":", 1); name != a.name {
		src.fault(a.at, "a full-width colon in "+a.name, "did you mean "+name+"?")
		return true
	}
	for _, prefix := range prefixes {
		rest, ok := strings.CutPrefix(a.name, prefix)
		if !ok || len(rest) < 2 || strings.IndexByte(":.-_", rest[0]) < 0 {
			continue
		}
		name := rest[1:]
		switch name {
		case "for-items":
			name = "for"
		case "else-if", "elseif":
			name = "elif"
		}
		for _, d := range directives {
			// data-*, a-key and the like are honest names: other separators are judged for our prefixes alone.
			if d == name && (rest[0] == ':' || prefix == "jd" || prefix == "wx" || prefix == "v" && d != "key") {
				src.fault(a.at, "unknown directive "+a.name, "did you mean "+own+d+"?")
				return true
			}
		}
	}
	return false
}

// text lowers a text node.
func (l *lowering) text(n *node, sc *scope) *textItem {
	text, problems := expr.ParseText(n.text.text, expr.Options{})
	l.report(problems, &n.text, n.src)
	t := &textItem{}
	for _, part := range text.Parts {
		t.parts = append(t.parts, textPart{part.Text, part.Expr})
	}
	if len(t.parts) == 0 {
		return nil
	}
	t.v = l.compileText(text, sc, func(p expr.Problem) { l.report([]expr.Problem{p}, &n.text, n.src) })
	return t
}

// joined makes one text of those that stand side by side: in the markup they would be one anyway.
func (l *lowering) joined(items []item, sc *scope) []item {
	out := items[:0]
	for i := 0; i < len(items); {
		first, isText := items[i].(*textItem)
		if !isText {
			out = append(out, items[i])
			i++
			continue
		}
		from, parts := i, first.parts[:len(first.parts):len(first.parts)]
		for i++; i < len(items); i++ {
			next, isText := items[i].(*textItem)
			if !isText {
				break
			}
			parts = append(parts, next.parts...)
		}
		if i-from > 1 {
			text := &expr.Text{}
			for _, p := range parts {
				text.Parts = append(text.Parts, expr.Part{Text: p.lit, Expr: p.expr})
			}
			first = &textItem{parts: parts, v: l.compileText(text, sc, func(expr.Problem) {})}
		}
		out = append(out, first)
	}
	return out
}

// body lowers an element without its directives.
func (l *lowering) body(n *node, sc *scope) []item {
	switch n.tag {
	case "block":
		var slot *value
		for i := range n.attrs {
			a := &n.attrs[i]
			switch {
			case l.stray(a, n.src):
			case a.name == "slot":
				slot = l.value(a, n.src, sc)
			}
		}
		kids := l.children(n, sc)
		if slot != nil {
			inherit(kids, slot)
		}
		return kids
	case "template":
		return l.call(n, sc)
	case "include":
		return l.include(n, sc)
	case "slot":
		return l.outlet(n, sc)
	}
	if tags.IsBuiltIn(n.tag) {
		e := &element{tag: n.tag}
		e.b = l.binds(n, sc, false)
		e.kids = l.children(n, sc)
		l.out.builtin[n.tag] = true
		return []item{e}
	}
	c := &component{tag: n.tag, no: l.components, at: n.at, src: n.src}
	l.components++
	l.out.component[n.tag] = true
	c.b = l.binds(n, sc, true)
	c.slots = bySlot(l.children(n, sc), func(v *value) {
		v.src.warn(v.at, "the name of a slot has to be a fixed text here", "the content goes to the slot without a name")
	})
	if len(c.slots) > maxSlots {
		n.src.fault(n.at, fmt.Sprintf("<%s> has content for %d slots, more than %d", n.tag, len(c.slots), maxSlots), "")
		c.slots = c.slots[:maxSlots]
	}
	return []item{c}
}

func (l *lowering) children(n *node, sc *scope) []item {
	// The parser has judged each file by itself.
	if l.depth++; l.depth > MaxDepth+1 {
		if l.depth == MaxDepth+2 {
			n.src.fault(n.at, fmt.Sprintf("with all that is included, elements are nested more than %d deep", MaxDepth), "split the page into components")
		}
		l.depth--
		return nil
	}
	kids := l.kids(n.kids, sc)
	l.depth--
	return kids
}

func (l *lowering) outlet(n *node, sc *scope) []item {
	o := &outlet{name: &value{known: true, fixed: true, lit: "", code: expr.Code{Value: `""`}, at: n.at, src: n.src}}
	for i := range n.attrs {
		a := &n.attrs[i]
		switch {
		case l.stray(a, n.src):
		case a.name == "name":
			if !a.bare {
				o.name = l.value(a, n.src, sc)
			}
		case a.name == "slot":
			o.slot = l.value(a, n.src, sc)
		}
	}
	if len(n.kids) > 0 {
		n.src.warn(n.at, "the content of <slot> is never shown", "a slot has no content of its own")
	}
	return []item{o}
}
