package deliver_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"minimart/platform/blob"
	"minimart/program/deliver"
	"minimart/program/release"
)

// BenchmarkHotFile is a script in brotli through the whole edge, from memory after the first time.
func BenchmarkHotFile(b *testing.B) {
	store, err := blob.Open(b.Context(), "file:"+filepath.Join(b.TempDir(), "blobs"))
	if err != nil {
		b.Fatal(err)
	}
	key := release.BlobKey(logic.Name)
	if err := store.Put(b.Context(), key, logic.Bytes, ""); err != nil {
		b.Fatal(err)
	}
	if err := store.Put(b.Context(), key+".br", logic.Brotli, ""); err != nil {
		b.Fatal(err)
	}
	h := site(deliver.Config{Programs: memory(), Files: deliver.Stored(store), Runtime: runtime})
	r := httptest.NewRequest(http.MethodGet, "/p/"+logic.Name, nil)
	r.Header.Set("Accept-Encoding", "br")
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}

// BenchmarkLaunch is a launch manifest from memory.
func BenchmarkLaunch(b *testing.B) {
	m := memory()
	h := site(deliver.Config{Programs: m, Files: m, Runtime: runtime})
	r := httptest.NewRequest(http.MethodGet, "/api/host/v1/programs/app_1/launch", nil)
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
