package expr

import "strings"

// subtreeOf is the change tree below e where more than yes or no can be said. What it reads is in c.deps already.
func (c *compiler) subtreeOf(e Expr) string {
	if base, keys, ok := c.path(e); ok && base.kind != Module {
		return dependency(base, keys).subtree(keys)
	}
	switch e := e.(type) {
	case *Index:
		// a[i]: by number the item's own subtree, as long as i stays; a name could be "length".
		if base, keys, ok := c.path(e.Object); ok && base.kind != Module {
			quiet := &compiler{resolver: c.resolver}
			key := quiet.print(e.Key, precArgument)
			above := dependency(base, keys)
			sub := above.subtree(keys)
			js := "typeof " + wrap(key, precUnary-1, keyPrec(e.Key)) + `=="number"?R.g1(` + sub + "," + key + "):" + above.Changed() + "?!0:void 0"
			if changed := quiet.deps.reduced().Changed(); changed != "" {
				js = changed + "?!0:" + js
			}
			return js
		}
	case *Binary:
		// a || [] and the like: an empty fallback has nothing in it that could differ unnoticed.
		if e.Op == "||" || e.Op == "??" {
			if base, keys, ok := c.path(e.X); ok && base.kind != Module && empty(e.Y) {
				return dependency(base, keys).subtree(keys)
			}
		}
	case *Object:
		return c.objectTree(e)
	}
	return ""
}

// keyPrec asks for brackets around a key behind typeof unless it is a plain path.
func keyPrec(e Expr) int {
	switch e.(type) {
	case *Name, *Member:
		return 0
	}
	return precMember
}

func empty(e Expr) bool {
	switch e := e.(type) {
	case *Array:
		return len(e.Items) == 0
	case *Object:
		return len(e.Fields) == 0
	case *Literal:
		return e.Value == "" || isMissing(e.Value)
	}
	return false
}

// objectTree is the change tree of an object literal: a tree for each field; everything when a part cannot be told.
func (c *compiler) objectTree(o *Object) string {
	var all []string // conditions under which everything changed
	var parts []string
	for _, f := range o.Fields {
		s, isSpread := f.Value.(*Spread)
		value := f.Value
		if isSpread {
			value = s.X
		}
		_, nested := value.(*Object)
		field := (&compiler{resolver: c.resolver}).compiled(value)
		switch {
		case field.Constant():
		case !isSpread:
			parts = append(parts, Key(f.Key)+":"+field.Subtree())
		case field.subtree != "" && !nested: // written twice, so not what could hold another one
			all = append(all, "("+field.subtree+")===!0")
			parts = append(parts, "..."+wrapSpread(field.subtree))
		default:
			all = append(all, "!!("+field.Changed()+")")
		}
	}
	if len(parts) == 0 && len(all) == 0 {
		return ""
	}
	js := "{" + strings.Join(parts, ",") + "}"
	if len(all) > 0 {
		return "(" + strings.Join(all, "||") + ")||" + js
	}
	return js
}

func wrapSpread(js string) string {
	if strings.ContainsAny(js, "?|") {
		return "(" + js + ")"
	}
	return js
}

func (c *compiler) compiled(e Expr) Code {
	out := c.print(e, precArgument)
	return Code{Value: out, Deps: c.deps.reduced(), subtree: c.subtreeOf(e)}
}
