package template

import (
	"fmt"
	"strings"

	"minimart/program/expr"
)

// emitSkeleton writes the logic side of a file: the control flow around components and slots, and nothing else.
func emitSkeleton(f *file) string {
	if !f.root.live && len(f.order) == 0 {
		return ""
	}
	w := &writer{f: f, names: map[string]string{}}
	s := &skeleton{w: w, f: f}
	s.any = f.callLives(&call{})
	root := "0"
	if f.root.live {
		root, _ = s.block(f.root.kids)
	}
	// Templates without anything are listed too: the logic side tells a name that is wrong from one that needs no work.
	var templates, imports []string
	for _, name := range f.order {
		d, block := f.templates[name], "0"
		if d.live {
			block, _ = s.block(d.kids)
		}
		templates = append(templates, expr.Key(name)+":"+block)
	}
	for i, path := range f.importing {
		if len(f.imports[i].order) > 0 {
			imports = append(imports, expr.Quote(path))
		}
	}
	return w.finish(root, templates, imports)
}

type skeleton struct {
	w   *writer
	f   *file
	any bool // a call by an unknown name may reach something live
}

func (s *skeleton) live(items []item) bool {
	for _, it := range items {
		switch it := it.(type) {
		case *component, *outlet:
			return true
		case *element:
			if s.live(it.kids) {
				return true
			}
		case *loop:
			if s.live(it.kids) {
				return true
			}
		case *branch:
			for _, kids := range it.kids {
				if s.live(kids) {
					return true
				}
			}
		case *call:
			if s.calls(it) {
				return true
			}
		}
	}
	return false
}

func (s *skeleton) calls(c *call) bool {
	if c.name == nil {
		return false
	}
	if c.candidates == nil && c.prefix == "" {
		return s.any
	}
	return s.f.callLives(c)
}

type skeletonBlock struct {
	s     *skeleton
	slots int
	guarded
}

func (s *skeleton) block(items []item) (name string, deps expr.Deps) {
	b := &skeletonBlock{s: s}
	b.items(items)
	body := b.body()
	return s.w.constant("B", "R.b((b,f,c)=>{"+body+"})"), b.deps.Union(nil)
}

func (b *skeletonBlock) region() int {
	b.slots++
	return b.slots - 1
}

func (b *skeletonBlock) read(deps expr.Deps) { b.deps = append(b.deps, deps...) }

func (b *skeletonBlock) items(items []item) {
	w := b.s.w
	for _, it := range items {
		if !b.s.live([]item{it}) {
			continue
		}
		switch it := it.(type) {
		case *element:
			if spec := listener(&it.b); spec != "" {
				r := b.region()
				block, deps := b.s.block(it.kids)
				b.read(deps)
				b.regions = append(b.regions, fmt.Sprintf("R.l(b,%d,f,%s,%s)", r, w.constant("S", spec), block))
			} else {
				b.items(it.kids)
			}
		case *component:
			b.component(it)
		case *loop:
			r := b.region()
			block, inner := b.s.block(it.kids)
			outside := inner.Outside().Union(nil)
			list, tree := it.args()
			b.read(it.list.code.Deps)
			b.read(outside)
			b.list(it, fmt.Sprintf("R.f(b,%d,f,%s,%s,%s,%s,%s)", r, list, tree, outer(outside), it.key, block), outside)
		case *branch:
			r := b.region()
			var blocks []string
			for i, kids := range it.kids {
				if it.tests[i] != nil {
					b.read(it.tests[i].code.Deps)
				}
				block := "0"
				if b.s.live(kids) {
					var deps expr.Deps
					block, deps = b.s.block(kids)
					b.read(deps)
				}
				blocks = append(blocks, block)
			}
			all := w.constant("Q", "["+strings.Join(blocks, ",")+"]")
			b.regions = append(b.regions, fmt.Sprintf("R.q(b,%d,f,%s,%s)", r, which(it.tests), all))
		case *call:
			w.calls = true
			b.read(it.deps)
			b.regions = append(b.regions, guard(it.deps.Changed(), fmt.Sprintf("R.p(b,%d,f,%d,%s,%s,%s,T)", b.region(), it.no, it.name.js(), it.data, it.tree)))
		case *outlet:
			b.read(it.name.code.Deps)
			b.regions = append(b.regions, fmt.Sprintf("R.o(b,%d,f,%s)", b.region(), it.name.js()))
		}
	}
}

func (b *skeletonBlock) component(c *component) {
	w, r := b.s.w, b.region()
	spec := []string{"p:" + b.properties(c)}
	spec = append(spec, common(&c.b)...)
	slots := map[string]string{}
	for _, slot := range c.slots {
		if b.s.live(slot.kids) {
			block, deps := b.s.block(slot.kids)
			b.read(deps)
			slots[slot.name] = block
		}
	}
	if len(slots) > 0 {
		spec = append(spec, "s:"+sortedSlots(slots))
	}
	if len(c.b.generics) > 0 {
		var parts []string
		for _, g := range c.b.generics {
			parts = append(parts, expr.Key(g[0])+":"+expr.Quote(g[1]))
		}
		spec = append(spec, "g:{"+strings.Join(parts, ",")+"}")
	}
	if len(c.b.twoWay) > 0 {
		var parts []string
		for _, t := range c.b.twoWay {
			parts = append(parts, expr.Key(camel(t.name))+":"+quotedPath(t.path))
		}
		spec = append(spec, "o:{"+strings.Join(parts, ",")+"}")
	}
	name := w.constant("S", "{"+strings.Join(spec, ",")+"}")
	b.regions = append(b.regions, fmt.Sprintf("R.k(b,%d,f,%d,%s,c,%s)", r, c.no, expr.Quote(c.tag), name))
}

// properties writes the function that passes on what is new or changed. Class, style and hidden of the node are passed
// as well: a component without a host element may declare them as properties.
func (b *skeletonBlock) properties(c *component) string {
	var g guarded
	pass := func(name string, v *value) {
		b.read(v.code.Deps)
		g.when(v.code.Changed(), "P("+expr.Quote(name)+","+v.js()+")")
	}
	for _, a := range c.b.attrs {
		pass(camel(a.name), a.value)
	}
	for _, a := range []struct {
		name string
		v    *value
	}{{"class", c.b.class}, {"style", c.b.style}, {"hidden", c.b.hidden}} {
		if a.v != nil {
			pass(a.name, a.v)
		}
	}
	body := g.body()
	if body == "" {
		return "0"
	}
	return "(f,c,P)=>{" + body + "}"
}

// common writes the parts of a spec that elements and component nodes share.
func common(bs *binds) []string {
	var spec []string
	if static := handlers(bs.events, false); static != "" {
		spec = append(spec, "e:"+static)
	}
	if dynamic := handlers(bs.events, true); dynamic != "" {
		spec = append(spec, "E:f=>("+dynamic+")")
	}
	var parts []string
	for _, a := range []struct {
		name string
		v    *value
	}{{"id", bs.id}, {"class", bs.class}, {"slot", bs.slot}} {
		if a.v != nil {
			parts = append(parts, a.name+":"+a.v.js())
		}
	}
	if len(bs.data) > 0 {
		parts = append(parts, "data:"+object(bs.data))
	}
	if len(bs.mark) > 0 {
		parts = append(parts, "mark:"+object(bs.mark))
	}
	if len(parts) == 0 {
		return append(spec, "a:0")
	}
	return append(spec, "a:f=>({"+strings.Join(parts, ",")+"})")
}

// native are events that elements make and no component sends on purpose: for them the view's own way up is enough.
var native = map[string]bool{
	"tap": true, "longpress": true, "longtap": true, "touchstart": true, "touchmove": true, "touchend": true, "touchcancel": true,
	"touchforcechange": true, "transitionend": true, "animationstart": true, "animationiteration": true, "animationend": true,
	"scroll": true, "scrolltoupper": true, "scrolltolower": true, "dragstart": true, "dragging": true, "dragend": true,
	"refresherpulling": true, "refresherrefresh": true, "refresherrestore": true, "refresherabort": true,
}

// listener is the spec of an element that components below it may send an event to, "" when it listens to none.
func listener(bs *binds) string {
	for _, e := range bs.events {
		if !native[strings.TrimPrefix(e.key, "^")] {
			return "{" + strings.Join(common(bs), ",") + "}"
		}
	}
	return ""
}
