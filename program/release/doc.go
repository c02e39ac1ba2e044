// Package release keeps apps, their versions, and which version of each app everybody gets.
//
//	err := db.Migrate(ctx, "release", release.Schema)
//	releases := release.New(db, blobs, clock.System)
//
//	app, err := releases.CreateApp(ctx, release.NewApp{Name: "拾光家居", Domains: release.Domains{Request: []string{"https://shop.example"}}})
//	v, err := releases.AddVersion(ctx, release.NewVersion{App: app.ID, Label: "1.0.0", Manifest: m, Files: files})
//	err = releases.Promote(ctx, app.ID, v.ID) // now it is out; promoting an earlier version rolls back
//	current, err := releases.Released(ctx, app.ID)
//
// Review, trial versions and staged release come between AddVersion and Promote later; the states are there for it.
package release
