package expr

import (
	"slices"
	"strconv"
	"strings"
)

// Dep is one thing a piece of code reads: a data path, a loop's item or something in it, or a loop's index.
type Dep struct {
	Kind Kind
	// Up counts the loops between the innermost one and the one it belongs to; 0 for Data.
	Up int
	// Keys below the item, or below the data object, where they are not empty.
	Keys []string
}

// Deps is a set of things read.
type Deps []Dep

// dependency is what reading keys below base depends on. The length of a list changes when anything in the list is
// set, which leaves no mark at "length": it depends on the whole list.
func dependency(base root, keys []string) Dep {
	least := 0
	if base.kind == Data {
		least = 1
	}
	if base.kind == Position {
		return Dep{Kind: Position, Up: base.up}
	}
	for i := least; i < len(keys); i++ {
		if keys[i] == "length" {
			keys = keys[:i]
			break
		}
	}
	return Dep{base.kind, base.up, slices.Clone(keys)}
}

// subtree is the change tree at the dependency; when it was cut short (at a length), only yes or no is known.
func (d Dep) subtree(keys []string) string {
	if d.Kind != Position && len(d.Keys) < len(keys) || d.Kind == Position && len(keys) > 0 {
		return d.Changed() + "?!0:void 0"
	}
	tree := d.tree()
	switch len(d.Keys) {
	case 0:
		return tree
	case 1:
		return "R.g1(" + tree + "," + keyLiteral(d.Keys[0]) + ")"
	}
	return "R.gn(" + tree + "," + keyList(d.Keys) + ")"
}

func keyList(keys []string) string {
	quoted := make([]string, len(keys))
	for i, k := range keys {
		quoted[i] = keyLiteral(k)
	}
	return "[" + strings.Join(quoted, ",") + "]"
}

func (d Dep) tree() string {
	switch d.Kind {
	case Item:
		return frame(d.Up) + ".w"
	case Position:
		return frame(d.Up) + ".x"
	}
	return "f.u"
}

// Changed is the JavaScript condition for one dependency.
func (d Dep) Changed() string {
	tree := d.tree()
	switch len(d.Keys) {
	case 0:
		return tree
	case 1:
		return "R.u1(" + tree + "," + keyLiteral(d.Keys[0]) + ")"
	case 2:
		return "R.u2(" + tree + "," + keyLiteral(d.Keys[0]) + "," + keyLiteral(d.Keys[1]) + ")"
	}
	return "R.un(" + tree + "," + keyList(d.Keys) + ")"
}

// Union returns both sets together, without what is covered.
func (ds Deps) Union(more Deps) Deps {
	return append(slices.Clone(ds), more...).reduced()
}

// reduced drops dependencies that another one covers, and keeps the order of the rest.
func (ds Deps) reduced() Deps {
	if len(ds) < 2 {
		return ds
	}
	have := make(map[string]bool, len(ds))
	for _, d := range ds {
		have[d.id(len(d.Keys))] = true
	}
	taken := make(map[string]bool, len(ds))
	out := make(Deps, 0, len(ds))
next:
	for _, d := range ds {
		for n := range d.Keys {
			if have[d.id(n)] {
				continue next
			}
		}
		if own := d.id(len(d.Keys)); !taken[own] {
			taken[own] = true
			out = append(out, d)
		}
	}
	return out
}

// id names the dependency on the first n keys of d.
func (d Dep) id(n int) string {
	return strconv.Itoa(int(d.Kind)) + "," + strconv.Itoa(d.Up) + "\x00" + strings.Join(d.Keys[:n], "\x00")
}

// Changed is the condition that anything in the set may have changed: one expression that can stand as an operand of
// ||, or "" for an empty set.
func (ds Deps) Changed() string {
	conds := make([]string, len(ds))
	for i, d := range ds {
		conds[i] = d.Changed()
	}
	return strings.Join(conds, "||")
}

// Outside is what a loop's block reads from outside the loop, seen from there: the loop's own item and index are left out.
func (ds Deps) Outside() Deps {
	var out Deps
	for _, d := range ds {
		switch {
		case d.Kind == Data:
			out = append(out, d)
		case d.Up > 0:
			d.Up--
			out = append(out, d)
		}
	}
	return out
}
