package signing

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Scheme is the first word of the Authorization header and the first line of what is signed.
const Scheme = "Minimart-HMAC-SHA256"

// Window is how far, in seconds, a timestamp may lie from the server's clock, in either direction.
const Window = 300

// maxHeader is how long the header may be: about three times what it usually is.
const maxHeader = 1024

// Limits of a nonce, in characters.
const minNonce, maxNonce = 16, 64

// HashBody is the SHA-256 of a body as it is sent, in lower-case hexadecimal; of nothing when there is none.
func HashBody(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// NewNonce is a nonce of 128 random bits.
func NewNonce() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Authorization is the Authorization header of a signed request, taken apart.
type Authorization struct {
	Key       string
	Timestamp int64
	Nonce     string
	BodyHash  string
	Signature string // lower-case hexadecimal
}

// Sign is the Authorization header for r. The secret is the text the console showed, as it is.
func (r Request) Sign(secret string) (string, error) {
	canonical, err := r.Canonical()
	if err != nil {
		return "", err
	}
	a := Authorization{Key: r.Key, Timestamp: r.Timestamp, Nonce: r.Nonce, BodyHash: r.BodyHash, Signature: hex.EncodeToString(mac(secret, canonical))}
	header := a.String()
	if _, err := Parse(header); err != nil { // what we would not accept ourselves is not sent
		return "", err
	}
	return header, nil
}

// Matches says whether the signature a is that of canonical under secret, in a time that does not depend on how much of it
// is right.
func (a Authorization) Matches(secret, canonical string) bool {
	return NewVerifier(secret).Matches(a, canonical)
}

// Verifier checks many signatures under one secret: what HMAC makes of the secret is made once. It is safe for concurrent use.
type Verifier struct{ macs sync.Pool }

type keyedMAC struct {
	hash.Hash
	text  []byte
	given [sha256.Size]byte
	want  [sha256.Size]byte
}

// NewVerifier is a verifier for a secret, as it was shown.
func NewVerifier(secret string) *Verifier {
	return &Verifier{sync.Pool{New: func() any { return &keyedMAC{Hash: hmac.New(sha256.New, []byte(secret))} }}}
}

// Matches says whether the signature a is that of canonical, in a time that does not depend on how much of it is right.
func (v *Verifier) Matches(a Authorization, canonical string) bool {
	m := v.macs.Get().(*keyedMAC)
	defer v.macs.Put(m)
	if len(a.Signature) != hex.EncodedLen(len(m.given)) {
		return false
	}
	m.text = append(m.text[:0], a.Signature...)
	if _, err := hex.Decode(m.given[:], m.text); err != nil {
		return false
	}
	m.text = append(m.text[:0], canonical...)
	m.Reset()
	m.Write(m.text)
	return hmac.Equal(m.given[:], m.Sum(m.want[:0]))
}

func mac(secret, text string) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(text))
	return m.Sum(nil)
}

// String is the header.
func (a Authorization) String() string {
	return fmt.Sprintf("%s key=%s, timestamp=%d, nonce=%s, body=%s, signature=%s", Scheme, a.Key, a.Timestamp, a.Nonce, a.BodyHash, a.Signature)
}

// ErrMissing is a request that is not signed in our way: it has no Authorization header, or one of another scheme.
var ErrMissing = errors.New("the request is not signed")

// Parse reads an Authorization header: the scheme in any case, then the five parameters in any order, each once, with
// commas between.
// Errors: ErrMissing; one that says what is wrong with the header.
func Parse(header string) (Authorization, error) {
	var a Authorization
	if len(header) > maxHeader {
		return a, fmt.Errorf("the Authorization header has %d bytes, at most %d fit", len(header), maxHeader)
	}
	scheme, rest, _ := strings.Cut(strings.TrimLeft(header, " "), " ")
	if !strings.EqualFold(scheme, Scheme) {
		return a, ErrMissing
	}
	var seen [len(parameters)]bool
	for part := range strings.SplitSeq(rest, ",") {
		name, value, found := strings.Cut(strings.Trim(part, " \t"), "=")
		if !found {
			return a, fmt.Errorf("the Authorization header holds %.40q, want name=value", part)
		}
		at := slices.Index(parameters[:], name)
		if at < 0 {
			return a, fmt.Errorf("the Authorization header has the unknown parameter %.20q", name)
		}
		if seen[at] {
			return a, fmt.Errorf("the Authorization header has %.20q twice", name)
		}
		seen[at] = true
		if err := a.set(name, value); err != nil {
			return a, err
		}
	}
	for i, name := range parameters {
		if !seen[i] {
			return a, fmt.Errorf("the Authorization header has no %s", name)
		}
	}
	return a, nil
}

// parameters are those of the header.
var parameters = [...]string{"key", "timestamp", "nonce", "body", "signature"}

func (a *Authorization) set(name, value string) error {
	switch name {
	case "key":
		if !isWord(value, 1, 64) {
			return fmt.Errorf("the key %.70q is no id of a key", value)
		}
		a.Key = value
	case "timestamp":
		at, err := strconv.ParseInt(value, 10, 64)
		// One spelling, so that nobody wonders which one was signed; and no year beyond 9999.
		if err != nil || at < 0 || at > 253402300799 || value[0] == '+' || value[0] == '-' || value[0] == '0' && len(value) > 1 {
			return fmt.Errorf("the timestamp %.30q is no time in unix seconds", value)
		}
		a.Timestamp = at
	case "nonce":
		if !isWord(value, minNonce, maxNonce) {
			return fmt.Errorf("the nonce %.70q is not %d to %d characters of A-Z, a-z, 0-9, - and _", value, minNonce, maxNonce)
		}
		a.Nonce = value
	case "body":
		if !isHash(value) {
			return fmt.Errorf("the body %.70q is no SHA-256 in lower-case hexadecimal", value)
		}
		a.BodyHash = value
	case "signature":
		if !isHash(value) {
			return fmt.Errorf("the signature %.70q is no HMAC-SHA256 in lower-case hexadecimal", value)
		}
		a.Signature = value
	}
	return nil
}

func isWord(s string, least, most int) bool {
	if len(s) < least || len(s) > most {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

func isHash(s string) bool {
	if len(s) != 2*sha256.Size {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
