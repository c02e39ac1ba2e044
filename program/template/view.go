package template

import (
	"fmt"
	"strconv"
	"strings"

	"minimart/program/expr"
	"minimart/program/tags"
)

// emitView writes the view code of a file.
func emitView(f *file) string {
	w := &writer{f: f, names: map[string]string{}}
	root := "0"
	if len(f.root.kids) > 0 {
		root, _ = w.viewBlock(f.root.kids)
	}
	var templates, imports []string
	for _, name := range f.order {
		block, _ := w.viewBlock(f.templates[name].kids)
		templates = append(templates, expr.Key(name)+":"+block)
	}
	for _, path := range f.importing {
		imports = append(imports, expr.Quote(path))
	}
	return w.finish(root, templates, imports)
}

// viewBlock is a block being written.
type viewBlock struct {
	w     *writer
	html  strings.Builder
	paths []string
	stat  []string
	memos int
	slots int // regions
	guarded
}

func (w *writer) viewBlock(items []item) (name string, deps expr.Deps) {
	b := &viewBlock{w: w}
	b.items(items, nil)
	stat := "0"
	if len(b.stat) > 0 {
		stat = "[" + strings.Join(b.stat, ",") + "]"
	}
	js := "R.b(" + expr.Quote(b.html.String()) + ",[" + strings.Join(b.paths, ",") + "]," + stat + "," + blockFunction(b.body()) + ")"
	return w.constant("B", js), b.deps.Union(nil)
}

func (b *viewBlock) read(deps expr.Deps) { b.deps = append(b.deps, deps...) }

// node gives the node at path a number.
func (b *viewBlock) node(path []int) int {
	parts := make([]string, len(path))
	for i, p := range path {
		parts[i] = strconv.Itoa(p)
	}
	b.paths = append(b.paths, "["+strings.Join(parts, ",")+"]")
	return len(b.paths) - 1
}

func (b *viewBlock) memo() int {
	b.memos++
	return b.memos - 1
}

func (b *viewBlock) region() int {
	b.slots++
	return b.slots - 1
}

// bind adds a statement for a value.
func (b *viewBlock) bind(v *value, js string) {
	b.read(v.code.Deps)
	b.when(v.code.Changed(), js)
}

func (b *viewBlock) items(items []item, path []int) {
	path = append(path, 0)
	last := len(path) - 1
	text := false // the node before is a text
	for _, it := range items {
		after := text
		text = false
		switch it := it.(type) {
		case *textItem:
			if text = true; after {
				// Texts that were sorted next to each other would become one node.
				b.html.WriteString("<!---->")
				path[last]++
			}
			if it.v.known {
				if known := it.v.text(); known != "" {
					b.html.WriteString(escape(known, false))
				} else {
					// Without a node, the places behind it would be wrong.
					b.html.WriteString("<!---->")
					text = false
				}
				break
			}
			b.html.WriteByte(' ')
			b.bind(it.v, fmt.Sprintf("R.t(b,%d,%d,%s)", b.memo(), b.node(path), it.v.js()))
		case *element:
			b.element(it, path)
		case *component:
			b.component(it, path)
		case *loop:
			n, r := b.anchor(path)
			block, inner := b.w.viewBlock(it.kids)
			outside := inner.Outside().Union(nil)
			list, tree := it.args()
			b.read(it.list.code.Deps)
			b.read(outside)
			b.list(it, fmt.Sprintf("R.f(b,%d,%d,f,%s,%s,%s,%s,%s)", r, n, list, tree, outer(outside), it.key, block), outside)
		case *branch:
			n, r := b.anchor(path)
			var blocks []string
			for i, kids := range it.kids {
				if it.tests[i] != nil {
					b.read(it.tests[i].code.Deps)
				}
				block, deps := b.w.viewBlock(kids)
				b.read(deps)
				blocks = append(blocks, block)
			}
			all := b.w.constant("Q", "["+strings.Join(blocks, ",")+"]")
			b.regions = append(b.regions, fmt.Sprintf("R.q(b,%d,%d,f,%s,%s)", r, n, which(it.tests), all))
		case *call:
			if it.name == nil {
				continue
			}
			n, r := b.anchor(path)
			b.w.calls = true
			b.read(it.deps)
			b.regions = append(b.regions, guard(it.deps.Changed(), fmt.Sprintf("R.p(b,%d,%d,f,%d,%s,%s,%s,T)", r, n, it.no, it.name.js(), it.data, it.tree)))
		case *outlet:
			n, r := b.anchor(path)
			b.read(it.name.code.Deps)
			b.regions = append(b.regions, fmt.Sprintf("R.o(b,%d,%d,f,%s)", r, n, it.name.js()))
		}
		path[last]++
	}
}

func (b *viewBlock) anchor(path []int) (n, r int) {
	b.html.WriteString("<!---->")
	return b.node(path), b.region()
}

// list guards a list whose expression is worth not evaluating: anything but a plain path.
func (g *guarded) list(lp *loop, js string, outside expr.Deps) {
	if strings.Contains(lp.list.js(), "(") {
		js = guard(lp.list.code.Deps.Union(outside).Changed(), js)
	}
	g.regions = append(g.regions, js)
}

func (b *viewBlock) element(e *element, path []int) {
	tag := tags.Element(e.tag)
	b.open(tag, &e.b, false, path)
	b.items(e.kids, path)
	b.html.WriteString("</" + tag + ">")
}

func (b *viewBlock) component(c *component, path []int) {
	tag := tags.Element(c.tag)
	n := b.open(tag, &c.b, true, path)
	b.html.WriteString("</" + tag + ">")
	r := b.region()
	if len(c.slots) == 0 {
		b.regions = append(b.regions, fmt.Sprintf("c&&R.k(b,%d,%d,f,%d,0)", r, n, c.no))
		return
	}
	slots := map[string]string{}
	for _, s := range c.slots {
		block, deps := b.w.viewBlock(s.kids)
		b.read(deps)
		slots[s.name] = block
	}
	b.regions = append(b.regions, fmt.Sprintf("R.k(b,%d,%d,f,%d,%s)", r, n, c.no, b.w.constant("S", sortedSlots(slots))))
}

// open writes a start tag and what its attributes ask for, and returns the number of the node, -1 when it needs none.
func (b *viewBlock) open(tag string, bs *binds, host bool, path []int) int {
	b.html.WriteString("<" + tag)
	n := -1
	node := func() int {
		if n < 0 {
			n = b.node(path)
		}
		return n
	}
	for _, a := range []struct {
		name, op string
		v        *value
	}{{"id", "i", bs.id}, {"class", "c", bs.class}, {"style", "s", bs.style}} {
		switch {
		case a.v == nil:
		case a.v.known:
			if text := a.v.text(); text != "" && a.v.lit != true {
				b.html.WriteString(" " + a.name + `="` + escape(text, true) + `"`)
			}
		default:
			b.bind(a.v, fmt.Sprintf("R.%s(b,%d,%d,%s)", a.op, b.memo(), node(), a.v.js()))
		}
	}
	b.html.WriteByte('>')
	if v := bs.hidden; v != nil {
		b.bind(v, fmt.Sprintf("R.h(b,%d,%d,%s)", b.memo(), node(), v.js()))
	}
	var data, mark, attrs []named
	for _, d := range bs.data {
		if d.value.fixed {
			data = append(data, d)
		} else {
			b.bind(d.value, fmt.Sprintf("R.d(b,%d,%s,%s)", node(), expr.Quote(d.name), d.value.js()))
		}
	}
	for _, m := range bs.mark {
		if m.value.fixed {
			mark = append(mark, m)
		} else {
			b.bind(m.value, fmt.Sprintf("R.m(b,%d,%s,%s)", node(), expr.Quote(m.name), m.value.js()))
		}
	}
	if !host {
		for _, a := range bs.attrs {
			if a.value.fixed {
				attrs = append(attrs, a)
			} else {
				// Where only yes or no is known, the guard has said yes.
				tree := a.value.code.Subtree()
				if tree == "" {
					tree = "void 0"
				} else if strings.HasSuffix(tree, "?!0:void 0") && tree == a.value.code.Changed()+"?!0:void 0" {
					tree = "!0"
				}
				b.bind(a.value, fmt.Sprintf("R.a(b,%d,%d,%s,%s,%s)", b.memo(), node(), expr.Quote(a.name), a.value.js(), tree))
			}
		}
		for _, t := range bs.twoWay {
			attrs = append(attrs, named{"model:" + t.name, &value{fixed: true, code: expr.Code{Value: quotedPath(t.path)}}})
		}
	}
	for _, e := range bs.events {
		if !e.handler.known {
			b.bind(e.handler, fmt.Sprintf("R.e(b,%d,%s,%d,%s)", node(), expr.Quote(e.key), e.flags, e.handler.js()))
		}
	}
	var stat []string
	if events := handlers(bs.events, false); events != "" {
		stat = append(stat, "e:"+events)
	}
	if len(data) > 0 {
		stat = append(stat, "d:"+object(data))
	}
	if len(mark) > 0 {
		stat = append(stat, "m:"+object(mark))
	}
	if len(attrs) > 0 {
		stat = append(stat, "a:"+object(attrs))
	}
	if host {
		stat = append(stat, "k:1")
	}
	if len(stat) > 0 {
		b.stat = append(b.stat, "["+strconv.Itoa(node())+",{"+strings.Join(stat, ",")+"}]")
	}
	return n
}

// escape writes text for HTML. A carriage return would be read as a line feed, and a NUL as nothing.
func escape(s string, attribute bool) string {
	if !strings.ContainsAny(s, "&<>\"\r\x00") {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"' && attribute:
			b.WriteString("&quot;")
		case r == '\r':
			b.WriteString("&#13;")
		case r == 0:
			b.WriteRune('\ufffd')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
