package release_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"minimart/platform/access/accesstest"
	"minimart/platform/blob"
	"minimart/platform/clock"
	"minimart/platform/testkit"
	"minimart/program/release"
)

// BenchmarkAddVersion stores a build of 60 scripts of 10 kB, each plain and in brotli, durable, with its row.
func BenchmarkAddVersion(b *testing.B) {
	d := testkit.SQLite(b)
	if err := d.Migrate(b.Context(), "release", release.Schema); err != nil {
		b.Fatal(err)
	}
	store, err := blob.Open(b.Context(), "file:"+filepath.Join(b.TempDir(), "blobs"))
	if err != nil {
		b.Fatal(err)
	}
	s := release.New(d, store, clock.System)
	app, err := s.CreateApp(b.Context(), release.NewApp{Name: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		b.StopTimer()
		n++
		in := program(app.ID, "1", fmt.Sprint(n))
		for i := range 57 {
			in.Files = append(in.Files, file(".js", strings.Repeat(fmt.Sprintf("var a%d_%d=1;", n, i), 800)))
		}
		b.StartTimer()
		if _, err := s.AddVersion(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReleasedTo is the choice of a version for a device while a staged release is on its way.
func BenchmarkReleasedTo(b *testing.B) {
	d := testkit.SQLite(b)
	if err := d.Migrate(b.Context(), "release", release.Schema); err != nil {
		b.Fatal(err)
	}
	d.AttachOutbox(&diary{})
	store, err := blob.Open(b.Context(), "file:"+filepath.Join(b.TempDir(), "blobs"))
	if err != nil {
		b.Fatal(err)
	}
	s := release.New(d, store, clock.System)
	app, err := s.CreateApp(b.Context(), release.NewApp{Org: "org_mina", Name: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	mina := accesstest.Actor{ID: "usr_mina", Org: "org_mina", Apps: []string{app.ID}}
	var ids []string
	for i := range 2 {
		v, err := s.AddVersion(b.Context(), program(app.ID, "1", fmt.Sprint(i)))
		if err == nil {
			err = s.Promote(b.Context(), app.ID, v.ID)
		}
		if err != nil {
			b.Fatal(err)
		}
		ids = append(ids, v.ID)
	}
	if _, err := s.Release(b.Context(), mina, app.ID, ids[0], 100_000); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.ReleasedTo(b.Context(), app.ID, "device"); err != nil {
			b.Fatal(err)
		}
	}
}
