// Package release keeps apps, their versions, who tries them, and which version of an app each device gets.
//
//	err := db.Migrate(ctx, "release", release.Schema)
//	releases := release.New(db, blobs, clock.System, release.WithLog(accounts), release.WithPhones(consumers))
//	releases.ConsoleRoutes(console, who)
//
//	app, err := releases.Create(ctx, actor, org, release.NewApp{Name: "拾光家居"})
//	v, err := releases.AddVersion(ctx, release.NewVersion{App: app.ID, Label: "1.0.0", Manifest: m, Files: files, Source: pkg.Files, By: by})
//	link, err := releases.SetTrial(ctx, actor, app.ID, v.ID)           // for testers, by link
//	v, err = releases.MoveVersion(ctx, tx, app.ID, v.ID, from, to)     // by the review room
//	_, err = releases.Release(ctx, actor, app.ID, v.ID, 100_000)       // to a tenth of the devices
//	_, err = releases.Raise(ctx, actor, app.ID, release.Everybody)
//	_, err = releases.RollBack(ctx, actor, app.ID, earlier)
//	current, err := releases.ReleasedTo(ctx, app.ID, device)
package release
