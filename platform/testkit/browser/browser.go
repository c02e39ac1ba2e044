// Package browser drives real Chromium in tests: pages, the frames in them, mouse, keyboard, screenshots, and every
// console error that any of them prints.
//
//	page := browser.Open(t, browser.Phone, server.URL+"/app/")
//	page.Click(".tile")
//	frame := page.Frame("/run/")
//	frame.Click("#buy")
//	frame.Await(`document.querySelector(".total").textContent === "¥99.00"`)
package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Screen is a window size in CSS pixels.
type Screen struct {
	Width, Height int64
	Touch         bool
	Language      string // Accept-Language and navigator.language; "zh-CN" when empty
}

// The two screens everything is looked at on.
var (
	Phone = Screen{Width: 390, Height: 844, Touch: true}
	Desk  = Screen{Width: 1440, Height: 900}
)

// patience is how long a condition may take to become true on a busy machine before a test gives up.
const patience = 20 * time.Second

// Page is one tab.
type Page struct {
	t      testing.TB
	ctx    context.Context
	mu     sync.Mutex
	worlds map[string]world // frame id → its main world
	errors []string
}

type world struct {
	unique string
}

// Executable finds Chromium, or says which package has it.
func Executable() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium found: install Debian's package chromium")
}

// Flags run Chromium headless, on a machine without a GPU, and keep it from calling home.
func Flags() []chromedp.ExecAllocatorOption {
	return []chromedp.ExecAllocatorOption{
		chromedp.Headless, chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("no-first-run", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true),
	}
}

// Open starts a fresh Chromium on a screen and opens a URL. It skips the test when there is no Chromium, unless CI=true.
// The scripts run in every document before its own.
func Open(t testing.TB, screen Screen, url string, scripts ...string) *Page {
	t.Helper()
	path, err := Executable()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	language := screen.Language
	if language == "" {
		language = "zh-CN"
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(Flags(),
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("lang", language), chromedp.Flag("accept-lang", language),
		// The sandboxed frame stays in the page's process, so that one connection sees both. Its origin is opaque all the same.
		chromedp.Flag("disable-features", "IsolateSandboxedIframes,Translate"),
		chromedp.Flag("disable-site-isolation-trials", true),
		chromedp.WindowSize(int(screen.Width), int(screen.Height)))...)
	p := &Page{t: t, worlds: map[string]world{}}
	ctx, cancel := chromedp.NewContext(alloc, chromedp.WithListener(p.listen))
	p.ctx = ctx
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx)
		cancel()
		stop()
	})
	before := []chromedp.Action[chromedp.Void]{chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, log.Enable, cdp.Empty{})
		return err
	})}
	emulate := chromedp.EmulateViewport(screen.Width, screen.Height)
	if screen.Touch {
		emulate = chromedp.EmulateViewport(screen.Width, screen.Height, chromedp.EmulateScale(2), chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	for _, script := range scripts {
		before = append(before, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, cdpage.AddScriptToEvaluateOnNewDocument, cdpage.AddScriptToEvaluateOnNewDocumentParams{Source: script})
			return err
		}))
	}
	if err := chromedp.Do(ctx, append(before, emulate, chromedp.Navigate(url))...); err != nil {
		t.Fatalf("open %s: %v", url, err)
	}
	return p
}

func (p *Page) listen(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch ev := ev.(type) {
	case *runtime.EventExecutionContextCreated:
		var aux struct {
			FrameID   string `json:"frameId"`
			IsDefault bool   `json:"isDefault"`
		}
		if json.Unmarshal(ev.Context.AuxData, &aux) == nil && aux.IsDefault {
			p.worlds[aux.FrameID] = world{ev.Context.UniqueID}
		}
	case *runtime.EventExecutionContextDestroyed:
		for frame, w := range p.worlds {
			if w.unique == ev.ExecutionContextUniqueID {
				delete(p.worlds, frame)
			}
		}
	case *runtime.EventConsoleAPICalled:
		if ev.Type == runtime.ConsoleAPICalledTypeError {
			var words []string
			for _, arg := range ev.Args {
				word := string(arg.Value)
				if arg.Description != "" {
					word = arg.Description
				}
				words = append(words, word)
			}
			p.errors = append(p.errors, "console.error: "+strings.Join(words, " "))
		}
	case *log.EventEntryAdded:
		// What the browser itself complains of: a file that is missing, a policy that refuses.
		if ev.Entry.Level == log.EntryLevelError {
			p.errors = append(p.errors, fmt.Sprintf("browser: %s %s", ev.Entry.Text, ev.Entry.URL))
		}
	case *runtime.EventExceptionThrown:
		p.errors = append(p.errors, "exception: "+describe(ev.ExceptionDetails))
	}
}

// Errors returns what was printed with console.error, thrown and not caught, or refused by the browser, so far.
func (p *Page) Errors() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.errors...)
}

// ForgetErrors empties the list; for tests that cause an error on purpose.
func (p *Page) ForgetErrors() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.errors = nil
}

func describe(e *runtime.ExceptionDetails) string {
	if e.Exception != nil && e.Exception.Description != "" {
		return e.Text + " " + e.Exception.Description
	}
	return fmt.Sprintf("%s (%s:%d)", e.Text, e.URL, e.LineNumber+1)
}

// Run runs chromedp actions in the page.
func (p *Page) Run(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.t.Fatal(err)
	}
}

// Top is the page's own document as a Frame.
func (p *Page) Top() *Frame { return &Frame{page: p} }

// Frame waits for the frame whose URL contains part. When several do, the one that came last is taken.
func (p *Page) Frame(part string) *Frame {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		tree, err := chromedp.Call(ctx, cdpage.GetFrameTree, cdp.Empty{})
		cancel()
		if err != nil {
			p.t.Fatalf("frame tree: %v", err)
		}
		var found string
		for _, child := range tree.FrameTree.ChildFrames {
			if strings.Contains(child.Frame.URL, part) {
				found = string(child.Frame.ID)
			}
		}
		p.mu.Lock()
		_, ready := p.worlds[found]
		p.mu.Unlock()
		if ready {
			return &Frame{page: p, id: found}
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("no frame with %q in its URL appeared; errors so far: %v", part, p.Errors())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// Screenshot writes a PNG of the window below dir and returns its path; nothing happens when dir is empty.
func (p *Page) Screenshot(dir, name string) string {
	p.t.Helper()
	if dir == "" {
		return ""
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatalf("screenshot %s: %v", name, err)
	}
	path := filepath.Join(dir, name+".png")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, png, 0o644); err != nil {
		p.t.Fatal(err)
	}
	return path
}
