package account

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

// newSecret is a token for a cookie or a link, 43 characters of base64url.
func newSecret(random io.Reader) string {
	return base64.RawURLEncoding.EncodeToString(randomBytes(random, secretLen))
}

// hashSecret is what is stored of a token: whoever reads the database cannot sign in with it.
func hashSecret(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// wellFormedSecret keeps what cannot be a token away from the database.
func wellFormedSecret(token string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	return err == nil && len(b) == secretLen
}

// newCode is eight digits, for people to type. Five tries each, and few codes an hour, is one chance in millions.
func newCode(random io.Reader) string {
	return fmt.Sprintf("%08d", binary.BigEndian.Uint64(randomBytes(random, 8))%1e8)
}

// hashCode is what is stored of a code, bound to the challenge it answers.
func hashCode(challenge, code string) string { return hashSecret(challenge + ":" + code) }

func randomBytes(random io.Reader, n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		panic("account: no randomness: " + err.Error()) // crypto/rand does not fail; to go on would be worse than to stop
	}
	return b
}
