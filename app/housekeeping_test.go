package app

import (
	"context"
	"testing"
	"time"

	"minimart/platform/bus"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/testkit"
	"minimart/platform/timer"
)

func TestTheHouseIsKeptOnceADay(t *testing.T) {
	ctx := context.Background()
	d := testkit.SQLite(t)
	if err := migrate(ctx, d); err != nil {
		t.Fatal(err)
	}
	now := clock.NewFake(time.Now())
	timers := timer.New(d, now)
	keepHouse(d, timers, now)
	for range 2 { // a second start leaves the timer of the first alone
		if err := startHousekeeping(ctx, d, now); err != nil {
			t.Fatal(err)
		}
	}
	seen := func() (first bool) {
		if err := d.Update(ctx, func(tx db.Tx) (err error) { first, err = bus.Once(ctx, tx, "ledger", "order.paid:1"); return err }); err != nil {
			t.Fatal(err)
		}
		return first
	}
	if !seen() || seen() {
		t.Fatal("an event is met once")
	}
	for day := 1; day <= 101; day++ {
		now.Advance(every)
		if ran, err := timers.RunDue(ctx); ran != 1 || err != nil {
			t.Fatalf("day %d: ran %d timers, %v", day, ran, err)
		}
	}
	if !seen() {
		t.Error("after a hundred days the mark of an event is forgotten")
	}
}
