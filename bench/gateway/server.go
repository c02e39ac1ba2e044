package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/pprof"
	"sync"
	"syscall"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"minimart/open/gateway"
	"minimart/open/gateway/seal"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/httpapi"
)

// hello is what a server says about itself, in one line, before anything is asked of it.
type hello struct {
	Address string
	Key     string
	Secret  string
}

const (
	path  = "/open/v1/orders/ord_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"
	scope = "orders:read"
)

type order struct {
	ID    string `json:"id"`
	State string `json:"state"`
	Total int64  `json:"total"` // fen
}

var answer = order{"ord_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", "paid", 12900}

// be is a server until its standard input ends. Each line that comes in is answered with the processor time it has used, in µs.
func be(kind, dir, profile string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	// All but plain are sent the same requests, signed; who does not look at the signature needs no right one.
	h := hello{Address: l.Addr().String(), Key: "key_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", Secret: "mms_3q2-7wAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBk"}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	switch kind {
	case "bare", "plain":
		if kind == "plain" {
			h.Key, h.Secret = "", ""
		}
		go func() { _ = http.Serve(l, http.HandlerFunc(bare)) }()
	case "waits":
		go func() { _ = http.Serve(l, waits()) }()
	case "edge", "signed":
		api, err := serve(ctx, dir, &h, kind == "signed")
		if err != nil {
			return err
		}
		go func() { _ = api.Serve(ctx, l) }()
	default:
		return fmt.Errorf("-serve is signed, edge, waits, bare or plain, not %s", kind)
	}
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(h); err != nil {
		return err
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if err := out.Encode(processorTime().Microseconds()); err != nil {
			return err
		}
	}
	return nil
}

// bare is what the standard library alone does for the same answer.
func bare(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// waits is bare for callers who wait for each other, as those whose nonces are written together do.
func waits() http.Handler {
	var mu sync.Mutex
	turn := make(chan struct{})
	go func() {
		for range time.Tick(4 * time.Millisecond) {
			mu.Lock()
			close(turn)
			turn = make(chan struct{})
			mu.Unlock()
		}
	}()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		mine := turn
		mu.Unlock()
		<-mine
		bare(w, r)
	})
}

// serve is the edge of the program, with its log and metrics, and one operation: of the open API, with the gateway on SQLite, or
// for anybody.
func serve(ctx context.Context, dir string, h *hello, signed bool) (*httpapi.API, error) {
	log, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	api := httpapi.New(http.NewServeMux(), httpapi.Options{Title: "bench", Version: "1", Log: slog.New(slog.NewJSONHandler(log, nil))})
	op := huma.Operation{Method: http.MethodGet, Path: "/open/v1/orders/{order}", OperationID: "open-order"}
	if signed {
		gw, err := open(ctx, dir, h)
		if err != nil {
			return nil, err
		}
		op = gw.Guard(op, scope)
	}
	huma.Register(api, op, func(ctx context.Context, in *struct {
		Order string `path:"order" maxLength:"64"`
	}) (*struct{ Body order }, error) {
		if _, ok := access.CallerOf(ctx); ok != signed || in.Order != answer.ID {
			return nil, huma.Error404NotFound("no such order")
		}
		return &struct{ Body order }{answer}, nil
	})
	return api, nil
}

// open is the gateway, with a key that has a scope, a capability and a list of addresses, and an app that has two quotas.
func open(ctx context.Context, dir string, h *hello) (*gateway.Gateway, error) {
	d, err := db.Open(ctx, "sqlite:"+filepath.Join(dir, "gateway.db"))
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx, "gateway", gateway.Schema); err != nil {
		return nil, err
	}
	box, err := seal.Open(filepath.Join(dir, "secrets.key"))
	if err != nil {
		return nil, err
	}
	enough := gateway.Quota{Limit: 100_000_000, Window: time.Minute}
	gw := gateway.New(d, box, clock.System, nobody{}, gateway.Options{
		Scopes: []gateway.Scope{{Name: scope, Capability: "trade"}}, Grants: nobody{}, Quotas: gateway.FixedQuotas{App: enough, EachScope: enough},
	})
	k, err := gw.CreateKey(ctx, nobody{}, "app_bench", gateway.KeySpec{Name: "bench", Scopes: []string{scope}, Networks: []string{"127.0.0.0/8"}})
	if err != nil {
		return nil, err
	}
	h.Key, h.Secret = k.Key.ID, k.Secret
	go func() { _ = gw.Run(ctx) }()
	return gw, nil
}

// nobody owns the app of the benchmark, has been granted everything and keeps no audit log.
type nobody struct{}

func (nobody) ActorID() string { return "usr_bench" }
func (nobody) Address() string { return "" }
func (nobody) InApp(context.Context, string, access.Action) (string, error) {
	return "org_bench", nil
}
func (nobody) InOrganisation(context.Context, string, access.Action) error { return nil }
func (nobody) OnPlatform(context.Context, access.Action) error             { return nil }
func (nobody) Record(context.Context, db.Tx, access.Entry) error           { return nil }
func (nobody) Allowed(context.Context, string, string) (bool, error)       { return true, nil }

// processorTime is what this process has used, in user and system mode.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
