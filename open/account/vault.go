package account

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// PasswordCost is what one guess at a password costs: argon2id over Memory KiB, Passes times, on Threads processors.
type PasswordCost struct {
	Memory  uint32 // KiB
	Passes  uint32
	Threads uint8
}

// DefaultPasswordCost is what OWASP's password storage sheet asks of argon2id at least: 19 MiB, two passes.
var DefaultPasswordCost = PasswordCost{Memory: 19 << 10, Passes: 2, Threads: 1}

const saltLen, sealLen = 16, 32

// vault hashes passwords. So many at a time as there are processors: each takes 19 MiB, and strangers decide how many ask.
type vault struct {
	cost   PasswordCost
	random io.Reader
	turns  chan struct{}
	nobody string // a hash no password fits, to spend the same time on
}

func newVault(cost PasswordCost, random io.Reader) *vault {
	v := &vault{cost: cost, random: random, turns: make(chan struct{}, runtime.GOMAXPROCS(0))}
	v.nobody = phc(cost, make([]byte, saltLen), make([]byte, sealLen))
	return v
}

// seal hashes a password.
// Errors: that of ctx, when it ended before there was a turn.
func (v *vault) seal(ctx context.Context, password string) (string, error) {
	salt := randomBytes(v.random, saltLen)
	key, err := v.derive(ctx, password, salt, v.cost)
	if err != nil {
		return "", err
	}
	return phc(v.cost, salt, key), nil
}

// fits says whether a password is the sealed one, and whether it was sealed at another cost than today's. sealed "" is that
// of nobody: it takes as long and fits nothing.
func (v *vault) fits(ctx context.Context, password, sealed string) (ok, stale bool, err error) {
	known := sealed != ""
	if !known {
		sealed = v.nobody
	}
	cost, salt, want, err := parsePHC(sealed)
	if err != nil {
		return false, false, err
	}
	got, err := v.derive(ctx, password, salt, cost)
	if err != nil {
		return false, false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, cost != v.cost, nil
}

func (v *vault) derive(ctx context.Context, password string, salt []byte, cost PasswordCost) ([]byte, error) {
	select {
	case v.turns <- struct{}{}:
		defer func() { <-v.turns }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(tidyPassword(password)), salt, cost.Passes, cost.Memory, cost.Threads, sealLen), nil
}

var phcBase64 = base64.RawStdEncoding

// phc writes a hash the way other programs read it: $argon2id$v=19$m=19456,t=2,p=1$salt$hash.
func phc(c PasswordCost, salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Passes, c.Threads, phcBase64.EncodeToString(salt), phcBase64.EncodeToString(key))
}

func parsePHC(s string) (c PasswordCost, salt, key []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return c, nil, nil, fmt.Errorf("account: a stored password is not in the form $argon2id$v=%d$…", argon2.Version)
	}
	if _, err = fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Passes, &c.Threads); err != nil || c.Memory > 1<<20 || c.Passes < 1 || c.Passes > 100 || c.Threads < 1 {
		return c, nil, nil, fmt.Errorf("account: a stored password has an impossible cost")
	}
	if salt, err = phcBase64.DecodeString(parts[4]); err == nil {
		key, err = phcBase64.DecodeString(parts[5])
	}
	if err != nil || len(salt) < 8 || len(key) != sealLen {
		return c, nil, nil, fmt.Errorf("account: a stored password is damaged")
	}
	return c, salt, key, nil
}
