// Package pkgfile reads a mini-program package, from a folder or a zip file, and
// says what is in it: the dialect, app.json, pages, components and files. It is
// the only door through which outside files come in, and it trusts none of them.
//
//	pkg, list := pkgfile.ReadZip(upload, size, pkgfile.Limits{})
//	if list.HasErrors() {
//		return list.Err() // app.json:3:5: the page pages/cart/index has no template, …
//	}
//	for _, page := range pkg.Pages {
//		fmt.Println(page.Path, page.Template, page.Script, page.Subpackage)
//	}
//
// Nothing of a package is ever executed, and nothing is written anywhere.
package pkgfile
