package template

import (
	"slices"
	"strings"

	"minimart/program/diag"
	"minimart/program/tags"
)

// walk visits all items of a definition, those nested in others included. inside tells whether an item stands in a
// loop, a condition or the content of a slot, and so may not be there at all.
func walk(items []item, inside bool, visit func(it item, inside bool)) {
	for _, it := range items {
		visit(it, inside)
		switch it := it.(type) {
		case *element:
			walk(it.kids, inside, visit)
		case *component:
			for _, s := range it.slots {
				walk(s.kids, true, visit)
			}
		case *loop:
			walk(it.kids, true, visit)
		case *branch:
			for _, kids := range it.kids {
				walk(kids, true, visit)
			}
		}
	}
}

// definitions are the root and the named templates of a file.
func (f *file) definitions() []*definition {
	out := []*definition{f.root}
	for _, name := range f.order {
		out = append(out, f.templates[name])
	}
	return out
}

// enliven finds out which definitions the logic side has to run: those that hold a component or a slot, or a call that
// can reach one that does. Imported files are done before, so only calls inside the file need repeating.
func (c *Compiler) enliven(f *file) {
	for _, d := range f.definitions() {
		walk(d.kids, false, func(it item, _ bool) {
			switch it := it.(type) {
			case *component, *outlet:
				d.live = true
			case *call:
				for _, name := range it.candidates {
					if target, _ := f.lookup(name); target == nil && it.src.diags.Len() <= diag.Cap {
						it.src.warn(it.at, "there is no template "+name+" here or in the imported files", diag.DidYouMean(name, f.named()))
					}
				}
			}
		})
	}
	// From what is live, back along the calls. A call by a computed name waits for any name with its prefix.
	byName := map[*definition][]*definition{}
	byPrefix := map[string][]*definition{}
	var queue []*definition
	for _, d := range f.definitions() {
		if d.live {
			queue = append(queue, d)
			continue
		}
		prefixed := map[string]bool{}
		walk(d.kids, false, func(it item, _ bool) {
			call, isCall := it.(*call)
			switch {
			case !isCall:
			case call.candidates != nil:
				for _, target := range f.targets(call) {
					byName[target] = append(byName[target], d)
				}
			case !prefixed[call.prefix]:
				prefixed[call.prefix] = true
				byPrefix[call.prefix] = append(byPrefix[call.prefix], d)
			}
		})
	}
	for _, imported := range f.imports {
		for _, name := range imported.order {
			if d := imported.templates[name]; d.live {
				if seen, _ := f.lookup(name); seen == d {
					queue = append(queue, d)
				}
			}
		}
	}
	wake := func(callers []*definition) {
		for _, d := range callers {
			if !d.live {
				d.live = true
				queue = append(queue, d)
			}
		}
	}
	for len(queue) > 0 {
		d := queue[0]
		queue = queue[1:]
		wake(byName[d])
		if d.name == "" {
			continue // nothing calls a root
		}
		for prefix, callers := range byPrefix {
			if strings.HasPrefix(d.name, prefix) {
				wake(callers)
				delete(byPrefix, prefix)
			}
		}
	}
}

func (f *file) callLives(c *call) bool {
	return slices.ContainsFunc(f.targets(c), func(d *definition) bool { return d.live })
}

// checkRecursion refuses templates that call themselves without anything that could end it. Imports make no circles,
// so only templates of one file can.
func (c *Compiler) checkRecursion(f *file) {
	calls := map[*definition][]*call{}
	for _, d := range f.definitions() {
		walk(d.kids, false, func(it item, inside bool) {
			if call, ok := it.(*call); ok && !inside && len(call.candidates) == 1 {
				calls[d] = append(calls[d], call)
			}
		})
	}
	state := map[*definition]int{} // 1 being visited, 2 done
	var chain []*definition
	var visit func(d *definition)
	visit = func(d *definition) {
		state[d] = 1
		chain = append(chain, d)
		for _, call := range calls[d] {
			target, owner := f.lookup(call.candidates[0])
			if target == nil || owner != f {
				continue
			}
			switch state[target] {
			case 0:
				visit(target)
			case 1:
				var names []string
				for _, d := range chain[slices.Index(chain, target):] {
					names = append(names, d.name)
				}
				call.src.fault(call.at, "the template "+target.name+" uses itself without end: "+strings.Join(append(names, target.name), " → "),
					"put the call under "+c.dialect.directive("if")+" or "+c.dialect.directive("for"))
			}
		}
		chain = chain[:len(chain)-1]
		state[d] = 2
	}
	for _, d := range f.definitions() {
		if state[d] == 0 {
			visit(d)
		}
	}
}

// html are tags that people bring from the web, and what stands for them here.
var html = map[string]string{
	"div": "view", "p": "view", "section": "view", "header": "view", "footer": "view", "main": "view", "nav": "view", "ul": "view",
	"ol": "view", "li": "view", "article": "view", "table": "view", "tr": "view", "td": "view", "h1": "view", "h2": "view", "h3": "view",
	"h4": "view", "span": "text", "strong": "text", "em": "text", "b": "text", "i": "text", "img": "image", "a": "navigator",
	"select": "picker", "iframe": "web-view",
}

// CheckUnit reports the component tags that a unit's template uses and the unit does not declare. In imported files it
// follows the templates that the unit can reach; what it can only reach through a computed name is a warning, and nothing
// when another unit declares it.
func (c *Compiler) CheckUnit(u Unit) diag.List {
	var list diag.List
	known := map[string]bool{}
	for _, tag := range u.Using {
		known[tag] = true
	}
	for _, tag := range u.Generics {
		known[tag] = true
	}
	names := append(sortedKeys(known), tags.RuntimeTags...)
	hinted := map[string]bool{}
	report := func(at use, certain bool) {
		if known[at.tag] || tags.IsBuiltIn(at.tag) || (!certain && u.Elsewhere[at.tag]) {
			return
		}
		d := diag.Diagnostic{File: at.src.path, Message: "the component <" + at.tag + "> is not declared by " + u.Path}
		d.Line, d.Column = at.src.position(at.at)
		if meant := html[at.tag]; meant != "" {
			d.Message = "<" + at.tag + "> is no tag of mini programs, and no component declared by " + u.Path
			d.Hint = "did you mean <" + meant + ">?"
		} else if near := diag.Nearest(at.tag, names); near != "" {
			d.Hint = "did you mean <" + near + ">?"
		} else {
			d.Hint = "add it to usingComponents in " + u.Path + ".json"
		}
		if !certain {
			// Generated templates use one tag in many places: once is enough to say so.
			if hinted[at.tag] {
				return
			}
			hinted[at.tag] = true
			d.Severity = diag.SeverityWarning
		}
		list.Add(d)
	}

	type reached struct {
		def  *definition
		file *file
	}
	certainty := map[*definition]int{} // 1 perhaps, 2 certainly
	var queue []reached
	reach := func(d *definition, f *file, certain int) {
		if certainty[d] < certain {
			certainty[d] = certain
			queue = append(queue, reached{d, f})
		}
	}
	home := c.file(u.File)
	reach(home.root, home, 2)
	// A template of the unit's own file is its own text: what is wrong there is wrong, called or not.
	for _, name := range home.order {
		reach(home.templates[name], home, 2)
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		certain := certainty[at.def]
		for _, g := range at.def.generics {
			report(g, certain == 2)
		}
		computed := map[string]bool{} // prefixes of computed names that were followed already
		walk(at.def.kids, false, func(it item, _ bool) {
			switch it := it.(type) {
			case *component:
				report(use{it.tag, it.at, it.src}, certain == 2)
			case *call:
				if it.candidates == nil {
					if computed[it.prefix] {
						return
					}
					computed[it.prefix] = true
				}
				to := 1
				if len(it.candidates) > 0 {
					to = certain
				}
				for _, target := range at.file.targets(it) {
					_, owner := at.file.lookup(target.name)
					reach(target, owner, to)
				}
			}
		})
	}
	return list
}
