// Package template compiles the markup of mini programs, JXML and WXML, to the two things that run: view code, which
// builds and updates the page, and the logic skeleton, which creates and updates component instances.
//
//	c := template.New(files, template.JD)
//	out := c.File("pages/cart/index.jxml")
//	out.View      // $T("pages/cart/index.jxml",function(R){…}) for the view bundle
//	out.Skeleton  // the same call for the logic bundle, "" when the logic side has nothing to do
//	out.Modules   // script modules to compile into both bundles
//	out.Diags     // pages/cart/index.jxml:14:9: unknown directive jd.if, did you mean jd:if?
//
//	undeclared := c.CheckUnit(template.Unit{Path: "pages/cart/index", File: "pages/cart/index.jxml", Using: []string{"price-tag"}})
//
// What the emitted code calls is written down in web/runtime/ABI.md.
package template
