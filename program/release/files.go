package release

import (
	"context"
	"sync"

	"minimart/program/build"
)

// putters is how many files go into the store at once: each waits for a disk or a network, not for a processor.
const putters = 8

// putFiles stores files, plain and in brotli, and answers the first error. They are written even if they are there
// already: that they are there does not mean that they were ever finished.
func (s *Service) putFiles(ctx context.Context, files []build.File) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan build.File)
	var wg sync.WaitGroup
	for range min(putters, len(files)) {
		wg.Go(func() {
			for f := range work {
				err := s.blobs.Put(ctx, BlobKey(f.Name), f.Bytes, f.ContentType)
				if err == nil && f.Brotli != nil {
					err = s.blobs.Put(ctx, BlobKey(f.Name)+".br", f.Brotli, f.ContentType)
				}
				if err != nil {
					cancel(err)
					return
				}
			}
		})
	}
feed:
	for _, f := range files {
		select {
		case work <- f:
		case <-ctx.Done():
			break feed
		}
	}
	close(work)
	wg.Wait()
	return context.Cause(ctx)
}
