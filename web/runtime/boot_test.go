package runtime_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"minimart/platform/testkit/browser"
)

// policy is what program/deliver sends with a program's frame, as far as the runtime depends on it.
const policy = "default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:; style-src 'unsafe-inline'; img-src data: blob:; connect-src 'none'; sandbox allow-scripts"

// bootHost is a host page: it says what a real one says, and keeps what it hears.
const bootHost = `<!doctype html><link rel="icon" href="data:,"><body><iframe id="f" sandbox="allow-scripts" style="width:300px;height:300px;border:0"></iframe><script>
const heard = [], fromWorker = []
const worker = ` + "`" + `
	onmessage = (e) => {
		if (e.data.mm !== "boot") { port.postMessage({ view: e.data }); return }
		globalThis.port = e.ports[0]
		port.postMessage({ env: e.data.env, origin: self.origin })
		port.onmessage = (m) => postMessage(m.data)
	}` + "`" + `
function boot(name) {
	const view = new MessageChannel, logic = new MessageChannel
	view.port1.onmessage = (e) => heard.push(e.data)
	logic.port1.onmessage = (e) => fromWorker.push(e.data)
	f.contentWindow.postMessage({ mm: "boot", worker, env: { app: name }, assets: { "a.png": "data:image/png;base64,AA" } }, "*", [view.port2, logic.port2])
	return { view: view.port1, logic: logic.port1 }
}
let hellos = 0, ports
addEventListener("message", (e) => { if (e.source === f.contentWindow && e.data.mm === "hello" && ++hellos === 1) ports = boot("first") })
f.src = "/frame"
</script>`

// The frame's document says hello, takes the first boot from its parent and no other, starts the worker from text, runs code
// in order, applies a flush that came before the code, and answers over both ports, all inside an opaque origin.
func TestFrameBoots(t *testing.T) {
	view := bundle(t, "src/view/main.ts")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path == "/frame" {
			w.Header().Set("Content-Security-Policy", policy)
			fmt.Fprintf(w, `<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><body><script>%s</script>`, view)
			return
		}
		fmt.Fprint(w, bootHost)
	}))
	defer server.Close()
	page := browser.Open(t, browser.Desk, server.URL+"/")
	page.Await(`fromWorker.length === 1`)
	page.Await(`fromWorker[0].env.app === "first" && fromWorker[0].origin === "null"`)

	// A flush first, its code after: it waits. Then a tap, heard by the worker.
	page.Await(`(ports.logic.postMessage(JSON.stringify({ s: 1, o: [["n", 1, 0, "", "p", { name: "小集" }, {}], ["t", "push", 1]] })), true)`)
	page.Await(`(ports.view.postMessage({ code: "$T('p.jxml', function (R) { const T = { t: {}, i: [] }; T.b = R.b('<mm-view id=\\'v\\' style=\\'width:75rpx;height:60px\\'> </mm-view><mm-icon></mm-icon>', [[0], [0, 0]], [[0, { e: { tap: ['hit', 0] } }]], (b, f, c) => R.t(b, 0, 1, f.d.name)); return T })", name: "p template.js" }),
		ports.view.postMessage({ code: "$U('p', { prefix: 'p1--', tpl: 'p.jxml', css: '.p1--x{color:red}' })", name: "p.js" }), true)`)
	frame := page.Frame("/frame")
	frame.AwaitText("mm-page", "小集")
	frame.Await(`document.getElementById("v").offsetWidth === 30`)
	page.Await(`fromWorker.some((m) => m.view && m.view.a === 1)`)
	page.Await(`heard.some((m) => m.painted > 0) && heard.some((m) => m.need === "extra")`)
	frame.Click("#v")
	page.Await(`fromWorker.some((m) => m.view && m.view.e && m.view.e[0][0] === 1 && m.view.e[0][1] === "hit")`)

	// A second boot is nobody's.
	page.Await(`(boot("second"), true)`)
	frame.Await(`(parent.postMessage({ mm: "done" }, "*"), window.postMessage({ mm: "boot" }, "*"), true)`)
	page.Await(`fromWorker.every((m) => !m.env || m.env.app === "first") && hellos === 1`)

	// Code that cannot be read is told, and does not stop what comes after it.
	page.Await(`(ports.view.postMessage({ code: "this is no code", name: "broken.js" }), ports.view.postMessage({ code: "document.body.dataset.after = 1", name: "after.js" }), true)`)
	frame.Await(`document.body.dataset.after === "1"`)
	page.Await(`heard.some((m) => m.ev === "error" && /SyntaxError|Unexpected/.test(m.message))`)
}
