//go:build unix

package gateway_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"minimart/open/gateway"
	"minimart/platform/clock"
	"minimart/platform/testkit"
)

// BenchmarkCall is a small GET over loopback at 64 connections, bare and signed, with its quota. Sender and server share the
// machine and the process; signing is done beforehand.
func BenchmarkCall(b *testing.B) {
	s := newTown(b, testkit.Engine{Name: "sqlite", URL: testkit.SQLiteURL}).open(b)
	s.quotas.Store(&gateway.FixedQuotas{App: gateway.Quota{Limit: 100_000_000, Window: time.Minute}, EachScope: gateway.Quota{Limit: 100_000_000, Window: time.Minute}})
	s.clock.Set(clock.System.Now())
	k := s.key(b, mina, gateway.KeySpec{})
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = 100
	bare := strings.Replace(s.site.URL, "http://", "", 1)
	for _, kind := range []string{"bare", "signed"} {
		b.Run(kind, func(b *testing.B) {
			requests := make(chan *http.Request, b.N+64)
			for range b.N + 64 {
				r := s.sign(b, k, "GET", "/open/v1/orders", "")
				if kind == "bare" {
					r = r.Clone(context.Background())
					r.URL.Host, r.URL.Path = bare, "/bare"
				}
				requests <- r
			}
			b.SetParallelism(32) // × 2 processors
			before := processor()
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					resp, err := http.DefaultClient.Do(<-requests)
					if err != nil {
						b.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
					if resp.StatusCode != 200 {
						b.Errorf("%d", resp.StatusCode)
						return
					}
				}
			})
			b.ReportMetric(float64(processor()-before)/float64(b.N)/1000, "cpu-µs/op")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
}

// processor is the processor time of this process.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
