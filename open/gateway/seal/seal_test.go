package seal_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"minimart/open/gateway/seal"
)

func open(t *testing.T, file string) *seal.Box {
	t.Helper()
	b, err := seal.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestASecretComesBackAlsoAfterARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secrets.key")
	sealed := open(t, file).Seal("gateway_key/key_1", "mms_secret")
	if !seal.IsSealed(sealed) || seal.IsSealed("") || seal.IsSealed("{}") {
		t.Errorf("what is sealed does not look like it: %s", sealed)
	}
	if strings.Contains(sealed, "secret") || sealed == open(t, file).Seal("gateway_key/key_1", "mms_secret") {
		t.Errorf("sealed: %s", sealed)
	}
	if got, err := open(t, file).Unseal("gateway_key/key_1", sealed); err != nil || got != "mms_secret" {
		t.Errorf("%q, %v", got, err)
	}
	about, err := os.Stat(file)
	if err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", about.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".key-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestASecretThatWasMovedOrChangedIsRefused(t *testing.T) {
	b, other := open(t, filepath.Join(t.TempDir(), "a")), open(t, filepath.Join(t.TempDir(), "b"))
	sealed := b.Seal("gateway_key/key_1", "mms_secret")
	for name, try := range map[string]func() (string, error){
		"damaged":           func() (string, error) { return b.Unseal("gateway_key/key_2", sealed) },
		"another key file":  func() (string, error) { return other.Unseal("gateway_key/key_1", sealed) },
		"is damaged":        func() (string, error) { return b.Unseal("gateway_key/key_1", sealed[:len(sealed)-4]+"AAAA") },
		"not sealed":        func() (string, error) { return b.Unseal("gateway_key/key_1", "mms_secret") },
		"key_1 is damaged":  func() (string, error) { return b.Unseal("gateway_key/key_1", sealed[:13]) },
		"of gateway_key/ke": func() (string, error) { return b.Unseal("gateway_key/key_1", "") },
	} {
		if got, err := try(); err == nil || got != "" || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "mms_") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestAKeyFileThatIsWrongIsNotUsed(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, size int, mode os.FileMode) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, make([]byte, size), mode); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for file, says := range map[string]string{
		write("short", 31, 0o600):             "31 bytes",
		write("empty", 0, 0o600):              "0 bytes",
		write("open", 32, 0o644):              "chmod 600",
		filepath.Join(dir, "no", "such"):      "no such file",
		filepath.Join(dir, "short", "secret"): "not a directory",
	} {
		if _, err := seal.Open(file); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestProcessesThatStartTogetherShareOneKey(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secrets.key")
	boxes := make([]*seal.Box, 8)
	var wg sync.WaitGroup
	for i := range boxes {
		wg.Go(func() { boxes[i], _ = seal.Open(file) })
	}
	wg.Wait()
	for _, b := range boxes {
		if b == nil {
			t.Fatal("not opened")
		}
		if got, err := boxes[0].Unseal("x", b.Seal("x", "secret")); err != nil || got != "secret" {
			t.Errorf("%q, %v", got, err)
		}
	}
}

func FuzzUnseal(f *testing.F) {
	b, err := seal.Open(filepath.Join(f.TempDir(), "key"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("")
	f.Add("s1.00000000.AAAA")
	f.Add(b.Seal("elsewhere", "secret"))
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := b.Unseal("here", text); err == nil {
			t.Errorf("%q was unsealed to %q", text, got)
		}
	})
}
