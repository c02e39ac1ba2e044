package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // registers s3://
	"gocloud.dev/gcerrors"

	"minimart/platform/fault"
)

// Store keeps blobs. It is safe for concurrent use, by several processes as well.
type Store struct {
	bucket *blob.Bucket
	dir    string // "" for S3
}

// Open opens the store at location:
//
//	file:DIR          a directory, created (for this user only) if it is missing
//	s3://BUCKET?…     a bucket; region, endpoint, use_path_style, prefix … as gocloud.dev/blob/s3blob reads them,
//	                  credentials from the usual places of AWS tools
//
// An S3 bucket is not asked anything yet: see [Store.Ping].
func Open(ctx context.Context, location string) (*Store, error) {
	scheme, rest, _ := strings.Cut(location, ":")
	switch scheme {
	case "file":
		if strings.HasPrefix(rest, "//") {
			u, err := url.Parse(location)
			if err != nil || u.Host != "" || u.RawQuery != "" {
				return nil, fmt.Errorf("blob: %q names no directory: want file:DIR or file:///DIR", location)
			}
			rest = u.Path
		}
		if rest == "" {
			return nil, errors.New("blob: file: names no directory: want file:DIR")
		}
		dir, err := filepath.Abs(rest)
		if err != nil {
			return nil, fmt.Errorf("blob: %w", err)
		}
		bucket, err := fileblob.OpenBucket(dir, &fileblob.Options{
			CreateDir: true, DirFileMode: 0o700,
			NoTempDir: true,                       // a rename from another file system would fail
			Metadata:  fileblob.MetadataDontWrite, // a second file per blob that would not be replaced together with it
		})
		if err != nil {
			return nil, fmt.Errorf("blob: cannot use the directory %s: %w", dir, err)
		}
		return &Store{bucket, dir}, nil
	case "s3":
		bucket, err := blob.OpenBucket(ctx, location)
		if err != nil {
			return nil, fmt.Errorf("blob: cannot use the bucket: %w", err)
		}
		return &Store{bucket, ""}, nil
	}
	return nil, fmt.Errorf("blob: cannot open a store of kind %q: want file:DIR or s3://BUCKET", scheme)
}

// Close lets go of the store.
func (s *Store) Close() error { return s.bucket.Close() }

// Ping is nil when the store answers.
func (s *Store) Ping(ctx context.Context) error {
	ok, err := s.bucket.IsAccessible(ctx)
	if err == nil && !ok {
		err = errors.New("the bucket or directory is gone, or access is denied")
	}
	if err != nil {
		return fault.Unavailable(storeFailed).WithCause(err)
	}
	return nil
}

// Put stores data under key, in place of what was there. Readers see the old bytes or the new ones, never a part. Doing it
// again changes nothing. contentType is for those who look into an S3 bucket by other means; a directory does not keep it.
//
// Errors: invalid for a malformed key; unavailable when the store cannot take it.
func (s *Store) Put(ctx context.Context, key string, data []byte, contentType string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	// An empty body or a type nobody gave would make gocloud guess.
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	if err := s.bucket.WriteAll(ctx, key, data, &blob.WriterOptions{ContentType: contentType}); err != nil {
		return s.fault(key, err)
	}
	if s.dir != "" {
		if err := s.settle(key); err != nil {
			return fault.Unavailable(storeFailed).WithCause(err)
		}
	}
	return nil
}

// settle makes the file of key, and the directories that name it, survive a power cut.
func (s *Store) settle(key string) error {
	path := filepath.Join(s.dir, filepath.FromSlash(key))
	for {
		if err := syncPath(path); err != nil {
			return err
		}
		if path == s.dir {
			return nil
		}
		path = filepath.Dir(path)
	}
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Get reads a blob whole.
// Errors: not_found; invalid for a malformed key; unavailable.
func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	b, err := s.bucket.ReadAll(ctx, key)
	if err != nil {
		return nil, s.fault(key, err)
	}
	return b, nil
}

// Object is a blob being read. Seeking costs nothing until the next read. It must be closed.
type Object struct {
	io.ReadSeekCloser
	Size     int64 // bytes
	Modified time.Time
}

// Open reads a blob piece by piece. ctx holds until the object is closed.
// Errors: not_found; invalid for a malformed key; unavailable.
func (s *Store) Open(ctx context.Context, key string) (*Object, error) {
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	r, err := s.bucket.NewReader(ctx, key, nil)
	if err != nil {
		return nil, s.fault(key, err)
	}
	return &Object{r, r.Size(), r.ModTime()}, nil
}

// Has says whether there is a blob under key.
// Errors: invalid for a malformed key; unavailable.
func (s *Store) Has(ctx context.Context, key string) (bool, error) {
	if err := CheckKey(key); err != nil {
		return false, err
	}
	ok, err := s.bucket.Exists(ctx, key)
	if err != nil {
		return false, s.fault(key, err)
	}
	return ok, nil
}

// Delete removes a blob. That there is none is no error: the outcome is the same.
// Errors: invalid for a malformed key; unavailable.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	if err := s.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return s.fault(key, err)
	}
	return nil
}

// Entry is a blob in a list.
type Entry struct {
	Key      string
	Size     int64 // bytes
	Modified time.Time
}

// List goes through the blobs whose key begins with prefix, in the order of their keys. It ends after an error.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		it := s.bucket.List(&blob.ListOptions{Prefix: prefix})
		for {
			o, err := it.Next(ctx)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Entry{}, s.fault(prefix, err))
				return
			}
			if CheckKey(o.Key) != nil {
				continue // not ours: a file being written, or something put there by hand
			}
			if !yield(Entry{o.Key, o.Size, o.ModTime}, nil) {
				return
			}
		}
	}
}

func (s *Store) fault(key string, err error) error {
	switch gcerrors.Code(err) {
	case gcerrors.NotFound:
		return fault.NotFound(noBlob, key)
	case gcerrors.Canceled:
		return fmt.Errorf("blob %s: %w", key, context.Canceled)
	case gcerrors.DeadlineExceeded:
		return fmt.Errorf("blob %s: %w", key, context.DeadlineExceeded)
	}
	return fault.Unavailable(storeFailed).WithCause(fmt.Errorf("blob %s: %w", key, err))
}

// maxKey is the length of a key. S3 takes 1024 bytes, most file systems 255 for one name.
const maxKey, maxName = 512, 200

// CheckKey is nil for a key: names of letters, digits, ".", "-" and "_" with "/" between them; a name begins with a letter,
// a digit or "_" and ends neither in .tmp nor in .attrs, which the directory store uses itself.
func CheckKey(key string) error {
	if key == "" || len(key) > maxKey {
		return fault.Invalid("key", keyLength, len(key), maxKey)
	}
	for name := range strings.SplitSeq(key, "/") {
		if name == "" || len(name) > maxName || strings.HasSuffix(name, ".tmp") || strings.HasSuffix(name, ".attrs") {
			return fault.Invalid("key", keyName, key)
		}
		for i := 0; i < len(name); i++ {
			c := name[i]
			plain := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
			if !plain && (i == 0 || c != '.' && c != '-') {
				return fault.Invalid("key", keyName, key)
			}
		}
	}
	return nil
}
