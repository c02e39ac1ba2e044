// Package deliver brings programs to browsers: the list of programs, launch manifests, immutable files, and the sandbox
// document in which a program runs.
//
//	deliver.Routes(api, mux, deliver.Config{
//		Programs: deliver.Released(releases), // or deliver.NewMemory() for a preview
//		Files:    deliver.Stored(blobs),
//		Runtime:  deliver.Runtime{View: web.ViewRuntime(), Worker: web.WorkerRuntime(), Builtins: web.Builtins()},
//	})
//
//	GET /api/host/v1/programs?query=&cursor=&limit=     released programs
//	GET /api/host/v1/programs/{app}/launch              what a host needs to open one (web/host/src/runner/launch.ts reads it)
//	GET /p/{file}                                       a built file, by the hash of its content, for ever
//	GET /run/{app}/{version}/frame                      the sandbox document, with the view runtime in it (web/runtime)
package deliver
