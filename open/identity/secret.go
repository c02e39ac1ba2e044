package identity

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
)

// secretLen is 256 bits: not to be guessed, so a plain hash of it may be stored.
const secretLen = 32

// newSecret is a token for a session or a code for a server, 43 characters of base64url.
func newSecret(random io.Reader) string {
	return base64.RawURLEncoding.EncodeToString(randomBytes(random, secretLen))
}

// hashSecret is what is stored of a token: whoever reads the database cannot use it.
func hashSecret(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// wellFormedSecret keeps what cannot be a token away from the database.
func wellFormedSecret(token string) bool {
	if len(token) != base64.RawURLEncoding.EncodedLen(secretLen) {
		return false // also keeps out the line ends that decoders pass over
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	return err == nil && len(b) == secretLen
}

// newDigits is six digits, for people to type.
func newDigits(random io.Reader) string {
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(randomBytes(random, 8))%1e6)
}

// hashDigits is what is stored of them, bound to the challenge they answer.
func hashDigits(challenge, code string) string { return hashSecret(challenge + ":" + code) }

// idLen is the length of openids and unionids: 160 bits of chance behind a letter.
const (
	idBytes = 20
	idLen   = 28
)

// newOpaque is an openid or a unionid. It is made of chance alone: nothing leads from it to the consumer but its row here.
func newOpaque(random io.Reader, letter string) string {
	return letter + base64.RawURLEncoding.EncodeToString(randomBytes(random, idBytes))
}

// wellFormedOpaque keeps what cannot be an openid away from the database.
func wellFormedOpaque(letter byte, s string) bool {
	if len(s) != idLen || s[0] != letter {
		return false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s[1:])
	return err == nil && len(b) == idBytes
}

// newSessionKey is 128 bits in base64, as servers that knew it from elsewhere expect it.
func newSessionKey(random io.Reader) string {
	return base64.StdEncoding.EncodeToString(randomBytes(random, 16))
}

func randomBytes(random io.Reader, n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		panic("identity: no randomness: " + err.Error()) // crypto/rand does not fail; to go on would be worse than to stop
	}
	return b
}
