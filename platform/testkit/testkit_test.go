package testkit_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"minimart/platform/db"
	"minimart/platform/testkit"
)

func TestEveryTestHasItsOwnDatabase(t *testing.T) {
	ctx := context.Background()
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			for range 2 { // the second would find the table of the first
				d := e.Open(t)
				if string(d.Engine()) != e.Name {
					t.Errorf("%s opened a %s", e.Name, d.Engine())
				}
				err := d.Update(ctx, func(tx db.Tx) error {
					_, err := tx.ExecContext(ctx, "CREATE TABLE mine (id TEXT PRIMARY KEY)")
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestOneURLIsOneDatabase(t *testing.T) {
	ctx := context.Background()
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			url := e.URL(t)
			a, b := testkit.Open(t, url), testkit.Open(t, url)
			if err := a.Update(ctx, func(tx db.Tx) error {
				_, err := tx.ExecContext(ctx, "CREATE TABLE ours (id TEXT PRIMARY KEY)")
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if err := b.View(ctx, func(tx db.Tx) error {
				var n int
				return tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM ours").Scan(&n)
			}); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestTheServerEndsWithItsTests runs this test binary once more and kills it while its server runs.
func TestTheServerEndsWithItsTests(t *testing.T) {
	if os.Getenv("MINIMART_TEST_POSTGRES") != "" {
		t.Skip("the server is not ours")
	}
	if os.Getenv("TESTKIT_CHILD") != "" {
		t.Log("serving at", testkit.PostgresURL(t))
		os.Stdout.WriteString(testkit.PostgresURL(t) + "\n")
		time.Sleep(time.Minute) // killed long before
		return
	}
	testkit.PostgresURL(t) // skips where there is none
	child := exec.Command(os.Args[0], "-test.run=^TestTheServerEndsWithItsTests$")
	child.Env = append(os.Environ(), "TESTKIT_CHILD=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	for buf := make([]byte, 512); !strings.Contains(said.String(), "\n"); {
		n, err := out.Read(buf)
		said.Write(buf[:n])
		if err != nil {
			t.Fatalf("the child ended: %v\n%s", err, said.String())
		}
	}
	url, _, _ := strings.Cut(said.String(), "\n")
	d, err := db.Open(context.Background(), url)
	if err != nil {
		t.Fatalf("the child's server does not answer: %v", err)
	}
	d.Close()
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		d, err := db.Open(context.Background(), url)
		if err != nil {
			return
		}
		d.Close()
		if time.Now().After(deadline) {
			t.Fatalf("the server at %s outlived its tests", url)
		}
	}
}
