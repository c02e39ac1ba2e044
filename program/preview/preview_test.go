package preview

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/platform/access"
	"minimart/program/deliver"
	"minimart/program/release"
)

type terminal struct {
	mu sync.Mutex
	bytes.Buffer
}

func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.Buffer.Write(p)
}

func (t *terminal) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.Buffer.String()
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// start is a preview of a small program, with its routes served.
func start(t *testing.T) (dir string, p *Preview, programs *deliver.Memory, out *terminal, url string) {
	t.Helper()
	dir = t.TempDir()
	write(t, dir, map[string]string{
		"app.json": `{"pages":["pages/a/a"]}`, "app.js": "App({})",
		"pages/a/a.jxml": "<view>{{a}}</view>", "pages/a/a.js": "// a page\n\nPage({ data: { a: 1 } })\nthrow new Error('on purpose')\n",
	})
	programs, out = deliver.NewMemory(), &terminal{}
	p = New(dir, release.Domains{Request: []string{"https://api.example"}}, programs, out)
	mux := http.NewServeMux()
	p.Routes(mux)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return dir, p, programs, out, server.URL
}

func TestABrokenBuildLeavesTheOneBeforeInPlace(t *testing.T) {
	dir, p, programs, out, _ := start(t)
	if !p.Build() {
		t.Fatal(out)
	}
	before, err := programs.Program(context.Background(), access.Visitor{}, App, "")
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, map[string]string{"pages/a/a.jxml": "<view>"})
	if p.Build() {
		t.Fatal("an unclosed tag was built")
	}
	after, err := programs.Program(context.Background(), access.Visitor{}, App, "")
	if err != nil || after.Version != before.Version {
		t.Errorf("the program is %s (%v), want still %s", after.Version, err, before.Version)
	}
	if !strings.Contains(out.String(), "pages/a/a.jxml:1:1:") || !strings.Contains(out.String(), "not built, 1 to mend") {
		t.Errorf("the terminal says %q", out)
	}
	if ev := p.lastBuild(); len(ev.Errors) != 1 || ev.Errors[0].File != "pages/a/a.jxml" {
		t.Errorf("pages are told %+v", ev)
	}
}

func TestSavingAFileRebuildsAndReloadsThePage(t *testing.T) {
	dir, p, programs, out, url := start(t)
	p.Build()
	ctx, stop := context.WithCancel(context.Background())
	watched := make(chan error, 1)
	go func() { watched <- p.Watch(ctx) }()

	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, url+"/api/preview/v1/events", nil)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	next := func() (ev event) {
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				if err := json.Unmarshal([]byte(text), &ev); err != nil {
					t.Fatal(err)
				}
				return ev
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return ev
	}
	if ev := next(); ev.Type != "build" {
		t.Fatalf("first event %+v, want the state of the build", ev)
	}
	// The watch may not be in place yet: save until it is noticed.
	saved := make(chan struct{})
	go func() {
		defer close(saved)
		for i := 0; ctx.Err() == nil; i++ {
			write(t, dir, map[string]string{"new/folder/n.js": strings.Repeat(" ", i)})
			time.Sleep(3 * settle)
		}
	}()
	if ev := next(); ev.Type != "build" || len(ev.Errors) != 0 {
		t.Errorf("after saving: %+v", ev)
	}
	if ev := next(); ev.Type != "reload" {
		t.Errorf("after the build: %+v", ev)
	}
	if program, err := programs.Program(ctx, access.Visitor{}, App, ""); err != nil || program.Version == "build-1" {
		t.Errorf("the program is %s (%v)", program.Version, err)
	}
	stop()
	<-saved
	if err := <-watched; err != nil {
		t.Errorf("watch ended with %v\n%s", err, out)
	}
}

func TestLogsLeadToTheSourceLineAndCannotSpeakToTheTerminal(t *testing.T) {
	_, p, programs, out, url := start(t)
	p.Build()
	program, err := programs.Program(context.Background(), access.Visitor{}, App, "")
	if err != nil {
		t.Fatal(err)
	}
	bundle := program.Manifest.Packages[""].Logic
	file, err := programs.Open(context.Background(), bundle, "")
	if err != nil {
		t.Fatal(err)
	}
	var code bytes.Buffer
	if _, err := code.ReadFrom(file); err != nil {
		t.Fatal(err)
	}
	before, _, found := strings.Cut(code.String(), "throw new Error")
	if !found {
		t.Fatalf("the bundle lacks the page: %s", &code)
	}
	line := 1 + strings.Count(before, "\n")
	body, _ := json.Marshal(map[string]any{"logs": []record{
		{Level: "error", Text: "on purpose \x1b[31m\u202e", Stack: "Error: on purpose\n    at blob:null/x/" + bundle + ":" + itoa(line) + ":7\n    at blob:http://host/worker:1:2"},
		{Level: "no such level", Text: "tab\tand\nline"},
	}})
	answer, err := http.Post(url+"/api/preview/v1/log", "application/json", bytes.NewReader(body))
	if err != nil || answer.StatusCode != http.StatusNoContent {
		t.Fatal(answer, err)
	}
	said := out.String()
	if !strings.Contains(said, "(pages/a/a.js:4:") {
		t.Errorf("no source line in %q", said)
	}
	if strings.ContainsAny(said, "\x1b\u202e") {
		t.Errorf("control characters reached the terminal: %q", said)
	}
	if !strings.Contains(said, "log   tab\tand\nline") {
		t.Errorf("the second line is %q", said)
	}
	for _, bad := range []struct {
		kind, body string
		want       int
	}{
		{"text/plain", `{"logs":[]}`, http.StatusUnsupportedMediaType}, // what another site could send without asking
		{"application/json", `{"logs":`, http.StatusBadRequest},
		{"application/json", `{"logs":[{"text":"` + strings.Repeat("x", maxBatchBytes) + `"}]}`, http.StatusBadRequest},
	} {
		answer, err := http.Post(url+"/api/preview/v1/log", bad.kind, strings.NewReader(bad.body))
		if err != nil || answer.StatusCode != bad.want {
			t.Errorf("%s %.20s: %v %v, want %d", bad.kind, bad.body, answer.StatusCode, err, bad.want)
		}
	}
}

func itoa(n int) string { text, _ := json.Marshal(n); return string(text) }

// FuzzLocate: stacks come from programs.
func FuzzLocate(f *testing.F) {
	s := newSources(map[string][]byte{strings.Repeat("0", 32) + ".js": []byte(`{"version":3,"sources":["a.js"],"names":[],"mappings":"AAAA;AACA"}`)}, nil)
	f.Add("at " + strings.Repeat("0", 32) + ".js:1:1")
	f.Add("at " + strings.Repeat("0", 32) + ".js:99999999999999999999:-1\n" + strings.Repeat(" at blob:x\n", 50))
	f.Fuzz(func(t *testing.T, stack string) {
		mapped, _ := s.locate(stack)
		if len(mapped) > 2*maxStack {
			t.Errorf("a stack of %d bytes became %d", len(stack), len(mapped))
		}
	})
}
