package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"

	"minimart/open/gateway/gatewaydb"
	"minimart/open/gateway/signing"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
)

// knownKey is a key in memory, ready to check calls with.
type knownKey struct {
	Key
	secret   string
	verifier *signing.Verifier // of secret
	revision int64
	networks []netip.Prefix
	readAt   time.Time
	notedAt  atomic.Int64 // unix ms at which its use was noted last by a door, as far as this process knows
}

// usableFrom says whether calls with the key may come from an address.
func (k *knownKey) usableFrom(from netip.Addr) error {
	if len(k.networks) > 0 && !slices.ContainsFunc(k.networks, func(p netip.Prefix) bool { return p.Contains(from) }) {
		return fault.Denied(wrongNetwork, k.ID, from.String())
	}
	return nil
}

// refreshAfter is how old the memory of a key may be when a call is turned away because of it. Calls that are let in are
// checked against the database in any case.
const refreshAfter = time.Second

// admission is one call on its way in.
type admission struct {
	header    signing.Authorization
	canonical string
	from      netip.Addr
	scope     Scope
	checked   *knownKey
}

// admit checks a call from the signature to the quota and records it. What comes back is the call with its body in memory
// and the caller in its context.
// Errors: unauthenticated; denied for the network, the scope and the capability; exhausted for the quota; the edge's for
// a body that is too large; unavailable.
func (g *Gateway) admit(w http.ResponseWriter, r *http.Request, scope Scope) (*http.Request, access.Caller, error) {
	ctx := r.Context()
	a, err := g.read(r, scope)
	if err != nil {
		return nil, access.Caller{}, err
	}
	if err := g.checkFresh(ctx, a); err != nil {
		return nil, access.Caller{}, err
	}
	c := newCall(a.header, 0, a.from)
	if g.witness.known(c) {
		return nil, access.Caller{}, fault.Unauthenticated(wasReplayed)
	}
	body, err := g.readBody(w, r, a.header.BodyHash)
	if err != nil {
		return nil, access.Caller{}, err
	}
	if err := g.granted(ctx, a.checked.App, scope); err != nil {
		return nil, access.Caller{}, err
	}
	// Before the call is recorded: one that is over the quota may come again as it is, and leaves no row.
	if err := g.charge(ctx, w.Header(), a.checked.App, scope.Name); err != nil {
		return nil, access.Caller{}, err
	}
	for range 3 {
		c.revision = a.checked.revision
		v, err := g.witness.admit(c)
		if err != nil {
			return nil, access.Caller{}, err
		}
		switch v {
		case replayed:
			return nil, access.Caller{}, fault.Unauthenticated(wasReplayed)
		case admitted:
			k := a.checked.Key
			caller := access.Caller{App: k.App, Org: k.Org, Key: k.ID, Scopes: k.Scopes}
			out := r.WithContext(access.WithCaller(ctx, caller))
			out.Body, out.ContentLength = http.NoBody, int64(len(body))
			if len(body) > 0 {
				out.Body = io.NopCloser(bytes.NewReader(body))
			}
			return out, caller, nil
		}
		// The key was changed meanwhile: look at it as it is now.
		g.known.Invalidate(a.header.Key)
		if err := g.check(ctx, a); err != nil {
			return nil, access.Caller{}, err
		}
		c = newCall(a.header, a.checked.revision, c.from)
	}
	return nil, access.Caller{}, fault.Unavailable(keyInMotion)
}

// read is what can be said of a call before its key is known.
func (g *Gateway) read(r *http.Request, scope Scope) (*admission, error) {
	header, err := signing.Parse(authorization(r))
	if errors.Is(err, signing.ErrMissing) {
		return nil, fault.Unauthenticated(notSigned, signing.Scheme)
	}
	if err != nil {
		return nil, fault.Unauthenticated(headerBroken, err.Error())
	}
	now := g.clock.Now().Unix()
	if ahead := header.Timestamp - now; ahead > signing.Window {
		return nil, fault.Unauthenticated(fromTheFuture, ahead, now, signing.Window)
	} else if ahead < -signing.Window {
		return nil, fault.Unauthenticated(tooOld, -ahead, now, signing.Window)
	}
	canonical, err := signing.Request{
		Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, BodyHash: header.BodyHash,
		Timestamp: header.Timestamp, Nonce: header.Nonce, Key: header.Key,
	}.Canonical()
	if err != nil {
		return nil, fault.Unauthenticated(cannotBeSigned, err.Error())
	}
	return &admission{header: header, canonical: canonical, from: g.addressOf(r).Unmap(), scope: scope}, nil
}

// authorization is the header of that name. Header.Get would look at how the name is spelled, at each call.
func authorization(r *http.Request) string {
	if v := r.Header["Authorization"]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// checkFresh is check, and once more with the key as it is now if an older memory of it was against the call.
func (g *Gateway) checkFresh(ctx context.Context, a *admission) error {
	err := g.check(ctx, a)
	if err == nil || a.checked == nil || g.clock.Now().Sub(a.checked.readAt) < refreshAfter {
		return err
	}
	g.known.Invalidate(a.header.Key)
	return g.check(ctx, a)
}

// nobody is a key that signs nothing: an unknown key takes as long to refuse as a wrong signature, and reads the same.
var nobody = func() *knownKey {
	secret := newSecret()
	return &knownKey{secret: secret, verifier: signing.NewVerifier(secret)}
}()

// check holds a call against its key.
func (g *Gateway) check(ctx context.Context, a *admission) error {
	k, err := g.key(ctx, a.header.Key)
	if err != nil {
		return err
	}
	a.checked = k
	if k == nil {
		k = nobody
	}
	if !k.verifier.Matches(a.header, a.canonical) || k == nobody {
		sum := sha256.Sum256([]byte(a.canonical))
		return fault.Unauthenticated(wrongSignature, cut(a.header.Key, 64), hex.EncodeToString(sum[:]))
	}
	switch k.State(clock.Millis(g.clock)) {
	case KeyRevoked:
		return fault.Unauthenticated(revokedKey, k.ID, clock.Time(k.RevokedAt).Format(time.RFC3339))
	case KeyExpired:
		return fault.Unauthenticated(expiredKey, k.ID, clock.Time(k.ExpiresAt).Format(time.RFC3339))
	}
	if err := k.usableFrom(a.from); err != nil {
		return err
	}
	if _, ok := slices.BinarySearch(k.Scopes, a.scope.Name); !ok {
		return fault.Denied(scopeMissing, k.ID, a.scope.Name)
	}
	return nil
}

// key is a key from memory or from the database; nil when there is none.
func (g *Gateway) key(ctx context.Context, key string) (*knownKey, error) {
	if k, ok := g.known.GetIfPresent(key); ok {
		return k, nil
	}
	readAt := g.clock.Now()
	var row gatewaydb.GatewayKey
	err := g.db.View(ctx, func(tx db.Tx) (err error) {
		row, err = gatewaydb.New(tx).KeyByID(ctx, key)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	k := &knownKey{revision: row.Revision, readAt: readAt}
	k.notedAt.Store(row.LastUsedAt)
	if k.Key, err = keyOf(row); err != nil {
		return nil, err
	}
	if k.secret, err = g.box.Unseal(sealPlace(key), row.Secret); err != nil {
		return nil, err
	}
	k.verifier = signing.NewVerifier(k.secret)
	for _, n := range k.Networks {
		p, err := netip.ParsePrefix(n)
		if err != nil {
			return nil, err
		}
		k.networks = append(k.networks, p)
	}
	g.known.Set(key, k)
	return k, nil
}

// readBody reads a body and checks that it is the one that was signed.
func (g *Gateway) readBody(w http.ResponseWriter, r *http.Request, hash string) ([]byte, error) {
	var body []byte
	if r.Body != nil && r.Body != http.NoBody {
		var err error
		if body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, g.bodyLimit)); err != nil {
			return nil, err
		}
	}
	got := hashOfNothing
	if len(body) > 0 {
		got = signing.HashBody(body)
	}
	if subtle.ConstantTimeCompare([]byte(got), []byte(hash)) == 0 {
		return nil, fault.Unauthenticated(wrongBody, len(body), got)
	}
	return body, nil
}

var hashOfNothing = signing.HashBody(nil)

func (g *Gateway) granted(ctx context.Context, app string, scope Scope) error {
	if scope.Capability == "" {
		return nil
	}
	ok, err := g.grants.Allowed(ctx, app, scope.Capability)
	if err != nil {
		return err
	}
	if !ok {
		return fault.Denied(notGranted, app, scope.Capability)
	}
	return nil
}

func peerAddress(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{} // in no network
	}
	return ap.Addr()
}

// Run forgets what has expired, until ctx ends, and returns nil.
func (g *Gateway) Run(ctx context.Context) error {
	tick := time.NewTicker(10 * time.Second)
	defer tick.Stop()
	for {
		if err := g.Forget(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "gateway: forgetting what has expired failed, will try again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Forget removes nonces, idempotency keys and counts of guesses that have expired, and what memory holds of idle apps. Run
// calls it.
func (g *Gateway) Forget(ctx context.Context) error {
	g.meter.forgetIdle(10 * time.Minute)
	return errors.Join(g.witness.forget(ctx), g.forgetIdempotent(ctx), g.forgetGuesses(ctx))
}
