//go:build unix

package testkit

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// watch runs postgres and ends it when standard input closes. The other end of that pipe is held by the test process
// alone, so it closes when that process ends, however it ends.
const watch = `
trap '' INT TERM HUP
"$1/postgres" -D "$2/data" -k "$2" -h 127.0.0.1 -p "$3" -F \
	-c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=32MB \
	-c max_pred_locks_per_transaction=256 -c logging_collector=off >"$2/log" 2>&1 &
read -r _
kill -QUIT $!
wait
rm -rf "$2"
`

// startPostgres makes a cluster in a temporary folder and starts it. It is made for speed: nothing is synced to disk.
func startPostgres() (at string, err error) {
	bin, err := binaries()
	if err != nil {
		return "", err
	}
	// A free port may be taken by somebody else before postgres gets there; then the next one will do.
	for range 3 {
		if at, err = startCluster(bin); err == nil {
			return at, nil
		}
	}
	return "", err
}

func startCluster(bin string) (at string, err error) {
	folder, err := os.MkdirTemp("", "minimart-pg-")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(folder)
		}
	}()
	as, err := serverUser(folder)
	if err != nil {
		return "", err
	}
	initdb := exec.CommandContext(context.Background(), filepath.Join(bin, "initdb"), "-D", filepath.Join(folder, "data"), "-U", "minimart", "-A", "trust",
		"-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions")
	initdb.SysProcAttr, initdb.Dir = as, folder
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w\n%s", err, bytes.TrimSpace(out))
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	return run(bin, folder, port, as)
}

func freePort() (int, error) {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// serverUser says as whom to run the server, and gives that user the folder. PostgreSQL refuses to run as root.
func serverUser(folder string) (*syscall.SysProcAttr, error) {
	// A session of its own keeps Ctrl-C in the terminal from reaching the server before the tests have ended.
	as := &syscall.SysProcAttr{Setsid: true}
	if os.Geteuid() != 0 {
		return as, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, fmt.Errorf("running as root, and there is no user postgres or nobody to run PostgreSQL as: %w", err)
		}
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	as.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return as, os.Chown(folder, int(uid), int(gid))
}

// started keeps the open end of the guard's pipe: a file that nothing refers to is closed by the garbage collector, and the
// server would go in the middle of the tests.
var started struct{ lifeline io.Closer }

// run starts the server and waits until it answers.
func run(bin, folder string, port int, as *syscall.SysProcAttr) (string, error) {
	guard := exec.CommandContext(context.Background(), "/bin/sh", "-c", watch, "sh", bin, folder, strconv.Itoa(port))
	guard.SysProcAttr, guard.Dir = as, folder
	alive, err := guard.StdinPipe() // closes with this process: that is the signal to stop
	if err != nil {
		return "", err
	}
	if err := guard.Start(); err != nil {
		return "", err
	}
	u := url.URL{Scheme: "postgres", User: url.User("minimart"), Path: "/postgres",
		RawQuery: url.Values{"host": {folder}, "port": {strconv.Itoa(port)}}.Encode()}
	probe, err := sql.Open("pgx", u.String())
	if err != nil {
		return "", err
	}
	defer func() { _ = probe.Close() }()
	deadline := time.Now().Add(60 * time.Second) // machines that build and test everything at once are slow
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		err = probe.PingContext(ctx)
		cancel()
		if err == nil {
			started.lifeline = alive
			return u.String(), nil
		}
		said, _ := os.ReadFile(filepath.Join(folder, "log")) // absent until the server has said something
		if time.Now().After(deadline) || bytes.Contains(said, []byte("FATAL:  could not")) {
			err = fmt.Errorf("PostgreSQL did not start: %w\n%s", err, said)
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	_ = alive.Close() // the guard ends the server, should it be there after all
	_ = guard.Wait()
	return "", err
}
