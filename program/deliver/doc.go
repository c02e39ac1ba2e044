// Package deliver brings programs to browsers: the list of programs, launch manifests, immutable files, and the sandbox
// document in which a program runs.
//
//	d := deliver.New(deliver.Config{
//		Programs: deliver.ReleasedTo(hosts, releases),
//		Files:    deliver.Stored(blobs),
//		Runtime:  deliver.Runtime{View: web.ViewRuntime(), Worker: web.WorkerRuntime(), Builtins: web.Builtins()},
//		Capabilities: capabilities, Owners: accounts,
//	})
//	d.HostRoutes(host) // the group under /api/host/v1, behind the door of host apps
//	d.FileRoutes(mux)
//
// A preview has no host apps: deliver.Routes(api, mux, deliver.Config{Programs: memory, Files: memory, Runtime: …}).
//
//	GET /api/host/v1/programs?query=&cursor=&limit=     programs the visitor can open
//	GET /api/host/v1/programs/{app}/launch?ticket=      what a host needs to open one (web/host/src/runner/launch.ts reads it)
//	GET /p/{file}                                       a built file, by the hash of its content, for ever
//	GET /run/{app}/{version}/frame                      the sandbox document, with the view runtime in it (web/runtime)
package deliver
