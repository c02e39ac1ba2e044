package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"minimart/open/gateway/gatewaydb"
	"minimart/open/gateway/seal"
	"minimart/open/gateway/signing"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
	"minimart/platform/id"
)

const (
	// answersKept is how long the answer to an idempotency key is kept, from when it was given.
	answersKept = 24 * time.Hour
	// busyFor is how long a call with an idempotency key may take. If its process dies in the middle, the key is blocked for
	// that long; then the call may be made again.
	busyFor = 2 * time.Minute
	// answerLimit is how large an answer may be to be kept.
	answerLimit        = 256 << 10
	maxIdempotencyKey  = 200
	settleTime         = 5 * time.Second
	tryAgainWhenItIsOn = time.Second
)

// keptHeaders are those of an answer that are given again with it; the others are about the first call.
var keptHeaders = []string{"Content-Type", "Content-Language", "Location", "Etag", "Link", "Last-Modified"}

// answer is what a call with an idempotency key was answered.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// tooLargeStatus marks an answer that was good and too large to keep.
const tooLargeStatus = -1

// once has next answer a call, unless a call with the same idempotency key was answered in the last 24 hours: then that
// answer is given again. Only good answers (2xx and 3xx) are kept. What failed has changed nothing, by the rule that an
// operation is one transaction, and may be tried again under its key.
//
// A process that dies between the operation's commit and the keeping of its answer leaves a key whose call will be made
// again. Operations that must not happen twice even then keep the key in their own transaction; IdempotencyKeyOf has it.
// Errors: invalid for the key; conflict when the key came with another call, or the first call is still on; unavailable.
func (g *Gateway) once(w http.ResponseWriter, r *http.Request, caller access.Caller, next func(http.ResponseWriter, *http.Request)) error {
	key, err := idempotencyKey(r.Header.Get("Idempotency-Key"))
	if err != nil {
		return err
	}
	fingerprint, err := fingerprintOf(r)
	if err != nil {
		return err
	}
	attempt := id.New("idm")
	kept, err := g.begin(r.Context(), caller.App, key, fingerprint, attempt)
	if err != nil {
		return err
	}
	if kept != nil {
		if kept.status == tooLargeStatus {
			return fault.Conflict(answerTooLarge, key)
		}
		for name, values := range kept.header {
			w.Header()[name] = values
		}
		w.Header().Set("Idempotency-Replayed", "true")
		w.WriteHeader(kept.status)
		_, _ = w.Write(kept.body) // the reader may be gone
		return nil
	}
	rec := &recorder{ResponseWriter: w}
	settled := false
	// The caller may be gone by now; what becomes of the key does not depend on that.
	ctx := context.WithoutCancel(r.Context())
	defer func() {
		if !settled { // the handler panicked
			g.settle(ctx, caller.App, key, attempt, nil)
		}
	}()
	next(rec, r.WithContext(context.WithValue(r.Context(), idempotencyKeyKey{}, key)))
	g.settle(ctx, caller.App, key, attempt, rec.answer())
	settled = true
	rec.send()
	return nil
}

type idempotencyKeyKey struct{}

// IdempotencyKeyOf is the idempotency key of the call ctx belongs to, "" for none.
func IdempotencyKeyOf(ctx context.Context) string {
	key, _ := ctx.Value(idempotencyKeyKey{}).(string)
	return key
}

// idempotencyKey reads the header: 1 to 200 visible ASCII characters, in quotes or not.
func idempotencyKey(header string) (string, error) {
	key := header
	if len(key) >= 2 && key[0] == '"' && key[len(key)-1] == '"' {
		key = key[1 : len(key)-1]
	}
	if key == "" || len(key) > maxIdempotencyKey || strings.IndexFunc(key, func(c rune) bool { return c <= ' ' || c > '~' || c == '"' || c == '\\' }) >= 0 {
		return "", fault.Invalid("Idempotency-Key", badIdempotencyKey, maxIdempotencyKey)
	}
	return key, nil
}

// fingerprintOf is what makes a call the same call: all that its signature covers but the time and the nonce.
func fingerprintOf(r *http.Request) (string, error) {
	header, err := signing.Parse(r.Header.Get("Authorization"))
	if err != nil {
		return "", err
	}
	text, err := signing.Request{Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, BodyHash: header.BodyHash, Nonce: "-", Key: "-"}.Canonical()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:]), nil
}

// begin reserves a key for attempt, or finds the answer that was given.
func (g *Gateway) begin(ctx context.Context, app, key, fingerprint, attempt string) (kept *answer, err error) {
	now := clock.Millis(g.clock)
	busy, expires := now+busyFor.Milliseconds(), now+answersKept.Milliseconds()
	err = g.db.Update(ctx, func(tx db.Tx) error {
		kept = nil
		q := gatewaydb.New(tx)
		n, err := q.BeginIdempotent(ctx, gatewaydb.BeginIdempotentParams{AppID: app, IdemKey: key, Fingerprint: fingerprint, Attempt: attempt, BusyUntil: busy, ExpiresAt: expires})
		if err != nil || n == 1 {
			return err
		}
		row, err := q.Idempotent(ctx, gatewaydb.IdempotentParams{AppID: app, IdemKey: key})
		if err != nil {
			return err
		}
		switch {
		case row.ExpiresAt <= now:
		case row.Fingerprint != fingerprint:
			return fault.Conflict(keyOfAnotherCall, key)
		case row.Status != 0:
			kept, err = g.answerOf(row)
			return err
		case row.BusyUntil > now:
			return fault.Conflict(callIsOn, key).WithRetryAfter(tryAgainWhenItIsOn)
		}
		return q.TakeIdempotent(ctx, gatewaydb.TakeIdempotentParams{AppID: app, IdemKey: key, Fingerprint: fingerprint, Attempt: attempt, BusyUntil: busy, ExpiresAt: expires})
	})
	return kept, err
}

// answerPlace is where a kept answer belongs, see seal. An answer may hold what nobody should find in a database: a session
// key, a phone number.
func answerPlace(app, key, part string) string {
	return "gateway_idempotency/" + app + "/" + key + "/" + part
}

func (g *Gateway) answerOf(row gatewaydb.GatewayIdempotency) (*answer, error) {
	a := &answer{status: int(row.Status)}
	header, body, err := g.keptOf(row)
	if err == nil {
		err = json.Unmarshal([]byte(header), &a.header)
	}
	if err != nil {
		return nil, fmt.Errorf("gateway: the kept answer to %s of %s cannot be read: %w", row.IdemKey, row.AppID, err)
	}
	a.body = []byte(body)
	return a, nil
}

// keptOf is what was kept of an answer.
func (g *Gateway) keptOf(row gatewaydb.GatewayIdempotency) (header, body string, err error) {
	if !seal.IsSealed(row.Header) && !seal.IsSealed(row.Body) {
		// Kept by a program that did not seal answers yet. Its rows are gone a day after it.
		plain, err := base64.StdEncoding.DecodeString(row.Body)
		return row.Header, string(plain), err
	}
	if header, err = g.box.Unseal(answerPlace(row.AppID, row.IdemKey, "header"), row.Header); err != nil {
		return "", "", err
	}
	body, err = g.box.Unseal(answerPlace(row.AppID, row.IdemKey, "body"), row.Body)
	return header, body, err
}

// settle keeps a good answer, and frees the key after any other. When neither can be written the key is blocked for a while.
func (g *Gateway) settle(ctx context.Context, app, key, attempt string, a *answer) {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	var finish gatewaydb.FinishIdempotentParams
	if a != nil {
		header, err := json.Marshal(a.header)
		if err != nil { // strings: cannot happen
			panic(err)
		}
		finish = gatewaydb.FinishIdempotentParams{
			AppID: app, IdemKey: key, Attempt: attempt, Status: int64(a.status), ExpiresAt: clock.Millis(g.clock) + answersKept.Milliseconds(),
			Header: g.box.Seal(answerPlace(app, key, "header"), string(header)), Body: g.box.Seal(answerPlace(app, key, "body"), string(a.body)),
		}
	}
	err := g.db.Update(ctx, func(tx db.Tx) error {
		q := gatewaydb.New(tx)
		if a == nil {
			return q.DropIdempotent(ctx, gatewaydb.DropIdempotentParams{AppID: app, IdemKey: key, Attempt: attempt})
		}
		_, err := q.FinishIdempotent(ctx, finish)
		return err
	})
	if err != nil {
		httpapi.Log(ctx).ErrorContext(ctx, "gateway: the answer to an idempotency key was not kept", "app", app, "error", err)
	}
}

// forgetIdempotent removes answers that have expired.
func (g *Gateway) forgetIdempotent(ctx context.Context) error {
	const some = 500 // per transaction, so that nobody waits long
	now := clock.Millis(g.clock)
	for {
		n := 0
		err := g.db.Update(ctx, func(tx db.Tx) error {
			q := gatewaydb.New(tx)
			old, err := q.OldIdempotent(ctx, gatewaydb.OldIdempotentParams{ExpiresAt: now, Limit: some})
			if err != nil {
				return err
			}
			for _, o := range old {
				if _, err := q.ForgetIdempotent(ctx, gatewaydb.ForgetIdempotentParams(o)); err != nil {
					return err
				}
			}
			n = len(old)
			return nil
		})
		if err != nil || n < some {
			return err
		}
	}
}

// recorder holds an answer back until it is kept. One that grows too large is let through.
type recorder struct {
	http.ResponseWriter
	status  int
	body    bytes.Buffer
	through bool
}

func (r *recorder) WriteHeader(status int) {
	if status < 200 && status != http.StatusSwitchingProtocols {
		return
	}
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	if !r.through && r.body.Len()+len(p) > answerLimit {
		r.through = true
		r.ResponseWriter.WriteHeader(r.status)
		if _, err := r.ResponseWriter.Write(r.body.Bytes()); err != nil {
			return 0, err
		}
		r.body.Reset()
	}
	if r.through {
		return r.ResponseWriter.Write(p)
	}
	return r.body.Write(p)
}

// FlushError does nothing: the answer goes out once it is kept.
func (r *recorder) FlushError() error { return nil }

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// answer is what is to be kept, nil for nothing.
func (r *recorder) answer() *answer {
	r.WriteHeader(http.StatusOK) // if the handler has written nothing
	switch {
	case r.status >= 400:
		return nil
	case r.through:
		return &answer{status: tooLargeStatus, header: http.Header{}}
	}
	a := &answer{status: r.status, header: http.Header{}, body: r.body.Bytes()}
	for _, name := range keptHeaders {
		if v := r.Header()[name]; len(v) > 0 {
			a.header[name] = v
		}
	}
	if a.header.Get("Content-Type") == "" && len(a.body) > 0 {
		a.header.Set("Content-Type", http.DetectContentType(a.body))
	}
	return a
}

func (r *recorder) send() {
	if r.through {
		return
	}
	r.ResponseWriter.WriteHeader(r.status)
	_, _ = r.ResponseWriter.Write(r.body.Bytes()) // the reader may be gone
}
