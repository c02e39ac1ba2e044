package template

import (
	"regexp"
	"sort"
	"strconv"
	"strings"

	"minimart/program/expr"
)

// writer collects the constants of one file. Equal constants are written once: the templates that generators such as
// Taro's write are copies of a few.
type writer struct {
	f     *file
	out   strings.Builder
	names map[string]string
	calls bool // a template is called, so the file object must have a name
}

// constant declares a constant, or finds the one that has this value.
func (w *writer) constant(prefix, js string) string {
	if name, ok := w.names[js]; ok {
		return name
	}
	name := prefix + strconv.Itoa(len(w.names))
	w.names[js] = name
	w.out.WriteString("const " + name + "=" + js + ";\n")
	return name
}

var moduleName = regexp.MustCompile(`\bM\d+\b`)

// moduleVariable holds the exports of the file's i-th module.
func moduleVariable(i int) string { return "M" + strconv.Itoa(i) }

// finish wraps the constants into the registration of the file.
func (w *writer) finish(root string, templates []string, imports []string) string {
	var uses expr.Helpers
	for _, d := range w.f.definitions() {
		uses |= d.uses
	}
	body := w.out.String()
	tail := "b:" + root + ",t:{" + strings.Join(templates, ",") + "},i:[" + strings.Join(imports, ",") + "]"
	var b strings.Builder
	b.WriteString("$T(" + expr.Quote(w.f.path) + ",function(R){\n")
	if strings.Contains(body, "G(") || strings.Contains(body, "A(") {
		b.WriteString(uses.HelperJS())
	}
	// The code is searched: a name inside a text costs a constant too many, never one too few.
	used := map[string]bool{}
	if len(w.f.modules) > 0 {
		for _, name := range moduleName.FindAllString(body, -1) {
			used[name] = true
		}
	}
	for i, m := range w.f.modules {
		if name := moduleVariable(i); used[name] {
			b.WriteString("const " + name + "=R.w(" + expr.Quote(m.ID) + ");\n")
		}
	}
	if w.calls {
		b.WriteString("const T={};\n" + body + "return Object.assign(T,{" + tail + "})});\n")
	} else {
		b.WriteString(body + "return{" + tail + "}});\n")
	}
	return b.String()
}

// guarded are the statements of one block function: bindings, each run when its condition holds, then regions.
type guarded struct {
	order   []string // conditions in order of appearance
	byGuard map[string][]string
	regions []string
	deps    expr.Deps
}

// when adds a statement that runs at creation and when cond holds; "" is at creation only.
func (g *guarded) when(cond, js string) {
	if g.byGuard == nil {
		g.byGuard = map[string][]string{}
	}
	if _, ok := g.byGuard[cond]; !ok {
		g.order = append(g.order, cond)
	}
	g.byGuard[cond] = append(g.byGuard[cond], js)
}

func guard(cond, js string) string {
	if cond == "" {
		return "c&&" + js
	}
	return "(c||" + cond + ")&&" + js
}

// body is the text of the block function's body, "" when there is nothing to do.
func (g *guarded) body() string {
	var stmts []string
	for _, cond := range g.order {
		list := g.byGuard[cond]
		js := list[0]
		if len(list) > 1 {
			js = "(" + strings.Join(list, ",") + ")"
		}
		stmts = append(stmts, guard(cond, js))
	}
	return strings.Join(append(stmts, g.regions...), ";")
}

func blockFunction(body string) string {
	if body == "" {
		return "0"
	}
	return "(b,f,c)=>{" + body + "}"
}

func object(fields []named) string {
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = expr.Key(f.name) + ":" + f.value.js()
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// handlers writes events with fixed or (dynamic) computed handlers as an object literal.
func handlers(events []event, dynamic bool) string {
	var parts []string
	for _, e := range events {
		if e.handler.known == dynamic {
			continue
		}
		handler := e.handler.js()
		if e.handler.known {
			handler = expr.Quote(e.handler.text())
		}
		parts = append(parts, expr.Key(e.key)+":["+handler+","+strconv.Itoa(e.flags)+"]")
	}
	if len(parts) == 0 {
		return ""
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func quotedPath(keys []string) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = expr.Quote(k)
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// outer is the oc argument of a list: what its block reads from outside the item and has changed.
func outer(deps expr.Deps) string {
	changed := deps.Changed()
	switch {
	case changed == "":
		return "!1"
	case len(deps) == 1 && !strings.HasPrefix(changed, "R."):
		return "!!" + changed
	case needsBool(deps):
		return "!!(" + changed + ")"
	}
	return changed
}

func needsBool(deps expr.Deps) bool {
	for _, d := range deps {
		if len(d.Keys) == 0 {
			return true
		}
	}
	return false
}

// which is the index of the live branch as an expression.
func which(tests []*value) string {
	var b strings.Builder
	for i, t := range tests {
		if t == nil {
			b.WriteString(strconv.Itoa(i))
			return b.String()
		}
		b.WriteString("(" + t.js() + ")?" + strconv.Itoa(i) + ":")
	}
	b.WriteString("-1")
	return b.String()
}

// list is the list argument with its change tree.
func (lp *loop) args() (list, tree string) {
	tree = lp.list.code.Subtree()
	if tree == "" {
		tree = "void 0"
	}
	return lp.list.js(), tree
}

func sortedSlots(slots map[string]string) string {
	names := make([]string, 0, len(slots))
	for name := range slots {
		names = append(names, name)
	}
	sort.Strings(names)
	parts := make([]string, len(names))
	for i, name := range names {
		key := expr.Key(name)
		if name == "" {
			key = `""`
		}
		parts[i] = key + ":" + slots[name]
	}
	return "{" + strings.Join(parts, ",") + "}"
}
