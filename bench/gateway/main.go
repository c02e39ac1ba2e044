// Gateway measures a signed call of the open API with its quotas, end to end over loopback, beside a bare handler of
// net/http. See README.md.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	var (
		serve  = flag.String("serve", "", "be a server: signed, edge, waits, bare or plain; the benchmark starts itself like this")
		dir    = flag.String("dir", "", "folder for the database; a temporary one if empty")
		conns  = flag.Int("connections", 64, "connections that send at the same time")
		rounds = flag.Int("rounds", 5, "how often each server is measured, by turns")
		length = flag.Duration("length", 2*time.Second, "how long a turn takes")
		check  = flag.Bool("check", false, "fail unless the targets are met")
		prof   = flag.String("profile", "", "file for a CPU profile of the signed server")
	)
	flag.Parse()
	if *serve != "" {
		if err := be(*serve, *dir, *prof); err != nil {
			fmt.Fprintln(os.Stderr, "gateway:", err)
			os.Exit(1)
		}
		return
	}
	if *conns < 1 || *rounds < 1 {
		fmt.Fprintln(os.Stderr, "gateway: -connections and -rounds want at least 1")
		os.Exit(2)
	}
	met, err := measure(*dir, *prof, *conns, *rounds, *length)
	if err != nil {
		fmt.Fprintln(os.Stderr, "gateway:", err)
		os.Exit(1)
	}
	if *check && !met {
		os.Exit(1)
	}
}
