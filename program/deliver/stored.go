package deliver

import (
	"context"
	"io"

	"github.com/maypok86/otter/v2"

	"minimart/platform/blob"
	"minimart/platform/fault"
	"minimart/program/release"
)

// Files up to hotSize bytes stay in memory after they were asked for, up to hotTotal bytes of them: the code and the small
// pictures of the programs that are in use. Larger ones are read from the store each time, piece by piece.
const hotSize, hotTotal = 256 << 10, 64 << 20

// Stored are the files that a release service put into a blob store.
func Stored(s *blob.Store) Files {
	return &stored{store: s, hot: otter.Must(&otter.Options[string, []byte]{
		MaximumWeight: hotTotal,
		Weigher:       func(key string, b []byte) uint32 { return uint32(len(key) + len(b) + 100) },
	})}
}

type stored struct {
	store *blob.Store
	// hot holds files by key. They never change under their names, so they are right for ever. nil says that there is no
	// such encoding: files too small to compress have none, and asking a bucket each time would be slow. Should that be
	// noted in the moment before the encoding is stored, the file goes out plain until the next start, and nothing is wrong.
	hot *otter.Cache[string, []byte]
}

func (s *stored) Open(ctx context.Context, name, encoding string) (io.ReadSeekCloser, error) {
	key := release.BlobKey(name)
	if encoding != "" {
		key += "." + encoding
	}
	if b, ok := s.hot.GetIfPresent(key); ok {
		if b == nil {
			return nil, fault.NotFound(noFile, name)
		}
		return readable(b), nil
	}
	o, err := s.store.Open(ctx, key)
	if err != nil {
		if encoding != "" && fault.Is(err, fault.CodeNotFound) {
			s.hot.Set(key, nil)
		}
		return nil, err
	}
	if o.Size > hotSize {
		return o, nil
	}
	defer func() { _ = o.Close() }() // it was only read
	b := make([]byte, o.Size)
	if _, err := io.ReadFull(o, b); err != nil {
		return nil, fault.Unavailable(cannotRead, name).WithCause(err)
	}
	s.hot.Set(key, b)
	return readable(b), nil
}
