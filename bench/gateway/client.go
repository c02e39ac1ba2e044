package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"minimart/open/gateway/client"
)

// rival is one of the servers, in a process of its own, and what was measured of it.
type rival struct {
	name  string
	hello hello
	in    io.WriteCloser
	out   *json.Decoder
	done  func() error

	waits []time.Duration // of every call
	time  time.Duration   // of all turns
	cpu   time.Duration   // of its process, in all turns
	ratio []float64
}

// start starts this very program as a server.
func start(name, dir, profile string) (*rival, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{"-serve", name, "-dir", dir}
	if profile != "" && name == "signed" {
		args = append(args, "-profile", profile)
	}
	cmd := exec.Command(self, args...)
	cmd.Stderr = os.Stderr
	r := &rival{name: name}
	if r.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	r.out = json.NewDecoder(out)
	r.done = func() error { return errors.Join(r.in.Close(), cmd.Wait()) }
	if err := r.out.Decode(&r.hello); err != nil {
		return nil, errors.Join(fmt.Errorf("the server %s did not start: %w", name, err), r.done())
	}
	return r, nil
}

// processor is the processor time the server has used.
func (r *rival) processor() (time.Duration, error) {
	if _, err := io.WriteString(r.in, "?\n"); err != nil {
		return 0, err
	}
	var µs int64
	err := r.out.Decode(&µs)
	return time.Duration(µs) * time.Microsecond, err
}

func measure(dir, profile string, conns, rounds int, length time.Duration) (met bool, err error) {
	temporary, err := os.MkdirTemp(dir, "gateway-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(temporary)
	var rivals []*rival
	for _, name := range []string{"signed", "edge", "waits", "plain", "bare"} {
		r, err := start(name, temporary, profile)
		if err != nil {
			return false, err
		}
		defer r.done()
		rivals = append(rivals, r)
	}
	fmt.Printf("%d connections, %d turns of %v each, %d processors shared with the client; database in %s\n\n", conns, rounds, length, runtime.NumCPU(), temporary)
	for i := range rounds + 1 {
		var each []float64
		for _, r := range rivals {
			used, err := r.turn(conns, length, i > 0) // the first turn warms up
			if err != nil {
				return false, fmt.Errorf("%s: %w", r.name, err)
			}
			each = append(each, used)
		}
		if i > 0 {
			for n, r := range rivals {
				r.ratio = append(r.ratio, each[n]/each[len(each)-1])
			}
		}
	}
	fmt.Printf("%-10s %12s %10s %10s %18s %22s\n", "", "requests/s", "p50 ms", "p99 ms", "server CPU µs/req", "ratio (of the turns)")
	for _, r := range rivals {
		slices.Sort(r.ratio)
		fmt.Printf("%-10s %12.0f %10.2f %10.2f %18.1f %22s\n", r.name, r.rate(), r.wait(0.50), r.wait(0.99), r.cpu.Seconds()*1e6/float64(len(r.waits)),
			fmt.Sprintf("%.2f (%.2f to %.2f)", r.ratio[len(r.ratio)/2], r.ratio[0], r.ratio[len(r.ratio)-1]))
	}
	s := rivals[0]
	ratio := s.ratio[len(s.ratio)/2]
	met = s.rate() >= 5000 && s.wait(0.99) <= 30 && ratio <= 3
	fmt.Printf("\na signed call with its quotas: %.2f times the server's CPU of a bare handler\n", ratio)
	fmt.Printf("targets, on two processors that nobody else uses: at least 5000 requests/s, p99 at most 30 ms, at most 3 times: %s\n", map[bool]string{true: "met", false: "NOT met"}[met])
	return met, nil
}

// fastest is how many requests a second are prepared for.
const fastest = 40_000

// turn lets the connections send for a while, and answers the server's processor time for a request in µs.
func (r *rival) turn(conns int, length time.Duration, counts bool) (float64, error) {
	all := make([][]time.Duration, conns)
	errs := make([]error, conns)
	sheaves := make([]*letters, conns)
	for c := range sheaves { // beforehand, to leave the processors to the server
		var err error
		if sheaves[c], err = r.write(int(fastest*length.Seconds()) / conns); err != nil {
			return 0, err
		}
	}
	runtime.GC()
	before, err := r.processor()
	if err != nil {
		return 0, err
	}
	began := time.Now()
	end := began.Add(length)
	var wg sync.WaitGroup
	for c := range conns {
		wg.Go(func() { all[c], errs[c] = r.send(sheaves[c], end) })
	}
	wg.Wait()
	took := time.Since(began)
	after, err := r.processor()
	if err := errors.Join(append(errs, err)...); err != nil {
		return 0, err
	}
	waits := slices.Concat(all...)
	if counts {
		r.waits, r.time, r.cpu = append(r.waits, waits...), r.time+took, r.cpu+after-before
	}
	return (after - before).Seconds() * 1e6 / float64(len(waits)), nil
}

// letters are requests as they go over the wire.
type letters struct {
	signer *client.Transport
	plain  *http.Request
	head   string
	ready  [][]byte
}

// write prepares n requests.
func (r *rival) write(n int) (*letters, error) {
	plain, err := http.NewRequest(http.MethodGet, "http://"+r.hello.Address+path, nil)
	if err != nil {
		return nil, err
	}
	l := &letters{
		signer: &client.Transport{Key: r.hello.Key, Secret: r.hello.Secret}, plain: plain, ready: make([][]byte, n),
		head: "GET " + path + " HTTP/1.1\r\nHost: " + r.hello.Address + "\r\nAccept: application/json\r\nUser-Agent: bench\r\n",
	}
	for i := range l.ready {
		if l.ready[i], err = l.sign(); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *letters) sign() ([]byte, error) {
	if l.signer.Key == "" {
		return []byte(l.head + "\r\n"), nil
	}
	signed, err := l.signer.Sign(l.plain)
	if err != nil {
		return nil, err
	}
	return []byte(l.head + "Authorization: " + signed.Header.Get("Authorization") + "\r\n\r\n"), nil
}

// next is a request that was not sent yet.
func (l *letters) next() (request []byte, err error) {
	if len(l.ready) == 0 { // faster than expected
		return l.sign()
	}
	request, l.ready = l.ready[0], l.ready[1:]
	return request, nil
}

// send makes calls on one connection, one after another, until end.
func (r *rival) send(l *letters, end time.Time) (waits []time.Duration, err error) {
	conn, err := net.Dial("tcp", r.hello.Address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 4096)
	for {
		request, err := l.next()
		if err != nil {
			return nil, err
		}
		sent := time.Now()
		if !sent.Before(end) {
			return waits, nil
		}
		if _, err := conn.Write(request); err != nil {
			return nil, err
		}
		if err := receive(in); err != nil {
			return nil, err
		}
		waits = append(waits, time.Since(sent))
	}
}

// receive reads one answer, which must be good and have a length.
func receive(in *bufio.Reader) error {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	status := string(line)
	length := -1
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= 2 {
			break
		}
		const name = "Content-Length: "
		if len(line) > len(name) && string(line[:len(name)]) == name {
			if length, err = strconv.Atoi(string(line[len(name) : len(line)-2])); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return fmt.Errorf("an answer without a length: %s", status)
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(in, body); err != nil {
		return err
	}
	if len(status) < 12 || status[9:12] != "200" {
		return fmt.Errorf("%s%s", status, body)
	}
	return nil
}

func (r *rival) rate() float64 { return float64(len(r.waits)) / r.time.Seconds() }

// wait is the quantile q of how long clients waited, in ms.
func (r *rival) wait(q float64) float64 {
	if len(r.waits) == 0 {
		return 0
	}
	slices.Sort(r.waits)
	return r.waits[min(len(r.waits)-1, int(q*float64(len(r.waits))))].Seconds() * 1e3
}
