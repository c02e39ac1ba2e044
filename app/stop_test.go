package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"minimart/platform/db"
)

// demoOn is the demo as a process of its own.
func demoOn(t *testing.T, data, listen string) (*exec.Cmd, *output) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out output
	cmd := exec.Command(self, "demo", "--data", data, "--listen", listen)
	cmd.Env = append(os.Environ(), "MINIMART_TEST_RUNS_MAIN=1")
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd, &out
}

// published reads the versions that the demo at an address has released, by app, and opens the code of each.
func published(t *testing.T, address string) map[string]string {
	t.Helper()
	key := ""
	get := func(path string, into any) []byte {
		t.Helper()
		r, err := http.NewRequest(http.MethodGet, address+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if key != "" {
			r.Header.Set("Minimart-Host", key)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("GET %s: %s %v %.300s", path, answer.Status, err, body)
		}
		if into != nil {
			if err := json.Unmarshal(body, into); err != nil {
				t.Fatalf("GET %s: %v in %.300s", path, err, body)
			}
		}
		return body
	}
	key = publishableKey.FindString(string(get("/app/", nil)))
	var list struct {
		Items []struct{ ID string }
	}
	get("/api/host/v1/programs", &list)
	versions := map[string]string{}
	for _, p := range list.Items {
		var launch struct {
			Version, Base string
			Packages      map[string]struct{ Logic string }
		}
		get("/api/host/v1/programs/"+p.ID+"/launch", &launch)
		if len(launch.Packages) == 0 {
			t.Fatalf("%s has no packages: %+v", p.ID, launch)
		}
		for _, pkg := range launch.Packages {
			get(launch.Base+pkg.Logic, nil)
		}
		versions[p.ID] = launch.Version
	}
	return versions
}

// kept counts what the tables of a data folder hold.
func kept(t *testing.T, data string) (apps, versions int) {
	t.Helper()
	d, err := db.Open(t.Context(), platformFlags{Data: data}.databaseURL())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	err = d.View(t.Context(), func(tx db.Tx) error {
		if err := tx.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM release_app`).Scan(&apps); err != nil {
			return err
		}
		return tx.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM release_version`).Scan(&versions)
	})
	if err != nil {
		t.Fatal(err)
	}
	return apps, versions
}

func TestADemoThatWasStoppedGoesOn(t *testing.T) {
	data := t.TempDir()
	var first map[string]string
	for round := range 3 {
		var out output
		ctx, cancel := context.WithCancel(t.Context())
		over := make(chan error, 1)
		go func() {
			over <- demoCommand{platformFlags{Data: data, Listen: "127.0.0.1:0", LogFormat: "text"}}.Run(ctx, streams{&out, &out})
		}()
		address, err := out.await()
		if err != nil {
			cancel()
			t.Fatal(err, <-over)
		}
		versions := published(t, address)
		if len(versions) != 2 || versions[taroShop] == "" || versions[jewellery] == "" {
			t.Errorf("round %d: published %v", round, versions)
		}
		if first == nil {
			first = versions
		} else if fmt.Sprint(versions) != fmt.Sprint(first) {
			t.Errorf("round %d: published anew: %v, before it was %v", round, versions, first)
		}
		cancel()
		if err := <-over; err != nil {
			t.Errorf("round %d: stopping: %v", round, err)
		}
	}
	if apps, versions := kept(t, data); apps != 2 || versions != 2 {
		t.Errorf("after three starts there are %d apps and %d versions", apps, versions)
	}
}

func TestADemoThatWasKilledGoesOn(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes and kills them")
	}
	data := t.TempDir()
	// Killed while it makes its tables, builds, publishes, or at any other moment of starting.
	for _, after := range []time.Duration{150 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond, 1500 * time.Millisecond, 2500 * time.Millisecond} {
		cmd, _ := demoOn(t, data, "127.0.0.1:0")
		time.Sleep(after)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
	}
	var first map[string]string
	for round := range 2 {
		cmd, out := demoOn(t, data, "127.0.0.1:0")
		address, err := out.await()
		if err != nil {
			t.Fatal(err)
		}
		versions := published(t, address)
		if first == nil {
			first = versions
		}
		if len(versions) != 2 || fmt.Sprint(versions) != fmt.Sprint(first) {
			t.Errorf("round %d: published %v, before it was %v", round, versions, first)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
	}
	if apps, versions := kept(t, data); apps != 2 || versions != 2 {
		t.Errorf("after seven starts there are %d apps and %d versions", apps, versions)
	}
}

func TestADemoThatCannotStartSaysWhyAndWhatToDo(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	running := t.TempDir()
	_, out := demoOn(t, running, "127.0.0.1:0")
	address, err := out.await()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(file, []byte("not a folder"), 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, c := range []struct {
		name, data, listen string
		want               []string
	}{
		{"the address is taken", t.TempDir(), taken.Addr().String(), []string{taken.Addr().String(), "address already in use", "--listen"}},
		{"the address is none", t.TempDir(), "nowhere", []string{"nowhere", "--listen"}},
		{"the data folder is a file", file, "127.0.0.1:0", []string{file, "not a directory", "--data"}},
		{"the data folder lies in a file", filepath.Join(file, "data"), "127.0.0.1:0", []string{file, "not a directory", "--data"}},
		{"another minimart has the data folder", running, "127.0.0.1:0", []string{running, "in use by another process", "--data", "--bus"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd, out := demoOn(t, c.data, c.listen)
			over := make(chan error, 1)
			go func() { over <- cmd.Wait() }()
			select {
			case <-over:
			case <-time.After(time.Minute):
				t.Fatalf("it did not end: %s", out)
			}
			if status := cmd.ProcessState.ExitCode(); status != 1 {
				t.Errorf("exit status %d", status)
			}
			said := out.String()
			for _, words := range c.want {
				if !strings.Contains(said, words) {
					t.Errorf("it does not say %q: %s", words, said)
				}
			}
			if strings.Contains(said, "panic") || strings.Contains(said, "goroutine ") || strings.Count(said, "\n") > 3 {
				t.Errorf("it says more than a person wants to read: %s", said)
			}
		})
	}
	if versions := published(t, address); len(versions) != 2 {
		t.Errorf("the one that runs is disturbed: %v", versions)
	}
}
