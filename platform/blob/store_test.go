package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"minimart/platform/blob"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
)

// kinds are the stores every test of conformance runs on.
var kinds = map[string]func(*testing.T) *blob.Store{
	"directory": func(t *testing.T) *blob.Store {
		return open(t, "file:"+filepath.Join(t.TempDir(), "made", "on", "the", "way"))
	},
	"s3": func(t *testing.T) *blob.Store {
		backend := s3mem.New()
		if err := backend.CreateBucket("shop"); err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(gofakes3.New(backend).Server())
		t.Cleanup(server.Close)
		t.Setenv("AWS_ACCESS_KEY_ID", "key")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
		t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
		return open(t, "s3://shop?region=cn-north-1&use_path_style=true&disable_https=true&endpoint="+server.URL)
	},
}

func open(t *testing.T, location string) *blob.Store {
	t.Helper()
	s, err := blob.Open(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func conform(t *testing.T, check func(*testing.T, *blob.Store)) {
	for name, make := range kinds {
		t.Run(name, func(t *testing.T) { check(t, make(t)) })
	}
}

func TestWhatIsPutCanBeRead(t *testing.T) {
	conform(t, func(t *testing.T, s *blob.Store) {
		large := bytes.Repeat([]byte("0123456789"), 700_000) // more than one part of an S3 upload
		tests := map[string][]byte{"program/a.js": []byte("let a"), "empty": {}, "zeros.bin": make([]byte, 1000), "app_01J/large-1.2_3": large}
		for key, data := range tests {
			for range 2 { // again changes nothing
				if err := s.Put(t.Context(), key, data, "text/javascript"); err != nil {
					t.Fatalf("put %s: %v", key, err)
				}
			}
			got, err := s.Get(t.Context(), key)
			if err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s: %d bytes of %d, %v", key, len(got), len(data), err)
			}
			if ok, err := s.Has(t.Context(), key); !ok || err != nil {
				t.Errorf("has %s: %v, %v", key, ok, err)
			}
		}
		if err := s.Put(t.Context(), "program/a.js", []byte("let b"), ""); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Get(t.Context(), "program/a.js"); string(got) != "let b" {
			t.Errorf("after a second put: %q, %v", got, err)
		}
		if err := s.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestABlobIsReadFromAnyPlace(t *testing.T) {
	conform(t, func(t *testing.T, s *blob.Store) {
		if err := s.Put(t.Context(), "film.mp4", []byte("0123456789"), "video/mp4"); err != nil {
			t.Fatal(err)
		}
		o, err := s.Open(t.Context(), "film.mp4")
		if err != nil {
			t.Fatal(err)
		}
		defer o.Close()
		if o.Size != 10 || o.Modified.IsZero() {
			t.Errorf("size %d, modified %s", o.Size, o.Modified)
		}
		if _, err := o.Seek(-4, io.SeekEnd); err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(o); string(b) != "6789" {
			t.Errorf("%q, %v", b, err)
		}
		if _, err := o.Seek(2, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		two := make([]byte, 2)
		if _, err := io.ReadFull(o, two); string(two) != "23" {
			t.Errorf("%q, %v", two, err)
		}
	})
}

func TestWhatIsMissingIsNotFound(t *testing.T) {
	conform(t, func(t *testing.T, s *blob.Store) {
		if _, err := s.Get(t.Context(), "nothing.js"); !fault.Is(err, fault.CodeNotFound) {
			t.Errorf("get: %v", err)
		}
		if _, err := s.Open(t.Context(), "no/thing.js"); !fault.Is(err, fault.CodeNotFound) {
			t.Errorf("open: %v", err)
		}
		if ok, err := s.Has(t.Context(), "nothing.js"); ok || err != nil {
			t.Errorf("has: %v, %v", ok, err)
		}
		if err := s.Delete(t.Context(), "nothing.js"); err != nil {
			t.Errorf("delete: %v", err)
		}
		if err := s.Put(t.Context(), "thing.js", []byte("x"), ""); err != nil {
			t.Fatal(err)
		}
		if err := s.Delete(t.Context(), "thing.js"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Get(t.Context(), "thing.js"); !fault.Is(err, fault.CodeNotFound) {
			t.Errorf("get after delete: %v", err)
		}
	})
}

func TestAListIsInOrder(t *testing.T) {
	conform(t, func(t *testing.T, s *blob.Store) {
		for _, key := range []string{"b/2", "a/1", "b/1", "b/1x", "c"} {
			if err := s.Put(t.Context(), key, []byte(key), ""); err != nil {
				t.Fatal(err)
			}
		}
		for prefix, want := range map[string][]string{
			"": {"a/1", "b/1", "b/1x", "b/2", "c"}, "b/": {"b/1", "b/1x", "b/2"}, "b/1": {"b/1", "b/1x"}, "x": nil, "../": nil,
		} {
			var got []string
			for e, err := range s.List(t.Context(), prefix) {
				if err != nil {
					if prefix == "../" {
						continue // refusing to look there is as good as finding nothing
					}
					t.Fatal(err)
				}
				if e.Size != int64(len(e.Key)) || e.Modified.IsZero() {
					t.Errorf("%+v", e)
				}
				got = append(got, e.Key)
			}
			if !slices.Equal(got, want) {
				t.Errorf("under %q: %v, want %v", prefix, got, want)
			}
		}
		for range s.List(t.Context(), "") {
			break // stopping early is fine
		}
	})
}

func TestMalformedKeysAreRefusedEverywhere(t *testing.T) {
	bad := []string{"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/..", ".hidden", "a/.hidden", "-rf", "a b", "a\\b", "a\x00", "ü",
		"a.tmp", "a.attrs", "a.attrs/b", "a\n", strings.Repeat("a", 201), strings.Repeat("a/", 300)}
	conform(t, func(t *testing.T, s *blob.Store) {
		for _, key := range bad {
			_, getErr := s.Get(t.Context(), key)
			_, openErr := s.Open(t.Context(), key)
			_, hasErr := s.Has(t.Context(), key)
			for op, err := range map[string]error{"get": getErr, "open": openErr, "has": hasErr,
				"put": s.Put(t.Context(), key, nil, ""), "delete": s.Delete(t.Context(), key)} {
				if !fault.Is(err, fault.CodeInvalid) {
					t.Errorf("%s %q: %v", op, key, err)
				}
			}
		}
	})
}

func TestReadersSeeAWholeBlobWhileItIsReplaced(t *testing.T) {
	conform(t, func(t *testing.T, s *blob.Store) {
		versions := [][]byte{bytes.Repeat([]byte("a"), 100_000), bytes.Repeat([]byte("b"), 50_000)}
		if err := s.Put(t.Context(), "x", versions[0], ""); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for w := range 2 {
			wg.Go(func() {
				for i := range 10 {
					if err := s.Put(t.Context(), "x", versions[(w+i)%2], ""); err != nil {
						t.Error(err)
					}
				}
			})
			wg.Go(func() {
				for range 20 {
					b, err := s.Get(t.Context(), "x")
					if err != nil || !bytes.Equal(b, versions[0]) && !bytes.Equal(b, versions[1]) {
						t.Errorf("%d bytes, %v", len(b), err)
					}
				}
			})
		}
		wg.Wait()
	})
}

func TestACancelledCallSaysSo(t *testing.T) {
	conform(t, func(t *testing.T, s *blob.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Put(ctx, "x", []byte("x"), ""); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		if ok, err := s.Has(t.Context(), "x"); ok || err != nil {
			t.Errorf("there is something: %v, %v", ok, err)
		}
	})
}

func TestAStoreThatFailsIsUnavailableAndKeepsItsSecrets(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "blobs")
	s := open(t, "file:"+dir)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil { // a file where the directory was
		t.Fatal(err)
	}
	err := s.Put(t.Context(), "a/b", []byte("x"), "")
	if f := fault.Of(err); f.Code != fault.CodeUnavailable || strings.Contains(f.Message, dir) || !strings.Contains(f.Error(), dir) {
		t.Errorf("%v", err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	gone := httptest.NewServer(nil)
	gone.Close()
	s3 := open(t, "s3://shop?region=cn-north-1&use_path_style=true&endpoint="+gone.URL)
	ctx, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	if _, err := s3.Get(ctx, "x"); fault.Of(err).Code != fault.CodeUnavailable {
		t.Errorf("%v", err)
	}
	if err := s3.Ping(ctx); fault.Of(err).Code != fault.CodeUnavailable {
		t.Errorf("%v", err)
	}
}

func TestLocationsThatNameNoStore(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for location, want := range map[string]string{
		"":                              "want file:DIR or s3://BUCKET",
		"file:":                         "names no directory",
		"file://host/x":                 "names no directory",
		"file:" + file:                  "is not a directory",
		"ftp://x":                       `kind "ftp"`,
		"s3://shop?region=x&nonsense=1": "nonsense",
	} {
		if s, err := blob.Open(t.Context(), location); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %q", location, s, err, want)
		}
	}
	abs := t.TempDir()
	if err := open(t, "file://"+abs).Put(t.Context(), "x", nil, ""); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(abs, "x")); err != nil {
		t.Error(err)
	}
}

func TestFilesBeingWrittenAreNotListed(t *testing.T) {
	dir := t.TempDir()
	s := open(t, "file:"+dir)
	for _, name := range []string{"a.js.18f0.tmp", ".DS_Store", "a b"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for e, err := range s.List(t.Context(), "") {
		t.Errorf("%v, %v", e, err)
	}
}

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

func FuzzCheckKey(f *testing.F) {
	for _, s := range []string{"a/b.js", "../x", "a//b", "a.tmp", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, key string) {
		if blob.CheckKey(key) != nil {
			return
		}
		if !filepath.IsLocal(key) || filepath.Clean(key) != key || strings.ContainsAny(key, "\\:*?\"<>| ") {
			t.Errorf("%q passes for a key", key)
		}
	})
}
