package identity_test

import (
	"context"
	"io/fs"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"

	"minimart/open/gateway/seal"
	"minimart/open/identity"
	"minimart/platform/access"
	"minimart/platform/allowance"
	"minimart/platform/db"
	"minimart/platform/id"
	"minimart/platform/testkit"
)

type silence struct{}

func (silence) Append(context.Context, db.Tx, db.Event) error { return nil }
func (silence) Committed()                                    {}

// BenchmarkLoginAndExchange is jd.login and the exchange of its code by the server, for 64 consumers at a time on SQLite: two
// durable commits, shared with whoever commits at the same moment.
func BenchmarkLoginAndExchange(b *testing.B) {
	d := testkit.SQLite(b)
	testkit.Migrate(b, d, map[string]fs.FS{"identity": identity.Schema, "allowance": allowance.Schema})
	d.AttachOutbox(silence{})
	box, err := seal.Open(filepath.Join(b.TempDir(), "key"))
	check(b, err)
	w := onSQLite(b) // for its programs and consumers
	s := identity.New(identity.Config{DB: d, Sender: w.phones, Apps: w.shelf, Grants: w.grants, Assertions: w.notary, Sealer: box, Log: w.log})
	w.Service = s
	var people []access.Visitor
	for i := range 64 {
		from := street
		from.Address = "198.51.100." + strconv.Itoa(i)
		v, _ := w.enterFrom(b, "138001380"+strconv.Itoa(10+i), from)
		people = append(people, v)
	}
	var next atomic.Int64
	b.SetParallelism(32) // of two processors
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		v := people[int(next.Add(1))%len(people)]
		ctx := access.WithVisitor(context.Background(), v)
		for pb.Next() {
			app := teaApp
			c, err := s.Login(ctx, app, "")
			for err != nil { // the allowance of one consumer in one program is not what is measured
				app = id.New("app")
				w.shelf.mu.Lock()
				w.shelf.apps[app] = identity.App{ID: app, Name: "x", Org: "org_mina"}
				w.shelf.mu.Unlock()
				c, err = s.Login(ctx, app, "")
			}
			if _, err := s.ExchangeLogin(ctx, app, c.Code); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkResume is what every request of a host app costs for its session.
func BenchmarkResume(b *testing.B) {
	w := onSQLite(b)
	_, begun := w.enter(b, "13800138000")
	ctx := access.WithVisitor(context.Background(), street)
	for b.Loop() {
		if _, _, err := w.Resume(ctx, begun.Token); err != nil {
			b.Fatal(err)
		}
	}
}
