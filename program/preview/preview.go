package preview

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"minimart/platform/httpapi"
	"minimart/program/build"
	"minimart/program/deliver"
	"minimart/program/pkgfile"
	"minimart/program/release"
)

// App is the id of the program in preview; there is only one.
const App = "preview"

// Preview is one program in its developer's hands.
type Preview struct {
	dir      string
	domains  release.Domains
	programs *deliver.Memory
	audience audience

	terminal sync.Mutex // lines of the terminal stay whole
	out      io.Writer

	mu      sync.Mutex
	builds  int
	last    event
	located sources
}

// New is a preview of the package in dir. It enters its builds into programs and writes to out what the developer is to
// know. domains are those the program may talk to.
func New(dir string, domains release.Domains, programs *deliver.Memory, out io.Writer) *Preview {
	return &Preview{dir: dir, domains: domains, programs: programs, out: out, last: event{Type: "build"}}
}

// Routes adds what the host page of a preview talks to.
func (p *Preview) Routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/preview/v1/log", p.log)
	mux.HandleFunc("GET /api/preview/v1/events", p.stream)
}

// Build reads and compiles the package and reports. It returns whether the program can run. A build with errors leaves
// the program of the build before in place.
func (p *Preview) Build() bool {
	start := time.Now()
	pkg, found := pkgfile.ReadDir(p.dir, pkgfile.DefaultLimits())
	var result build.Result
	if pkg != nil {
		result = build.Build(pkg, build.Options{})
		found.Append(result.Diagnostics)
	}
	ev := event{Type: "build", Errors: found.Errors(), Warnings: found.Warnings(), Millis: time.Since(start).Milliseconds()}
	p.report(ev)
	ok := !found.HasErrors()
	p.mu.Lock()
	p.last = ev
	if ok {
		p.builds++
		p.located = newSources(result.SourceMaps, result.Files)
		p.programs.Set(p.program(pkg, result), result.Files)
	}
	p.mu.Unlock()
	p.audience.tell(ev)
	return ok
}

func (p *Preview) program(pkg *pkgfile.Package, result build.Result) deliver.Program {
	name := pkg.Project.Name
	if name == "" {
		name = filepath.Base(p.dir)
	}
	return deliver.Program{
		App: App, Version: fmt.Sprintf("build-%d", p.builds), VersionType: deliver.DevelopVersion, Label: fmt.Sprintf("build %d", p.builds),
		Name: name, Domains: p.domains, Manifest: &result.Manifest,
	}
}

// Watch rebuilds after every change in the folder and tells the pages to start again, until ctx ends.
func (p *Preview) Watch(ctx context.Context) error {
	return watch(ctx, p.dir, func() {
		if p.Build() {
			p.audience.tell(event{Type: "reload"})
		}
	})
}

func (p *Preview) report(ev event) {
	for _, d := range ev.Warnings {
		p.say("warning: %s", clean(d.Error()))
	}
	for _, d := range ev.Errors {
		p.say("%s", clean(d.Error()))
	}
	if n := len(ev.Errors); n > 0 {
		p.say("not built, %d to mend; the page shows the build before", n)
		return
	}
	p.say("built in %d ms", ev.Millis)
}

func (p *Preview) say(format string, args ...any) {
	p.terminal.Lock()
	defer p.terminal.Unlock()
	fmt.Fprintf(p.out, format+"\n", args...)
}

func (p *Preview) lastBuild() event {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

func (p *Preview) sources() sources {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.located
}

// keepOpen takes the time limit off a request; the channel closes when the server is about to stop.
func keepOpen(r *http.Request) <-chan struct{} {
	httpapi.Extend(r, 0)
	return httpapi.Draining(r.Context())
}
