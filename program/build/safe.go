package build

import (
	"strings"

	"minimart/program/script"
	"minimart/program/template"
)

// safeModule compiles a JDS or WXS module a template uses, once, with those it requires, and returns its piece's name.
func (b *builder) safeModule(m template.Module) string {
	source := script.Source{File: m.ID, Code: string(b.pkg.Files[m.ID])}
	if m.Inline {
		file, _, _ := strings.Cut(m.ID, "#") // of the template that has it, which may be an included one
		source = script.Source{File: file, Code: m.Code, Line: m.Line, Column: m.Column}
	} else if !b.pkg.Has(m.ID) {
		return "" // the template compiler has reported it
	}
	return b.safePiece(m.ID, source)
}

func (b *builder) safePiece(id string, source script.Source) string {
	name := "module " + id
	if _, done := b.pieces[name]; done {
		return name
	}
	b.pieces[name] = piece{} // modules may require each other in a circle
	safe, found := script.CompileSafe(b.pkg, source)
	b.result.Diagnostics.Append(found)
	if safe == nil {
		return name
	}
	p := piece{text: "$S(" + string(mustJSON(id)) + ",function(module,exports,require,$lib){" + safe.Code + "\n});"}
	for _, r := range safe.Requires {
		if r.Resolved != "" {
			p.needs = append(p.needs, b.safePiece(r.Resolved, script.Source{File: r.Resolved, Code: string(b.pkg.Files[r.Resolved])}))
		}
	}
	b.pieces[name] = p
	return name
}
