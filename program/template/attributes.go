package template

import (
	"slices"
	"strings"

	"minimart/program/diag"
	"minimart/program/expr"
)

// eventPrefixes, longest first. The colon behind them may be left out.
var eventPrefixes = []struct {
	text  string
	flags int
}{
	{"capture-catch", flagCapture | flagCatch}, {"capture-bind", flagCapture}, {"mut-bind", flagMut}, {"catch", flagCatch}, {"bind", 0},
}

// eventOf reads the name of an event attribute: bindtap, bind:tap, capture-catch:tap …
func eventOf(name string) (key string, flags int, ok bool) {
	for _, p := range eventPrefixes {
		rest, found := strings.CutPrefix(name, p.text)
		if !found {
			continue
		}
		rest = strings.TrimPrefix(rest, ":")
		if rest == "" || rest[0] == '-' {
			return "", 0, false
		}
		if p.flags&flagCapture != 0 {
			rest = "^" + rest
		}
		return rest, p.flags, true
	}
	return "", 0, false
}

// datasetKey is the name of a data- attribute as scripts see it: data-foo-bar is fooBar, data-fooBar is foobar.
func datasetKey(name string) string { return camel(strings.ToLower(name)) }

// camel makes fooBar of foo-bar and leaves all else.
func camel(name string) string {
	if strings.IndexByte(name, '-') < 0 {
		return name
	}
	var b strings.Builder
	up := false
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c == '-' && i+1 < len(name) && name[i+1] >= 'a' && name[i+1] <= 'z' {
			up = true
			continue
		}
		if up {
			c -= 'a' - 'A'
			up = false
		}
		b.WriteByte(c)
	}
	return b.String()
}

// binds sorts the attributes of an element or a component node by what they do.
func (l *lowering) binds(n *node, sc *scope, isComponent bool) binds {
	var b binds
	for i := range n.attrs {
		a := &n.attrs[i]
		if l.stray(a, n.src) {
			continue
		}
		if key, flags, ok := eventOf(a.name); ok {
			if slices.ContainsFunc(b.events, func(e event) bool { return e.key == key }) {
				n.src.warn(a.at, strings.TrimPrefix(key, "^")+" is bound twice", "the first one counts")
				continue
			}
			b.events = append(b.events, event{key, flags, l.handler(a, n.src, sc)})
			continue
		}
		head, rest, prefixed := strings.Cut(a.name, ":")
		switch {
		case a.name == "id":
			b.id = l.value(a, n.src, sc)
		case a.name == "class":
			b.class = l.value(a, n.src, sc)
		case a.name == "style":
			b.style = l.value(a, n.src, sc)
		case a.name == "hidden":
			b.hidden = l.value(a, n.src, sc)
		case a.name == "slot":
			b.slot = l.value(a, n.src, sc)
		case strings.HasPrefix(a.name, "data-") && len(a.name) > 5:
			b.data = append(b.data, named{datasetKey(a.name[5:]), l.value(a, n.src, sc)})
		case a.name[0] == '@' || !isComponent && len(a.name) > 2 && a.name[:2] == "on" && a.name[2] >= 'A' && a.name[2] <= 'Z':
			meant := strings.ToLower(strings.TrimPrefix(strings.TrimPrefix(a.name, "@"), "on"))
			n.src.warn(a.at, a.name+" binds nothing here", "did you mean bind"+meant+"?")
		case !prefixed:
			b.attrs = append(b.attrs, named{a.name, l.value(a, n.src, sc)})
		case rest == "":
			n.src.fault(a.at, "nothing stands behind the ':' of "+a.name, "")
		case head == "mark":
			b.mark = append(b.mark, named{rest, l.value(a, n.src, sc)})
		case head == "model":
			l.twoWay(&b, a, rest, n.src, sc)
		case head == "generic":
			switch name := strings.TrimSpace(a.value.text); {
			case !isComponent:
				n.src.warn(a.at, a.name+" has no meaning on the built-in <"+n.tag+">", "")
			case name == "" || strings.Contains(name, "{{"):
				n.src.fault(a.at, a.name+" needs the fixed name of a component", "write "+a.name+`="tag-name"`)
			default:
				b.generics = append(b.generics, [2]string{rest, name})
				l.out.component[name] = true
				l.def.generics = append(l.def.generics, use{tag: name, at: a.at, src: n.src})
			}
		case head == "change" || head == "worklet" || head == "xmlns":
			n.src.warn(a.at, a.name+" is not supported and left out", "")
		default:
			n.src.warn(a.at, "unknown attribute "+a.name, diag.DidYouMean(head, []string{"bind", "catch", "mark", "model", "generic", "capture-bind", "capture-catch", "mut-bind"}))
		}
	}
	return b
}

// handler is the name of a method. An empty one only stops the event, which is what catchtouchmove="" is for.
func (l *lowering) handler(a *attr, src *source, sc *scope) *value {
	if a.bare {
		return &value{known: true, fixed: true, lit: "", code: expr.Code{Value: `""`}, at: a.at, src: src}
	}
	v := l.value(a, src, sc)
	if v.known {
		if name := v.text(); strings.ContainsAny(name, "( ;") {
			src.warn(a.at, a.name+" takes the name of a method, not a call", "pass values in data- attributes")
		}
	}
	return v
}

// twoWay is model:name="{{path}}": an attribute that also writes back.
func (l *lowering) twoWay(b *binds, a *attr, name string, src *source, sc *scope) {
	v := l.value(a, src, sc)
	b.attrs = append(b.attrs, named{name, v})
	if v.lone != nil {
		if path, ok := expr.Path(v.lone, sc); ok {
			b.twoWay = append(b.twoWay, twoWay{name, path})
			return
		}
	}
	src.warn(a.at, a.name+" needs a field of the data, as in {{form.name}}", "it is passed in one direction only")
}

// inherit gives the slot of a <block> to what stands in it.
func inherit(items []item, slot *value) {
	for _, it := range items {
		switch it := it.(type) {
		case *element:
			if it.b.slot == nil {
				it.b.slot = slot
			}
		case *component:
			if it.b.slot == nil {
				it.b.slot = slot
			}
		case *outlet:
			if it.slot == nil {
				it.slot = slot
			}
		case *call:
			if it.slot == nil {
				it.slot = slot
			}
		case *loop:
			inherit(it.kids, slot)
		case *branch:
			for _, kids := range it.kids {
				inherit(kids, slot)
			}
		}
	}
}

// maxSlots bounds how many times control flow is repeated.
const maxSlots = 100

// bySlot sorts the content of a component node by the slots it goes to. Control flow around content of several slots
// is repeated for each of them.
func bySlot(items []item, dynamic func(*value)) []slotContent {
	var out []slotContent
	index := map[string]int{}
	add := func(name string, it item) {
		i, ok := index[name]
		if !ok {
			i = len(out)
			index[name] = i
			out = append(out, slotContent{name: name})
		}
		out[i].kids = append(out[i].kids, it)
	}
	for _, it := range items {
		switch it := it.(type) {
		case *loop:
			for _, part := range bySlot(it.kids, dynamic) {
				copied := *it
				copied.kids = part.kids
				add(part.name, &copied)
			}
		case *branch:
			parts := map[string]*branch{}
			for i, kids := range it.kids {
				for _, part := range bySlot(kids, dynamic) {
					b := parts[part.name]
					if b == nil {
						if len(parts) > maxSlots {
							continue // the component node reports it
						}
						b = &branch{tests: it.tests, kids: make([][]item, len(it.kids))}
						parts[part.name] = b
						add(part.name, b)
					}
					b.kids[i] = part.kids
				}
			}
		default:
			add(slotName(slotOf(it), dynamic), it)
		}
	}
	return out
}

func slotOf(it item) *value {
	switch it := it.(type) {
	case *element:
		return it.b.slot
	case *component:
		return it.b.slot
	case *outlet:
		return it.slot
	case *call:
		return it.slot
	}
	return nil
}

func slotName(v *value, dynamic func(*value)) string {
	switch {
	case v == nil:
		return ""
	case v.known:
		if v.lit == true {
			return ""
		}
		return v.text()
	}
	dynamic(v)
	return ""
}
