package deliver

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"

	"github.com/andybalholm/brotli"
	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/httpapi"
	"minimart/program/build"
)

// Runtime is the text of the browser runtime's parts.
type Runtime struct {
	View     string            // runs in the sandbox document
	Worker   string            // runs in the worker
	Builtins map[string]string // built-in modules of the view by name
}

// Capabilities knows what programs may do beside what all may. open/capability is one.
type Capabilities interface {
	// Granted are the capabilities an app has now.
	// Errors: unavailable.
	Granted(ctx context.Context, app string) ([]string, error)
	// Gates are all JavaScript APIs that need a capability, without jd. and wx., and which. It is not to be changed.
	Gates() map[string]string
}

// Owners knows who stands behind programs. open/account is one.
type Owners interface {
	// OrganisationName is what an organisation is called.
	// Errors: not_found; unavailable.
	OrganisationName(ctx context.Context, org string) (string, error)
}

// Config says what is delivered. Programs, Files and Runtime must be set.
type Config struct {
	Programs     Programs
	Files        Files
	Runtime      Runtime
	Capabilities Capabilities // nil: nothing is granted, and nothing needs to be
	Owners       Owners       // nil: nobody is named
	// PublicURL is the address of this platform as browsers know it, for a platform behind a proxy. "" takes it from each
	// request. New panics when it is no address: check it with [CheckPublicURL] where it comes in.
	PublicURL string
	// Limits of running programs; 0 is the default: 10 MiB of storage, 4 MiB for one update of the view.
	Limits Limits
}

// Delivery serves programs. It is safe for concurrent use.
type Delivery struct {
	programs     Programs
	files        Files
	capabilities Capabilities
	owners       Owners
	frame        frame
	frameTag     string
	runtime      LaunchRuntime
	limits       Limits
	publicOrigin string
}

// Routes adds all of the room's routes, for a platform that has no door for host apps: a preview. Everybody is a visitor
// without a name then.
func Routes(api huma.API, mux *http.ServeMux, c Config) {
	d := New(c)
	d.HostRoutes(huma.NewGroup(api, "/api/host/v1"))
	d.FileRoutes(mux)
}

// FileRoutes adds the files and the sandbox document.
func (d *Delivery) FileRoutes(mux *http.ServeMux) {
	mux.Handle("GET /p/{file}", httpapi.HandlerFunc(d.file))
	mux.Handle("GET /run/{app}/{version}/frame", httpapi.HandlerFunc(d.serveFrame))
}

// CheckPublicURL says what is wrong with a public URL.
func CheckPublicURL(publicURL string) error {
	_, err := publicOrigin(publicURL)
	return err
}

// New is a delivery. It panics when Config.PublicURL is no address.
func New(c Config) *Delivery {
	d := &Delivery{programs: c.Programs, capabilities: c.Capabilities, owners: c.Owners, frame: newFrame(c.Runtime.View), limits: c.Limits}
	d.frameTag = contentTag(d.frame.document)
	if c.PublicURL != "" {
		origin, err := publicOrigin(c.PublicURL)
		if err != nil {
			panic("deliver: " + err.Error())
		}
		d.publicOrigin = origin
	}
	if d.limits.Storage <= 0 {
		d.limits.Storage = 10 << 20
	}
	if d.limits.Flush <= 0 {
		d.limits.Flush = 4 << 20
	}
	// The runtime's files lie beside those of programs: under the hash of their content, for ever.
	worker := runtimeFile(c.Runtime.Worker)
	files := []build.File{worker}
	d.runtime = LaunchRuntime{Worker: FileAddress(worker.Name), Builtins: map[string]string{}}
	for _, name := range slices.Sorted(maps.Keys(c.Runtime.Builtins)) {
		f := runtimeFile(c.Runtime.Builtins[name])
		files = append(files, f)
		d.runtime.Builtins[name] = FileAddress(f.Name)
	}
	own := NewMemory()
	own.Set(Program{}, files)
	d.files = layered{own, c.Files}
	return d
}

func runtimeFile(text string) build.File {
	sum := sha256.Sum256([]byte(text))
	f := build.File{Name: hex.EncodeToString(sum[:16]) + ".js", ContentType: kinds["js"].contentType, Bytes: []byte(text)}
	var packed bytes.Buffer
	// Once per start, for some tens of kilobytes.
	w := brotli.NewWriterLevel(&packed, brotli.BestCompression)
	_, _ = w.Write(f.Bytes) // writing to memory does not fail
	_ = w.Close()
	if packed.Len() < len(text) {
		f.Brotli = packed.Bytes()
	}
	return f
}
