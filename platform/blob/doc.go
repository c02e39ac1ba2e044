// Package blob keeps bytes by key, in a directory or in S3.
//
//	store, err := blob.Open(ctx, "file:/var/lib/minimart/blobs") // or "s3://bucket?region=cn-north-1"
//	err = store.Put(ctx, "program/0a1b….js", js, "text/javascript")
//	b, err := store.Get(ctx, "program/0a1b….js") // NotFound when there is none
//
// When Put returns, the bytes are on disk: they survive a power cut, as the row that names them does. So a room stores the
// blob first and the row after.
package blob
