package deliver

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"sync"

	"minimart/platform/access"
	"minimart/platform/fault"
	"minimart/program/build"
	"minimart/program/release"
)

// Memory holds programs and their files in memory: Programs and Files of a preview, and of tests. It is safe for
// concurrent use.
type Memory struct {
	mu       sync.RWMutex
	programs map[string]Program
	files    map[string]map[string]build.File // by app, so that a new build lets go of the old one's, then by name
}

// NewMemory is an empty one.
func NewMemory() *Memory {
	return &Memory{programs: map[string]Program{}, files: map[string]map[string]build.File{}}
}

// Set puts a program with its files in place of what the app had before.
func (m *Memory) Set(p Program, files []build.File) {
	byName := make(map[string]build.File, len(files))
	for _, f := range files {
		byName[f.Name] = f
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.programs[p.App] = p
	m.files[p.App] = byName
}

// List answers all programs in one page, by their ids.
func (m *Memory) List(_ context.Context, _ access.Visitor, query, _ string, limit int) ([]Listed, string, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var page []Listed
	for _, p := range m.programs {
		if strings.Contains(strings.ToLower(p.Name), strings.ToLower(query)) {
			page = append(page, Listed{App: p.App, Version: p.Version, Label: p.Label, Name: p.Name, Icon: p.Icon, Summary: p.Summary})
		}
	}
	slices.SortFunc(page, func(a, b Listed) int { return strings.Compare(a.App, b.App) })
	return page[:min(limit, len(page))], "", nil
}

// Program finds a program, whoever asks. Tickets are for released programs; here everything is open.
func (m *Memory) Program(_ context.Context, _ access.Visitor, app, _ string) (Program, error) {
	return m.find(app)
}

func (m *Memory) find(app string) (Program, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	p, ok := m.programs[app]
	if !ok {
		return Program{}, fault.NotFound(noProgram, short(app))
	}
	return p, nil
}

// Domains are those of a program. Only the version set last is there.
func (m *Memory) Domains(_ context.Context, app, version string) (release.Domains, error) {
	p, err := m.find(app)
	if err == nil && version != p.Version {
		err = fault.NotFound(noVersion, short(app), short(version))
	}
	return p.Domains, err
}

// RequestDomains are the origins the app's program may send requests to.
func (m *Memory) RequestDomains(_ context.Context, app string) ([]string, error) {
	p, err := m.find(app)
	return p.Domains.Request, err
}

// Open answers a file of any of the programs.
func (m *Memory) Open(_ context.Context, name, encoding string) (io.ReadSeekCloser, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, files := range m.files {
		f, ok := files[name]
		switch {
		case !ok:
		case encoding == "":
			return readable(f.Bytes), nil
		case encoding == "br" && f.Brotli != nil:
			return readable(f.Brotli), nil
		}
	}
	return nil, fault.NotFound(noFile, short(name))
}

func readable(b []byte) io.ReadSeekCloser { return nothingToClose{bytes.NewReader(b)} }

type nothingToClose struct{ *bytes.Reader }

func (nothingToClose) Close() error { return nil }

// short keeps what came from outside from filling an error.
func short(s string) string {
	const most = 60
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
