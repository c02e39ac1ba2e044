package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"minimart/platform/db"
)

// Config says where the bus is. Exactly one of Dir and URL is set.
type Config struct {
	// Dir is where the bus inside this process keeps its streams. It belongs to one process: several processes that
	// share a database need a cluster.
	Dir string
	// URL names a NATS cluster with JetStream: "nats://a:4222,nats://b:4222".
	URL string
	// Credentials is a NATS credentials file for URL; "" for none.
	Credentials string
	// Replicas is how many servers of a cluster keep each event; 3 if it is 0. It has no effect with Dir.
	Replicas int
	// KeepEvents is how long an event waits for a consumer that is away; 14 days if it is 0.
	KeepEvents time.Duration
	// KeepDead is how long a dead letter waits for somebody to look at it; 90 days if it is 0.
	KeepDead time.Duration
}

// The streams and their subjects. An event travels under ev.TOPIC; one that is delivered again to a single consumer under
// re.CONSUMER; a dead letter rests under dead.CONSUMER.
const (
	eventStream = "EVENTS"
	deadStream  = "DEAD"
	eventPrefix = "ev."
	againPrefix = "re."
	deadPrefix  = "dead."
)

// syncEvery is how much a bus inside this process may lose when the power goes, after having confirmed it. The outbox
// sends the last moments again at its start and so covers several times as much.
const syncEvery = 2 * time.Second

// Bus is a connection to the streams. It is safe for concurrent use.
type Bus struct {
	server *server.Server // nil when the bus is a cluster
	lock   *os.File       // of Dir
	conn   *nats.Conn
	js     jetstream.JetStream
	dead   jetstream.Stream

	mu        sync.Mutex
	closed    bool
	consumers map[string]*consumer
	running   sync.WaitGroup
}

// Open starts the bus, or connects to it, and makes the streams.
func Open(ctx context.Context, c Config) (*Bus, error) {
	if (c.Dir == "") == (c.URL == "") {
		return nil, errors.New("bus: set either Dir, for a bus inside this process, or URL, for a cluster")
	}
	b := &Bus{consumers: map[string]*consumer{}}
	replicas := 1
	var err error
	if c.Dir != "" {
		err = b.startServer(c.Dir)
	} else {
		replicas = 3
		if c.Replicas != 0 {
			replicas = c.Replicas
		}
		err = b.connect(c)
	}
	if err == nil {
		err = b.makeStreams(ctx, c, replicas)
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

func (b *Bus) startServer(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("bus: %w", err)
	}
	var err error
	if b.lock, err = lockFile(filepath.Join(dir, "lock")); err != nil {
		return fmt.Errorf("bus: %s is in use by another process: %w", dir, err)
	}
	b.server, err = server.NewServer(&server.Options{
		ServerName: "minimart", DontListen: true, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: dir, DisableJetStreamBanner: true, SyncInterval: syncEvery,
	})
	if err != nil {
		return fmt.Errorf("bus: starting in %s: %w", dir, err)
	}
	b.server.SetLoggerV2(natsLog{}, false, false, false)
	b.server.Start()
	if !b.server.ReadyForConnections(30 * time.Second) {
		return fmt.Errorf("bus: the server in %s did not become ready in 30 s", dir)
	}
	if b.conn, err = nats.Connect("", nats.InProcessServer(b.server), nats.Name("minimart")); err != nil {
		return fmt.Errorf("bus: connecting to the server in %s: %w", dir, err)
	}
	return nil
}

func (b *Bus) connect(c Config) error {
	options := []nats.Option{nats.Name("minimart"), nats.MaxReconnects(-1), nats.RetryOnFailedConnect(false)}
	if c.Credentials != "" {
		options = append(options, nats.UserCredentials(c.Credentials))
	}
	var err error
	if b.conn, err = nats.Connect(c.URL, options...); err != nil {
		return fmt.Errorf("bus: connecting to the cluster: %w", err) // without the URL: it may hold a password
	}
	return nil
}

func (b *Bus) makeStreams(ctx context.Context, c Config, replicas int) (err error) {
	if b.js, err = jetstream.New(b.conn); err != nil {
		return fmt.Errorf("bus: %w", err)
	}
	if c.KeepEvents == 0 {
		c.KeepEvents = 14 * 24 * time.Hour
	}
	if c.KeepDead == 0 {
		c.KeepDead = 90 * 24 * time.Hour
	}
	if _, err = b.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: eventStream, Subjects: []string{eventPrefix + ">", againPrefix + ">"}, Storage: jetstream.FileStorage,
		MaxAge: c.KeepEvents, Duplicates: 2 * time.Minute, Replicas: replicas, Compression: jetstream.S2Compression,
	}); err != nil {
		return fmt.Errorf("bus: making stream %s: %w", eventStream, err)
	}
	if b.dead, err = b.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: deadStream, Subjects: []string{deadPrefix + ">"}, Storage: jetstream.FileStorage,
		MaxAge: c.KeepDead, Duplicates: 2 * time.Minute, Replicas: replicas,
	}); err != nil {
		return fmt.Errorf("bus: making stream %s: %w", deadStream, err)
	}
	return nil
}

// Publish sends events in order and returns how many of them, from the first on, the bus has stored. An event that it has
// stored within the last two minutes is not stored again. Only the outbox's relay calls this: whatever else wants to say
// something emits it in its transaction.
func (b *Bus) Publish(ctx context.Context, events []db.Event) (sent int, err error) {
	answers := make([]jetstream.PubAckFuture, len(events))
	for i, e := range events {
		if answers[i], err = b.js.PublishMsgAsync(message(eventPrefix+e.Topic, e), jetstream.WithMsgID(e.ID)); err != nil {
			answers = answers[:i]
			err = fmt.Errorf("bus: sending %s: %w", e.ID, err)
			break
		}
	}
	for i, a := range answers {
		select {
		case <-a.Ok():
			sent++
		case failed := <-a.Err():
			return sent, fmt.Errorf("bus: sending %s: %w", events[i].ID, failed)
		case <-ctx.Done():
			return sent, fmt.Errorf("bus: sending %s: %w", events[i].ID, ctx.Err())
		}
	}
	return sent, err
}

// Ping is nil if the bus answers.
func (b *Bus) Ping(ctx context.Context) error {
	if _, err := b.js.AccountInfo(ctx); err != nil {
		return fmt.Errorf("bus: %w", err)
	}
	return nil
}

// Close lets running handlers finish, for at most ten seconds, and stops the bus. It may be called twice.
func (b *Bus) Close() error {
	b.mu.Lock()
	first := !b.closed
	b.closed = true
	for _, c := range b.consumers {
		c.stop()
	}
	b.mu.Unlock()
	if !first {
		return nil
	}
	b.running.Wait()
	var err error
	if b.conn != nil {
		err = b.conn.Flush() // acknowledgements that are still on their way
		b.conn.Close()
	}
	if b.server != nil {
		b.server.Shutdown()
		b.server.WaitForShutdown()
	}
	if b.lock != nil {
		err = errors.Join(err, b.lock.Close())
	}
	return err
}

// natsLog passes on what the server has to say about trouble.
type natsLog struct{}

func (natsLog) Noticef(string, ...any)        {}
func (natsLog) Debugf(string, ...any)         {}
func (natsLog) Tracef(string, ...any)         {}
func (natsLog) Warnf(format string, a ...any) { slog.Warn("bus: " + fmt.Sprintf(format, a...)) }
func (natsLog) Errorf(format string, a ...any) {
	slog.Error("bus: " + fmt.Sprintf(format, a...))
}
func (natsLog) Fatalf(format string, a ...any) {
	slog.Error("bus: the server gave up: " + fmt.Sprintf(format, a...))
}
