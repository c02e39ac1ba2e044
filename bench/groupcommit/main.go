// Groupcommit measures a checkout-like transaction on SQLite with group commit beside one commit per call. See README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/id"
	"minimart/platform/outbox"
)

func main() {
	var (
		dir     = flag.String("dir", "", "folder for the databases; a temporary one if empty")
		clients = flag.Int("clients", 64, "clients that send at the same time")
		rounds  = flag.Int("rounds", 4, "how often each way is measured, by turns")
		length  = flag.Duration("length", 2500*time.Millisecond, "how long a turn takes")
		skus    = flag.Int("skus", 100, "different products; 1 makes one hot row")
		want    = flag.Float64("want", 0, "fail if group commit is not this many times faster")
	)
	flag.Parse()
	if total := 2 * time.Duration(*rounds) * *length; total > 25*time.Second {
		fmt.Fprintf(os.Stderr, "groupcommit: %d rounds of twice %v are %v, at most 25s go\n", *rounds, *length, total)
		os.Exit(2)
	}
	if *clients < 1 || *rounds < 1 || *skus < 1 {
		fmt.Fprintln(os.Stderr, "groupcommit: -clients, -rounds and -skus want at least 1")
		os.Exit(2)
	}
	ratio, err := measure(context.Background(), *dir, *clients, *rounds, *length, *skus)
	if err != nil {
		fmt.Fprintln(os.Stderr, "groupcommit:", err)
		os.Exit(1)
	}
	if ratio < *want {
		fmt.Fprintf(os.Stderr, "groupcommit: %.1f times faster, want %.1f\n", ratio, *want)
		os.Exit(1)
	}
}

func measure(ctx context.Context, dir string, clients, rounds int, length time.Duration, skus int) (ratio float64, err error) {
	temporary, err := os.MkdirTemp(dir, "groupcommit-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(temporary)
	sync, err := syncCost(temporary)
	if err != nil {
		return 0, err
	}
	fmt.Printf("%d clients, %d products, %d turns of %v each; writing and syncing 4 KiB takes %v (median) in %s\n\n", clients, skus, rounds, length, sync, temporary)

	ways := []*way{{name: "group commit"}, {name: "one commit per call", options: []db.Option{db.WithGroupLimit(1)}}}
	for i, w := range ways {
		if err := w.open(ctx, filepath.Join(temporary, fmt.Sprintf("%d.db", i)), skus); err != nil {
			return 0, err
		}
	}
	for range rounds {
		for _, w := range ways {
			if err := w.turn(ctx, clients, length); err != nil {
				return 0, fmt.Errorf("%s: %w", w.name, err)
			}
		}
	}
	fmt.Printf("%-22s %10s %12s %10s %10s   %s\n", "", "tx/s", "CPU-ms/tx", "p50 ms", "p99 ms", "adds up")
	var wrong error
	for _, w := range ways {
		sums, err := w.check(ctx)
		wrong = errors.Join(wrong, err, w.db.Close())
		fmt.Printf("%-22s %10.0f %12.3f %10.2f %10.2f   %s\n", w.name, w.rate(), w.cpu.Seconds()*1e3/float64(len(w.waits)), w.wait(0.50), w.wait(0.99), sums)
	}
	ratio = ways[0].rate() / ways[1].rate()
	fmt.Printf("\ngroup commit: %.1f times the transactions per second\n", ratio)
	return ratio, wrong
}

// syncCost is the median time of an append of one page and its fsync.
func syncCost(dir string) (time.Duration, error) {
	f, err := os.Create(filepath.Join(dir, "sync"))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var took []time.Duration
	for range 51 {
		began := time.Now()
		if _, err := f.Write(make([]byte, 4096)); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[len(took)/2].Round(time.Microsecond), nil
}

// way is one of the two that are compared.
type way struct {
	name    string
	options []db.Option
	db      *db.DB
	skus    int

	waits []time.Duration // of every call
	time  time.Duration   // of all turns
	cpu   time.Duration   // of this process, in all turns
	next  atomic.Int64
}

var tables = []string{
	`CREATE TABLE stock (sku BIGINT PRIMARY KEY, available BIGINT NOT NULL CHECK (available >= 0), reserved BIGINT NOT NULL)`,
	`CREATE TABLE orders (id TEXT PRIMARY KEY, buyer BIGINT NOT NULL, merchant BIGINT NOT NULL, sku BIGINT NOT NULL, amount BIGINT NOT NULL,
		state TEXT NOT NULL, idem TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL)`,
	`CREATE INDEX orders_buyer ON orders (buyer, created_at)`,
	`CREATE TABLE posting (transfer TEXT NOT NULL, line BIGINT NOT NULL, account BIGINT NOT NULL, amount BIGINT NOT NULL, created_at BIGINT NOT NULL,
		PRIMARY KEY (transfer, line))`,
	`CREATE INDEX posting_account ON posting (account, transfer)`,
}

func (w *way) open(ctx context.Context, path string, skus int) (err error) {
	if w.db, err = db.Open(ctx, "sqlite:"+path, w.options...); err != nil {
		return err
	}
	if err := outbox.New(w.db, clock.System).Migrate(ctx); err != nil {
		return err
	}
	w.skus = skus
	return w.db.Update(ctx, func(tx db.Tx) error {
		for _, t := range tables {
			if _, err := tx.ExecContext(ctx, t); err != nil {
				return err
			}
		}
		for sku := range skus {
			if _, err := tx.ExecContext(ctx, `INSERT INTO stock VALUES ($1, 1000000000, 0)`, sku); err != nil {
				return err
			}
		}
		return nil
	})
}

// turn lets the clients send for a while.
func (w *way) turn(ctx context.Context, clients int, length time.Duration) error {
	all := make([][]time.Duration, clients)
	errs := make([]error, clients)
	cpu, began := processTime(), time.Now()
	end := began.Add(length)
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			for sent := time.Now(); sent.Before(end); sent = time.Now() {
				if err := w.order(ctx, w.next.Add(1)); err != nil {
					errs[c] = err
					return
				}
				all[c] = append(all[c], time.Since(sent))
			}
		})
	}
	wg.Wait()
	w.time += time.Since(began)
	w.cpu += processTime() - cpu
	w.waits = append(w.waits, slices.Concat(all...)...)
	return errors.Join(errs...)
}

type placed struct {
	Order  string `json:"order"`
	Buyer  int64  `json:"buyer"`
	SKU    int64  `json:"sku"`
	Amount int64  `json:"amount"`
}

func (w *way) order(ctx context.Context, n int64) error {
	const amount = 9900
	now, sku, buyer, merchant := time.Now().UnixMilli(), n%int64(w.skus), n%10_000, n%50
	order := id.New("ord")
	return w.db.Update(ctx, func(tx db.Tx) error {
		var left int64
		if err := tx.QueryRowContext(ctx, `UPDATE stock SET available = available - 1, reserved = reserved + 1 WHERE sku = $1 AND available >= 1 RETURNING available`, sku).Scan(&left); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO orders VALUES ($1, $2, $3, $4, $5, 'PENDING', $6, $7)`,
			order, buyer, merchant, sku, amount, "key-"+order, now); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO posting VALUES ($1, 1, $2, $3, $4), ($1, 2, $5, $6, $4)`,
			order, buyer, -amount, now, 1_000_000+merchant, amount); err != nil {
			return err
		}
		return tx.Emit(ctx, "order.placed", order, placed{order, buyer, sku, amount})
	})
}

// check is an error if anything that was acknowledged is missing, or anything else is there.
func (w *way) check(ctx context.Context) (string, error) {
	var orders, reserved, postings, sum, events int64
	err := w.db.View(ctx, func(tx db.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM orders), (SELECT SUM(reserved) FROM stock),
			(SELECT COUNT(*) FROM posting), (SELECT COALESCE(SUM(amount), 0) FROM posting), (SELECT COUNT(*) FROM outbox)`).
			Scan(&orders, &reserved, &postings, &sum, &events)
	})
	if err != nil {
		return "unknown", err
	}
	acknowledged := int64(len(w.waits))
	if orders != acknowledged || reserved != acknowledged || postings != 2*acknowledged || sum != 0 || events != acknowledged {
		return "NO", fmt.Errorf("%s: acknowledged %d, but %d orders, %d reserved, %d postings with sum %d, %d events", w.name, acknowledged, orders, reserved, postings, sum, events)
	}
	return fmt.Sprintf("yes, %d orders", orders), nil
}

func (w *way) rate() float64 { return float64(len(w.waits)) / w.time.Seconds() }

// wait is the quantile q of how long clients waited, in ms.
func (w *way) wait(q float64) float64 {
	if len(w.waits) == 0 {
		return 0
	}
	slices.Sort(w.waits)
	return w.waits[min(len(w.waits)-1, int(q*float64(len(w.waits))))].Seconds() * 1e3
}
