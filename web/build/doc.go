// Command build bundles the browser side of Minimart with esbuild's Go API:
//
//	go run ./web/build         # write web/dist
//	go run ./web/build -check  # fail when web/dist is not what the sources say
//
// Run it from anywhere inside the module. Node is not needed; the host app's one dependency, lit, is: `npm ci` in web/.
//
// web/dist is committed and embedded (package web), so that whoever builds the program needs Go alone. The output depends
// on nothing but the sources and the versions in go.mod and package-lock.json: no dates, no paths, no order of maps.
package main
