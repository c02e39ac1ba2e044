// Package preview serves one mini program from its developer's folder: it builds, watches, rebuilds on save, tells the
// page to reload, and prints what the program logs with the source line it came from.
//
//	p := preview.New(dir, os.Stdout)
//	p.Routes(mux)       // /api/preview/v1/…
//	err := p.Watch(ctx) // returns when ctx ends
package preview
