// Package jsonc reads the configuration files people write by hand: JSON that
// may start with a byte order mark and may hold comments and trailing commas.
// Every value knows where it stands, so that what is wrong with it can be said
// with line and column.
//
//	root, problem := jsonc.Parse(src)
//	if problem != nil {
//		line, column := diag.Position(src, problem.Offset)
//		…
//	}
//	for _, page := range root.Get("pages").Items { fmt.Println(page.Text, page.Offset) }
//	strict := root.JSON() // the same value as strict JSON
package jsonc
