// Package build turns a package into what a browser runs: content-addressed files, a manifest that says which file holds
// what, and diagnostics, all at once. It reads nothing but the package and never runs its code.
//
//	pkg, found := pkgfile.ReadDir("examples/jewellery", pkgfile.DefaultLimits())
//	result := build.Build(pkg, build.Options{Minify: true})
//	found.Append(result.Diagnostics)
//	if found.HasErrors() { … }
//	result.Manifest, result.Files // store them
package build
