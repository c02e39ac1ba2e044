package host

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"minimart/open/host/hostdb"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
)

// Audience is what an assertion may always be addressed to.
const Audience = "minimart"

const (
	maxAssertion     = 8 << 10 // bytes
	maxAssertionLife = 5 * time.Minute
	clockSkew        = 30 * time.Second // of the host app's server, ahead
)

var (
	jtiPattern   = regexp.MustCompile(`^[A-Za-z0-9._:-]{8,128}$`)
	phonePattern = regexp.MustCompile(`^\+?[0-9]{7,15}$`)
)

// Verify checks a host app's assertion that it has signed somebody in: a JWT, HS256 by the host app's secret, with sub (1 to 128
// characters), iat, exp (at most 5 minutes later), jti and aud, and if it likes phone and name. An assertion is good once.
// The room that signs consumers in calls it, with the host app the request came from.
// Errors: unauthenticated, which says what is wrong; denied when the host app is suspended; not_found; unavailable.
func (s *Service) Verify(ctx context.Context, host, assertion string) (Asserted, error) {
	var keys []string
	now := s.clock.Now()
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		keys, err = s.signing(ctx, tx, host, now.UnixMilli())
		return err
	})
	if err != nil {
		return Asserted{}, err
	}
	a, jti, by, why := readAssertion(assertion, keys, s.audiences(), now)
	if why != "" {
		return Asserted{}, fault.Unauthenticated(badAssertion, why)
	}
	a.Host = host
	err = s.db.Update(ctx, func(tx db.Tx) error {
		// Again, so that neither a suspension nor a rotation that was told to be done is overtaken.
		live, err := s.signing(ctx, tx, host, clock.Millis(s.clock))
		if err != nil {
			return err
		}
		if !slices.Contains(live, by) {
			return fault.Unauthenticated(badAssertion, whySignature)
		}
		n, err := hostdb.New(tx).UseAssertion(ctx, hostdb.UseAssertionParams{HostID: host, JtiHash: hash(jti), ExpiresAt: a.ExpiresAt})
		if err == nil && n == 0 {
			err = fault.Unauthenticated(assertionReplayed)
		}
		return err
	})
	if err != nil {
		return Asserted{}, err
	}
	return a, nil
}

// signing are the secrets that sign for a host app now.
// Errors: not_found; denied when it is suspended.
func (s *Service) signing(ctx context.Context, tx db.Tx, host string, now int64) ([]string, error) {
	q := hostdb.New(tx)
	h, err := find(ctx, q, host)
	if err != nil {
		return nil, err
	}
	if h.SuspendedAt > 0 {
		return nil, fault.Denied(suspended, h.Name, h.Reason)
	}
	rows, err := q.LiveSecrets(ctx, hostdb.LiveSecretsParams{HostID: host, Now: now})
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(rows))
	for i, r := range rows {
		if keys[i], err = s.box.Unseal(secretPlace(r.ID), r.Secret); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func (s *Service) audiences() []string {
	if s.publicURL == "" {
		return []string{Audience}
	}
	return []string{Audience, s.publicURL}
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// readAssertion takes an assertion apart and checks everything but whether it was used. by is the secret that signed it; why
// is what is wrong, "" for nothing.
func readAssertion(text string, keys, audiences []string, now time.Time) (a Asserted, jti, by, why string) {
	if len(text) > maxAssertion || strings.Count(text, ".") != 2 {
		return Asserted{}, "", "", whyMalformed
	}
	token, by := signedBy(text, keys)
	switch {
	case token == nil || token.Header == nil || token.Claims == nil:
		return Asserted{}, "", "", whyMalformed
	case token.Header["alg"] != "HS256" || token.Header["crit"] != nil: // crit: an extension that must be understood is not
		return Asserted{}, "", "", whyAlgorithm
	case by == "":
		return Asserted{}, "", "", whySignature
	}
	claims, _ := token.Claims.(jwt.MapClaims)
	// From here on it is the host app that speaks.
	issued, ok1 := seconds(claims["iat"])
	expires, ok2 := seconds(claims["exp"])
	notBefore, ok3 := seconds(claims["nbf"])
	at := float64(now.UnixMilli()) / 1000
	switch {
	case !ok1 || !ok2 || issued > at+clockSkew.Seconds() || expires-issued > maxAssertionLife.Seconds() || expires < issued,
		claims["nbf"] != nil && (!ok3 || notBefore > at+clockSkew.Seconds()):
		return Asserted{}, "", "", whyTimes
	case expires <= at:
		return Asserted{}, "", "", whyExpired
	}
	audience, err := claims.GetAudience()
	if err != nil || !slices.ContainsFunc(audience, func(a string) bool {
		return slices.Contains(audiences, strings.TrimSuffix(a, "/"))
	}) {
		return Asserted{}, "", "", whyAudience
	}
	a.ExpiresAt = int64(expires * 1000)
	if a.Subject, _ = claims["sub"].(string); a.Subject == "" || !visible(a.Subject, 128) {
		return Asserted{}, "", "", whySubject
	}
	if jti, _ = claims["jti"].(string); !jtiPattern.MatchString(jti) {
		return Asserted{}, "", "", whyID
	}
	var isText bool
	if claims["phone"] != nil {
		if a.Phone, isText = claims["phone"].(string); !isText || a.Phone != "" && !phonePattern.MatchString(a.Phone) {
			return Asserted{}, "", "", whyPhone
		}
	}
	if claims["name"] != nil {
		if a.Name, isText = claims["name"].(string); !isText || !visible(a.Name, maxHostName) {
			return Asserted{}, "", "", whyName
		}
		a.Name = new(fault.Checks).Line("name", a.Name, maxHostName) // as names are kept
	}
	return a, jti, by, ""
}

// signedBy is the token as far as it can be read, and the key that made its signature, "" for none. The algorithm is ours to
// say, not the token's.
func signedBy(text string, keys []string) (token *jwt.Token, by string) {
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithStrictDecoding(), jwt.WithoutClaimsValidation())
	for _, k := range append(slices.Clone(keys), "") { // once more without a key, to read it at least
		var err error
		if token, err = parser.Parse(text, func(*jwt.Token) (any, error) {
			if k == "" {
				return nil, jwt.ErrInvalidKey
			}
			return []byte(k), nil
		}); err == nil {
			return token, k
		}
	}
	return token, ""
}

// seconds is a time of a JWT: unix seconds, maybe with a fraction, until the year 2286.
func seconds(v any) (float64, bool) {
	f, ok := v.(float64)
	return f, ok && f > 0 && f < 1e10
}

// visible says whether a text is one line that people can read.
func visible(s string, most int) bool {
	var c fault.Checks
	c.Line("", s, most)
	return !c.Failed() && strings.TrimSpace(s) == s
}
