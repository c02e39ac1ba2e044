package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/platform/testkit/browser"
)

// TestMain lets the test binary be the program itself, so that tests can start it, kill it and read its exit status.
func TestMain(m *testing.M) {
	if os.Getenv("MINIMART_TEST_RUNS_MAIN") != "" {
		os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr))
	}
	status := m.Run()
	stopDemo()
	os.Exit(status)
}

// output is written by the program and read by the test.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

var openAddress = regexp.MustCompile(`Open +(http://\S+)/app/`)

// await waits until the demo has printed its address.
func (o *output) await() (string, error) {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if m := openAddress.FindStringSubmatch(o.String()); m != nil {
			return m[1], nil
		}
	}
	return "", fmt.Errorf("the demo printed no address within a minute: %s", o)
}

// stopDemo ends the demo that the browser tests share, if one was started.
var stopDemo = func() {}

// sharedDemo starts the demo once, as its command does, and answers with its address.
var sharedDemo = sync.OnceValues(func() (string, error) {
	data, err := os.MkdirTemp("", "minimart-demo-*")
	if err != nil {
		return "", err
	}
	var out output
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() {
		over <- demoCommand{platformFlags{Data: data, Listen: "127.0.0.1:0", LogFormat: "text"}}.Run(ctx, streams{&out, &out})
	}()
	stopDemo = func() {
		cancel()
		if err := <-over; err != nil {
			fmt.Fprintln(os.Stderr, "the demo ended badly:", err, out.String())
		}
		os.RemoveAll(data)
	}
	address, err := out.await()
	if err != nil {
		select {
		case ended := <-over:
			over <- ended
			err = fmt.Errorf("%w (%w)", err, ended)
		default:
		}
	}
	return address, err
})

// visitor is somebody at a screen who uses one program in the host.
type visitor struct {
	*browser.Page
	t       *testing.T
	screen  browser.Screen
	program *browser.Frame
}

// hearPrograms prints what a program reports as an error where the browser tests listen.
const hearPrograms = `addEventListener("mm-log", e => { if (e.detail.level === "error") console.error("the program reports: " + e.detail.text + "\n" + (e.detail.stack || "")) })`

// enter opens a program of the demo by its address. Visitors come at the same time as others: they mostly wait.
func enter(t *testing.T, screen browser.Screen, address string) *visitor {
	t.Helper()
	t.Parallel()
	v := arriveAt(t, screen, "/app/"+address)
	v.enterProgram()
	return v
}

// arriveAt opens an address of the demo's host. At the end of the test nothing may have been reported as an error.
// The scripts run in every document before its own.
func arriveAt(t *testing.T, screen browser.Screen, address string, scripts ...string) *visitor {
	t.Helper()
	if testing.Short() {
		t.Skip("drives a browser")
	}
	base, err := sharedDemo()
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{Page: browser.Open(t, screen, base+address, append(scripts, hearPrograms)...), t: t, screen: screen}
	t.Cleanup(func() {
		for _, e := range v.Errors() {
			t.Errorf("reported while the visitor was here: %s", e)
		}
	})
	return v
}

// enterProgram waits until the program on the screen has painted.
func (v *visitor) enterProgram() {
	v.t.Helper()
	v.program = v.Frame("/run/")
	v.Await(`(r => r && getComputedStyle(r.shadowRoot.querySelector(".splash")).visibility === "hidden")(document.querySelector("mm-host").shadowRoot.querySelector("mm-runner"))`)
}

// Selectors of the host's parts: the home screen, what surrounds a program, and what lies over it.
func home(s string) string { return "mm-host >>> mm-home >>> " + s }
func bar(s string) string  { return "mm-host >>> mm-runner >>> " + s }
func over(s string) string { return bar("mm-overlays >>> " + s) }

// touch presses an element of the program: by finger on a phone, by mouse at a desk.
func (v *visitor) touch(selector string) {
	v.t.Helper()
	v.press(v.program, selector)
}

// touchHost presses an element of the host.
func (v *visitor) touchHost(selector string) {
	v.t.Helper()
	v.press(v.Top(), selector)
}

func (v *visitor) press(f *browser.Frame, selector string) {
	v.t.Helper()
	if v.screen.Touch {
		f.Tap(selector)
	} else {
		f.Click(selector)
	}
}

// sees waits until an element of the program shows the words.
func (v *visitor) sees(selector, words string) {
	v.t.Helper()
	v.program.AwaitText(selector, words)
}

// reads waits until the page on top shows the words.
func (v *visitor) reads(words string) {
	v.t.Helper()
	v.program.AwaitText("mm-layer:not([mm-off]) mm-page", words)
}

// missing waits until the page on top does not show the words.
func (v *visitor) missing(words string) {
	v.t.Helper()
	v.program.Await(fmt.Sprintf(`![...document.querySelectorAll("mm-layer:not([mm-off]) mm-page")].some(p => p.innerText.includes(%q))`, words))
}

// on waits until the page with this title stands still on top.
func (v *visitor) on(title string) {
	v.t.Helper()
	v.AwaitText(bar(".title"), title)
	v.program.Await(`!document.querySelector("[mm-moving]") && document.querySelectorAll("mm-layer:not([mm-off])").length === 1`)
}

// goesBack leaves the page by the title bar's arrow.
func (v *visitor) goesBack() {
	v.t.Helper()
	v.touchHost(bar("#back"))
}

// goesBackInBrowser leaves the page by the browser's own button.
func (v *visitor) goesBackInBrowser() {
	v.t.Helper()
	if err := v.Top().Eval("history.back()", nil); err != nil {
		v.t.Fatal(err)
	}
}

// reloads reloads the browser's page and waits for the program.
func (v *visitor) reloads() {
	v.t.Helper()
	if err := v.Top().Eval("location.reload()", nil); err != nil {
		v.t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond) // the old document is gone
	v.Await(`document.querySelector("mm-host")`)
	v.enterProgram()
}

// tab goes to a tab of the tab bar.
func (v *visitor) tab(words string) {
	v.t.Helper()
	v.touchHost(bar(fmt.Sprintf(`#tabs >>> %q`, words)))
}

// scrolls moves the page on top by about a screen: by finger on a phone, by wheel at a desk.
func (v *visitor) scrolls() {
	v.t.Helper()
	const page = "mm-layer:not([mm-off]) mm-page"
	if v.screen.Touch {
		v.program.Swipe(page, 0, -330)
	} else {
		v.program.Roll(page, 0, 600)
	}
}

// scrollsUntil scrolls until the page shows the words.
func (v *visitor) scrollsUntil(words string) {
	v.t.Helper()
	for range 30 {
		if strings.Contains(v.program.Text("mm-layer:not([mm-off]) mm-page"), words) {
			return
		}
		v.scrolls()
		time.Sleep(200 * time.Millisecond)
	}
	v.t.Fatalf("scrolling never brought %q; the page shows %.800s", words, v.program.Text("mm-page"))
}

// toast waits for a short message.
func (v *visitor) toast(words string) {
	v.t.Helper()
	v.AwaitText(over(".toast"), words)
}

// answers waits for a dialog that says the words and presses one of its buttons.
func (v *visitor) answers(words, button string) {
	v.t.Helper()
	v.AwaitText(over(".modal"), words)
	v.touchHost(over(fmt.Sprintf(".modal >>> %q", button)))
	v.Await(`!document.querySelector("mm-host").shadowRoot.querySelector("mm-runner")?.shadowRoot.querySelector("mm-overlays").shadowRoot.querySelector(".modal")`)
}

// chooses waits for a sheet of actions and presses one.
func (v *visitor) chooses(action string) {
	v.t.Helper()
	v.touchHost(over(fmt.Sprintf(".sheet >>> %q", action)))
}

// turns the nth wheel of an open picker to the item that reads words.
func (v *visitor) turns(wheel int, words string) {
	v.t.Helper()
	at := fmt.Sprintf("document.querySelectorAll('mm-picker-sheet .mm-wheel')[%d]", wheel)
	v.program.Await(fmt.Sprintf("[...%s.children].some(i => i.textContent === %q)", at, words))
	// A finger that turns by whole items: each is 40 px high.
	for range 40 {
		var off int
		if err := v.program.Eval(fmt.Sprintf("(w => [...w.children].findIndex(i => i.textContent === %q) - Math.round(w.scrollTop / 40))(%s)", words, at), &off); err != nil {
			v.t.Fatal(err)
		}
		if off == 0 {
			break
		}
		off = max(-2, min(2, off))
		v.program.Click(fmt.Sprintf("mm-picker-sheet .mm-wheel:nth-of-type(%d) > :nth-child(%s)", wheel+2, v.item(at, off)))
		time.Sleep(450 * time.Millisecond) // it glides and comes to rest
	}
	v.program.Await(fmt.Sprintf("(w => w.children[Math.round(w.scrollTop / 40)].textContent)(%s) === %q", at, words))
	time.Sleep(200 * time.Millisecond)
}

// item is the number, from 1, of what lies off places from the middle of a wheel.
func (v *visitor) item(wheel string, off int) string {
	v.t.Helper()
	var n int
	if err := v.program.Eval(fmt.Sprintf("Math.round(%s.scrollTop / 40) + 1 + %d", wheel, off), &n); err != nil {
		v.t.Fatal(err)
	}
	return fmt.Sprint(n)
}

// shows keeps a picture of the screen when MINIMART_SHOTS names a folder.
func (v *visitor) shows(name string) {
	v.t.Helper()
	dir := os.Getenv("MINIMART_SHOTS")
	if dir == "" {
		return
	}
	time.Sleep(350 * time.Millisecond) // what moves has come to rest
	width := "desk"
	if v.screen.Touch {
		width = "phone"
	}
	v.Screenshot(filepath.Clean(dir), name+"-"+width)
}
