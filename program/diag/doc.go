// Package diag holds what the compiler has to say about a package: errors and
// warnings that name the file, the line, the column, what is wrong and what
// would be right.
//
//	var list diag.List
//	lines := diag.NewLines(src)
//	line, column := lines.At(offset)
//	list.Add(diag.Diagnostic{
//		File: "pages/cart/index.jxml", Line: line, Column: column,
//		Message: "unknown directive jd.if",
//		Hint:    diag.DidYouMean("jd.if", []string{"jd:if", "jd:for"}),
//	})
//	for _, d := range list.All() {
//		fmt.Println(d) // pages/cart/index.jxml:14:9: unknown directive jd.if, did you mean jd:if?
//	}
package diag
