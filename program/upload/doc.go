// Package upload takes packages in: a zip comes from a console or from a developer's build server, is compiled, and becomes
// a version of its app.
//
//	uploads := upload.New(releases, upload.Options{})
//	uploads.ConsoleRoutes(console, who) // POST /apps/{app}/versions
//	uploads.OpenRoutes(api, door)       // POST /open/v1/versions, for keys with the scope program:upload
//
//	up, err := uploads.Upload(ctx, by, upload.Package{App: app, Label: "1.0.3", Zip: body})
//	var not *upload.NotBuilt
//	if errors.As(err, &not) {
//		fmt.Println(not.Diagnostics) // pages/index/index.jxml:14:9: unknown directive jd.if, did you mean jd:if?
//	}
package upload
