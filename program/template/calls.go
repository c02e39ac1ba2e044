package template

import (
	"strings"

	"minimart/program/expr"
)

// call lowers <template is=… data=…>.
func (l *lowering) call(n *node, sc *scope) []item {
	c := &call{no: l.def.calls, at: n.at, src: n.src, data: "{}", tree: "void 0"}
	l.def.calls++
	for i := range n.attrs {
		a := &n.attrs[i]
		switch {
		case l.stray(a, n.src):
		case a.name == "is":
			c.name = l.value(a, n.src, sc)
			c.deps = c.deps.Union(c.name.code.Deps)
			switch {
			case c.name.known:
				c.candidates = []string{c.name.text()}
				if c.name.text() == "" || a.bare {
					n.src.fault(a.at, "is names no template", `write is="name"`)
					return nil
				}
			case c.name.lone != nil:
				names, prefix, known := candidates(c.name.lone)
				if known {
					c.candidates = names
				}
				c.prefix = prefix
			default:
				if text, _ := expr.ParseText(a.value.text, expr.Options{}); len(text.Parts) > 0 && text.Parts[0].Expr == nil {
					c.prefix = text.Parts[0].Text
				}
			}
		case a.name == "data":
			l.data(c, a, n.src, sc)
		case a.name == "slot":
			c.slot = l.value(a, n.src, sc)
		default:
			n.src.warn(a.at, "the attribute "+a.name+" of <template is> has no meaning", "what the template needs goes into data")
		}
	}
	if len(n.kids) > 0 {
		n.src.warn(n.at, "the content of <template is> is never shown", "a template with name has content, a template with is has none")
	}
	return []item{c}
}

func (l *lowering) data(c *call, a *attr, src *source, sc *scope) {
	text := strings.TrimSpace(a.value.text)
	if a.bare || text == "" {
		return
	}
	parsed, problems := expr.ParseText(a.value.text, expr.Options{Object: true})
	l.report(problems, &a.value, src)
	var object *expr.Object
	for _, part := range parsed.Parts {
		o, ok := part.Expr.(*expr.Object)
		switch {
		case ok && object == nil:
			object = o
		case ok || strings.TrimSpace(part.Text) != "":
			src.fault(a.value.offset(part.Start), "data takes one {{ }} and nothing else", `write data="{{name: value, other}}"`)
			return
		}
	}
	if object == nil {
		return
	}
	code := expr.Compile(object, sc)
	l.def.uses |= code.Uses
	l.report(code.Problems, &a.value, src)
	c.data, c.deps = code.Value, c.deps.Union(code.Deps)
	if tree := code.Subtree(); tree != "" {
		c.tree = tree
	}
}

// include lowers the content of another file in its place; what that file defines stays there.
func (l *lowering) include(n *node, sc *scope) []item {
	for i := range n.attrs {
		if a := &n.attrs[i]; a.name != "src" {
			l.stray(a, n.src)
		}
	}
	path, ok := l.c.target(n, n.src, l.c.dialect.templateEnding())
	if !ok {
		return nil
	}
	for i, open := range l.including {
		if open == path {
			chain := append(append([]string{}, l.including[i:]...), path)
			n.src.fault(n.at, "include goes in a circle: "+strings.Join(chain, " → "), "take one of them out")
			return nil
		}
	}
	tree := l.c.tree(path)
	l.out.includes[path] = true
	l.including = append(l.including, path)
	kids := l.kids(tree.kids, sc)
	l.including = l.including[:len(l.including)-1]
	return kids
}
