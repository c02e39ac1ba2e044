// Package web embeds the browser side of Minimart, as bundled by web/build: the two runtimes a mini program runs on, the
// built-in modules they load on use, and the host app.
//
//	mux.Handle("/app/", web.HostHandler())
//	frame := fmt.Sprintf(`<!doctype html><body><script>%s</script>`, web.ViewRuntime())
//
// It holds files and serves them; it knows nothing of programs, and imports no room.
package web
