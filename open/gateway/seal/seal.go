// Package seal keeps secrets that must be read again: the secrets of keys and webhooks, which sign, lie in the database
// encrypted (AES-256-GCM) under a key that lies in a file beside it.
//
//	box, err := seal.Open(filepath.Join(dataDirectory, "secrets.key")) // made on first use, mode 0600
//	sealed := box.Seal("gateway_key/key_01J…", secret)
//	secret, err := box.Unseal("gateway_key/key_01J…", sealed)
//
// What is sealed for one place cannot be unsealed in another: whoever can write to the database cannot move secrets about.
// Processes that share a database share the file. A backup of the database alone reveals no secret, and without the file
// it yields none.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	keySize = 32
	version = "s1"
)

// Box seals and unseals. It is safe for concurrent use.
type Box struct {
	aead  cipher.AEAD
	print string // of the key: says which file a text was sealed with
	file  string
}

// Open reads the key from file; if there is no such file it makes one with a new key, which only this user can read. Its
// folder must exist.
// Errors: a file that others can read, that holds no key, or that cannot be read or made.
func Open(file string) (*Box, error) {
	key, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(file); err != nil {
			return nil, fmt.Errorf("making the key file %s: %w", file, err)
		}
		key, err = os.ReadFile(file) // another process may have been faster: what is there counts
	}
	if err != nil {
		return nil, fmt.Errorf("reading the key file: %w", err)
	}
	about, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("reading the key file: %w", err)
	}
	if others := about.Mode().Perm() & 0o077; others != 0 {
		return nil, fmt.Errorf("the key file %s can be read by others (mode %o): chmod 600 it, and think about making new secrets", file, about.Mode().Perm())
	}
	if len(key) != keySize {
		return nil, fmt.Errorf("the key file %s has %d bytes, want %d: restore it from a backup, secrets that were sealed with it cannot be read otherwise", file, len(key), keySize)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append([]byte("minimart key file "), key...))
	return &Box{aead: aead, print: hex.EncodeToString(sum[:4]), file: file}, nil
}

// create makes the file under another name and links it into place, so that nobody ever reads half a key, and of two
// processes one wins.
func create(file string) (err error) {
	var key [keySize]byte
	_, _ = rand.Read(key[:]) // never fails
	temporary, err := os.CreateTemp(filepath.Dir(file), ".key-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(temporary.Name())) }()
	_, err = temporary.Write(key[:])
	if err = errors.Join(err, temporary.Chmod(0o600), temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	if err := os.Link(temporary.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(filepath.Dir(file))
}

// syncFolder makes the new name durable before anything is sealed with the key behind it.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // opened to be synced only
	if err := f.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	return nil
}

// Seal encrypts secret for a place: "gateway_key/key_01J…". The same secret comes out different each time.
func (b *Box) Seal(place, secret string) string {
	nonce := make([]byte, b.aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	sealed := b.aead.Seal(nonce, nonce, []byte(secret), []byte(place))
	return version + "." + b.print + "." + base64.RawURLEncoding.EncodeToString(sealed)
}

// IsSealed says whether a text looks like one that Seal made. It is not checked further: Unseal does that.
func IsSealed(text string) bool { return strings.HasPrefix(text, version+".") }

// Unseal is the secret that was sealed for a place.
// Errors: a text that was sealed with another key file, for another place, or changed since.
func (b *Box) Unseal(place, text string) (string, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 || parts[0] != version {
		return "", fmt.Errorf("the secret of %s is not sealed as this program seals", place)
	}
	if parts[1] != b.print {
		return "", fmt.Errorf("the secret of %s was sealed with another key file than %s: restore the file that belongs to this database", place, b.file)
	}
	sealed, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || len(sealed) < b.aead.NonceSize() {
		return "", fmt.Errorf("the secret of %s is damaged", place)
	}
	secret, err := b.aead.Open(nil, sealed[:b.aead.NonceSize()], sealed[b.aead.NonceSize():], []byte(place))
	if err != nil {
		return "", fmt.Errorf("the secret of %s is damaged, or belongs elsewhere: %w", place, err)
	}
	return string(secret), nil
}
