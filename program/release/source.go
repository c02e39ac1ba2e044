package release

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"minimart/platform/fault"
	"minimart/platform/id"
)

// sourceKey is where the source package of a version lies in the store.
func sourceKey(version string) string { return "release/source/" + version + ".zip" }

// Pack is a package as one zip. Equal packages are equal bytes: names in order, no times, no owners.
func Pack(files map[string][]byte) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(files[name]); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Source are the files a version was built from, by path. The review room calls it, on behalf of the operator.
// Errors: not_found when there is no such version, or none is kept of it; unavailable.
func (s *Service) Source(ctx context.Context, version string) (map[string][]byte, error) {
	if id.Check(VersionPrefix, version) != nil {
		return nil, fault.NotFound(noSuchVersion, fault.Cut(version, 60))
	}
	packed, err := s.blobs.Get(ctx, sourceKey(version))
	if fault.Is(err, fault.CodeNotFound) {
		return nil, fault.NotFound(noSource, version)
	}
	if err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, fmt.Errorf("release: the source of %s cannot be read: %w", version, err)
	}
	files := make(map[string][]byte, len(archive.File))
	for _, f := range archive.File {
		if files[f.Name], err = unpack(f); err != nil {
			return nil, fmt.Errorf("release: %s in the source of %s cannot be read: %w", f.Name, version, err)
		}
	}
	return files, nil
}

func unpack(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }() // it was only read
	return io.ReadAll(r)
}
