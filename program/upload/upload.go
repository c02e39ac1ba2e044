package upload

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"minimart/platform/fault"
	"minimart/program/build"
	"minimart/program/diag"
	"minimart/program/pkgfile"
	"minimart/program/release"
)

// MaxArchive is how many bytes the zip of a package may have. What is in it is bound by pkgfile.Limits.
const MaxArchive = 20 << 20

// Options of uploads. 0 is the default.
type Options struct {
	Builds  int           // packages compiled at once, default 2
	Waiting int           // uploads that wait for their turn at most, default 16; each holds its package in memory
	Wait    time.Duration // how long one waits, default 30 s
	// PublicURL is the address of this platform as browsers know it, for links in answers; "" leaves them paths.
	PublicURL string
}

// Uploads compiles packages into versions. It is safe for concurrent use.
type Uploads struct {
	releases *release.Service
	options  Options
	turns    chan struct{} // one for each build at once
	waiting  atomic.Int64
	compile  func(*pkgfile.Package, build.Options) build.Result
}

// New is uploads into releases.
func New(releases *release.Service, o Options) *Uploads {
	if o.Builds <= 0 {
		o.Builds = 2
	}
	if o.Waiting <= 0 {
		o.Waiting = 16
	}
	if o.Wait <= 0 {
		o.Wait = 30 * time.Second
	}
	return &Uploads{releases: releases, options: o, turns: make(chan struct{}, o.Builds), compile: build.Build}
}

// Package is what is uploaded.
type Package struct {
	App   string
	Label string // what the developer calls the version, as "1.0.3"; 1 to 40 characters
	Notes string // what is new; at most 1000 characters
	Zip   []byte // at most MaxArchive
}

// Uploaded is the version a package became.
type Uploaded struct {
	Version     release.Version
	Again       bool      // the same content was uploaded before: it is that version, with its label and notes
	Diagnostics diag.List // warnings
}

// NotBuilt is the error of a package that cannot be compiled.
type NotBuilt struct {
	Diagnostics diag.List
	fault       *fault.Fault
}

// Error says how much there is to mend.
func (e *NotBuilt) Error() string { return e.fault.Error() }

// Unwrap is an invalid fault.
func (e *NotBuilt) Unwrap() error { return e.fault }

// Upload compiles a package and stores it as the next version of its app. Callers have made sure that by may upload.
// Errors: invalid for label and notes; [NotBuilt], which is invalid too; not_found for the app; exhausted for a package that is
// too large; unavailable, also when too many others wait.
func (u *Uploads) Upload(ctx context.Context, by release.By, p Package) (Uploaded, error) {
	if err := release.CheckWords(p.Label, p.Notes); err != nil {
		return Uploaded{}, err
	}
	if len(p.Zip) > MaxArchive {
		return Uploaded{}, fault.Exhausted(tooLarge, len(p.Zip), MaxArchive)
	}
	if _, err := u.releases.App(ctx, p.App); err != nil {
		return Uploaded{}, err
	}
	leave, err := u.turn(ctx)
	if err != nil {
		return Uploaded{}, err
	}
	b, err := u.build(ctx, p.Zip, leave)
	if err != nil {
		return Uploaded{}, err
	}
	if n := len(b.found.Errors()); n > 0 {
		return Uploaded{}, &NotBuilt{b.found, fault.Invalid("", notBuilt, n)}
	}
	v, again, err := u.releases.Add(ctx, release.NewVersion{
		App: p.App, Label: p.Label, Notes: p.Notes, Manifest: b.result.Manifest, Files: b.result.Files, Source: b.pkg.Files, By: by,
	})
	return Uploaded{v, again, b.found}, err
}

// turn waits until fewer than Options.Builds packages are being compiled. leave ends the turn.
func (u *Uploads) turn(ctx context.Context) (leave func(), err error) {
	if u.waiting.Add(1) > int64(u.options.Waiting+u.options.Builds) {
		u.waiting.Add(-1)
		return nil, fault.Unavailable(tooManyUploads).WithRetryAfter(u.options.Wait)
	}
	over := time.NewTimer(u.options.Wait)
	defer over.Stop()
	select {
	case u.turns <- struct{}{}:
		return func() { <-u.turns; u.waiting.Add(-1) }, nil
	case <-over.C:
		err = fault.Unavailable(tooManyUploads).WithRetryAfter(u.options.Wait)
	case <-ctx.Done():
		err = ctx.Err()
	}
	u.waiting.Add(-1)
	return nil, err
}

type built struct {
	pkg    *pkgfile.Package
	result build.Result
	found  diag.List
	err    error
}

// build compiles a zip. A compiler cannot be interrupted: when ctx ends first, its turn goes on until it is through.
func (u *Uploads) build(ctx context.Context, zip []byte, leave func()) (*built, error) {
	done := make(chan *built, 1)
	go func() {
		defer leave()
		b := &built{}
		defer func() {
			if p := recover(); p != nil { // a package must not end the program
				b.err = fault.Internal(fmt.Errorf("upload: the compiler panicked: %v\n%s", p, debug.Stack()))
			}
			done <- b
		}()
		b.pkg, b.found = pkgfile.ReadZip(bytes.NewReader(zip), int64(len(zip)), pkgfile.Limits{Archive: MaxArchive})
		if b.pkg == nil {
			if !b.found.HasErrors() {
				b.err = fault.Internal(errors.New("upload: no package, and no reason"))
			}
			return
		}
		// What is wrong with the files is told together with what is wrong in them.
		b.result = u.compile(b.pkg, build.Options{Minify: true, Compress: build.BestCompression})
		b.found.Append(b.result.Diagnostics)
	}()
	select {
	case b := <-done:
		return b, b.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
