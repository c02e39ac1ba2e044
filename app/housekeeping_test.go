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

func TestTheHouseIsKeptOnceAnHour(t *testing.T) {
	ctx := context.Background()
	d := testkit.SQLite(t)
	if err := migrate(ctx, d); err != nil {
		t.Fatal(err)
	}
	now := clock.NewFake(time.Now())
	timers := timer.New(d, now)
	swept := 0
	keepHouse(d, timers, now, func(context.Context) (int64, error) { swept++; return 0, nil })
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
	for hour := 1; hour <= 3; hour++ {
		now.Advance(every)
		if ran, err := timers.RunDue(ctx); ran != 1 || err != nil || swept != hour {
			t.Fatalf("hour %d: ran %d timers, swept %d times, %v", hour, ran, swept, err)
		}
	}
	if seen() {
		t.Error("the mark of an event is forgotten within hours")
	}
	now.Advance(101 * 24 * time.Hour)
	if _, err := timers.RunDue(ctx); err != nil {
		t.Fatal(err)
	}
	if !seen() {
		t.Error("after a hundred days the mark of an event is forgotten")
	}
}
