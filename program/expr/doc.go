// Package expr is the language inside {{ }}: it parses an expression, compiles it to JavaScript that never throws on a
// missing value, knows which data it reads, and evaluates it in Go.
//
//	text, problems := expr.ParseText(`row {{ item.name }}`, expr.Options{})
//	code := expr.CompileText(text, resolver)
//	code.Value     // "row "+R.y(f.v?.name)
//	code.Changed() // R.u1(f.w,"name")
//
//	e, _ := expr.Parse(`price * 2`, 0)
//	v, _ := expr.Eval(e, expr.Fields{"price": 3.0}) // 6
//
// Only data, loop variables and script modules can be named. There are no globals, no assignments, no functions, and no
// way from a value to its constructor, so that a template cannot run code of its own.
package expr
