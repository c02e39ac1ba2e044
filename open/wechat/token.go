package wechat

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"minimart/open/wechat/wechatdb"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
)

// TokenPrefix begins an access token: scanners of source code find a leaked one by it.
const TokenPrefix = "mmw_"

// The life of tokens, as WeChat documents it.
const (
	tokenLife = 7200 * time.Second
	// overlap is how long the former token is good beside the new one.
	overlap = 5 * time.Minute
	// renewBefore is how long before its end a stable token is replaced.
	renewBefore = 5 * time.Minute
	// forceEvery is how long after a forced refresh another one does nothing.
	forceEvery    = 30 * time.Second
	forcedPerDay  = 20
	plainPerDay   = 2000
	keepExpired   = 24 * time.Hour // so that one can be told from one that never was
	kindPlain     = "plain"
	kindStable    = "stable"
	kindForced    = "forced"
	maxTokenChars = 512
)

// china is where WeChat's days begin and end.
var china = time.FixedZone("China", 8*3600)

func dayOf(t time.Time) int64 {
	_, offset := t.In(china).Zone()
	return (t.Unix() + int64(offset)) / 86400
}

// token is an access token, and how long it is good.
type token struct {
	text string
	life time.Duration
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func random() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// derive is the stable token of a key with a salt. Nobody can make it without the secret, which the caller shows and this
// room does not keep.
func derive(secret, key, salt string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte("minimart stable access token\n" + key + "\n" + salt))
	return TokenPrefix + base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// count counts one more token of a kind today. Errors: a refusal when there were enough.
func (s *Service) count(ctx context.Context, q *wechatdb.Queries, c access.Caller, kind string, most int64) error {
	now := s.clock.Now()
	row, err := q.Issued(ctx, wechatdb.IssuedParams{KeyID: c.Key, Kind: kind})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	times, today := row.Times, dayOf(now)
	if row.Day != today {
		times = 0
	}
	if times >= most {
		return dailyQuota.is()
	}
	return q.SetIssued(ctx, wechatdb.SetIssuedParams{KeyID: c.Key, Kind: kind, AppID: c.App, Day: today, Times: times + 1, LastAt: now.UnixMilli()})
}

// plainToken makes a token for a key. The one before is good for five minutes more.
func (s *Service) plainToken(ctx context.Context, c access.Caller) (token, error) {
	t := token{TokenPrefix + random(), tokenLife}
	err := s.db.Update(ctx, func(tx db.Tx) error {
		q := wechatdb.New(tx)
		if err := s.count(ctx, q, c, kindPlain, plainPerDay); err != nil {
			return err
		}
		now := clock.Millis(s.clock)
		if err := q.ShortenTokens(ctx, wechatdb.ShortenTokensParams{KeyID: c.Key, Kind: kindPlain, Until: now + overlap.Milliseconds()}); err != nil {
			return err
		}
		return q.AddToken(ctx, wechatdb.AddTokenParams{Hash: hashOf(t.text), AppID: c.App, KeyID: c.Key, Kind: kindPlain, IssuedAt: now, ExpiresAt: now + tokenLife.Milliseconds()})
	})
	return t, err
}

// stableToken is the token a key has, or a new one shortly before its end; the old one is good until then. Force ends the one
// it has at once, at most 20 times a day; within 30 s of another force it does nothing.
func (s *Service) stableToken(ctx context.Context, c access.Caller, secret string, force bool) (token, error) {
	salt := random()
	fresh := token{derive(secret, c.Key, salt), tokenLife}
	var t token
	err := s.db.Update(ctx, func(tx db.Tx) error {
		q, now := wechatdb.New(tx), clock.Millis(s.clock)
		has, err := q.NewestToken(ctx, wechatdb.NewestTokenParams{KeyID: c.Key, Kind: kindStable})
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		left := time.Duration(has.ExpiresAt-now) * time.Millisecond
		refresh := force
		if force && left > 0 {
			last, err := q.Issued(ctx, wechatdb.IssuedParams{KeyID: c.Key, Kind: kindForced})
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			since := now - last.LastAt
			refresh = since >= forceEvery.Milliseconds() || since < 0 // noted by a clock that was ahead
		}
		if !refresh && left > renewBefore {
			t = token{derive(secret, c.Key, has.Salt), left}
			return nil
		}
		if refresh {
			if err := s.count(ctx, q, c, kindForced, forcedPerDay); err != nil {
				return err
			}
			if err := q.ShortenTokens(ctx, wechatdb.ShortenTokensParams{KeyID: c.Key, Kind: kindStable, Until: now}); err != nil {
				return err
			}
		}
		t = fresh
		return q.AddToken(ctx, wechatdb.AddTokenParams{
			Hash: hashOf(t.text), AppID: c.App, KeyID: c.Key, Kind: kindStable, Salt: salt, IssuedAt: now, ExpiresAt: now + tokenLife.Milliseconds(),
		})
	})
	return t, err
}

// callerWith is who calls with an access token.
// Errors: refusals for a token that is missing, unknown, expired or was replaced, whose key is no longer live or may not be
// used from there.
func (s *Service) callerWith(r *http.Request, text string) (access.Caller, error) {
	if text == "" {
		return access.Caller{}, missingToken.is()
	}
	if len(text) > maxTokenChars {
		return access.Caller{}, badCredential.is()
	}
	ctx := r.Context()
	var row wechatdb.WechatToken
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		row, err = wechatdb.New(tx).Token(ctx, hashOf(text))
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return access.Caller{}, badCredential.is()
	}
	if err != nil {
		return access.Caller{}, err
	}
	now := clock.Millis(s.clock)
	switch {
	case row.ExpiresAt <= now && row.IssuedAt+tokenLife.Milliseconds() > now:
		return access.Caller{}, badCredential.is() // another one took its place
	case row.ExpiresAt <= now:
		return access.Caller{}, expiredToken.is()
	}
	c, err := s.keys.Recall(ctx, r, row.KeyID)
	if err != nil {
		return access.Caller{}, ofToken(err)
	}
	return c, nil
}

// Forget removes tokens that expired a day ago. Run calls it.
func (s *Service) Forget(ctx context.Context) error {
	const some = 500 // per transaction, so that nobody waits long
	before := s.clock.Now().Add(-keepExpired).UnixMilli()
	for {
		n := 0
		err := s.db.Update(ctx, func(tx db.Tx) error {
			q := wechatdb.New(tx)
			old, err := q.OldTokens(ctx, wechatdb.OldTokensParams{ExpiresAt: before, Limit: some})
			if err != nil {
				return err
			}
			for _, hash := range old {
				if err := q.DropToken(ctx, hash); err != nil {
					return err
				}
			}
			n = len(old)
			return q.ForgetIssued(ctx, before-keepExpired.Milliseconds())
		})
		if err != nil || n < some {
			return err
		}
	}
}
