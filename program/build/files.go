package build

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"

	"github.com/andybalholm/brotli"
)

// contentTypes of the files a program may show or play, by ending. What is not here is not delivered.
var contentTypes = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
	".svg": "image/svg+xml", ".avif": "image/avif", ".bmp": "image/bmp", ".ico": "image/x-icon",
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac", ".wav": "audio/wav", ".ogg": "audio/ogg",
	".mp4": "video/mp4", ".webm": "video/webm",
	".ttf": "font/ttf", ".otf": "font/otf", ".woff": "font/woff", ".woff2": "font/woff2",
}

const javascript = "text/javascript; charset=utf-8"

// compressible says whether brotli can gain anything; pictures and sounds are compressed already.
func compressible(contentType string) bool {
	return strings.HasPrefix(contentType, "text/") || strings.Contains(contentType, "svg") || contentType == "font/ttf" || contentType == "font/otf"
}

// NewFile names content by its hash and compresses it where that saves at least a tenth. quality is brotli's, 1 to 11; with
// 0 nothing is compressed.
func NewFile(ext, contentType string, content []byte, quality int) File {
	sum := sha256.Sum256(content)
	file := File{Name: hex.EncodeToString(sum[:16]) + ext, ContentType: contentType, Bytes: content}
	if quality <= 0 || len(content) < 256 || !compressible(contentType) {
		return file
	}
	var packed bytes.Buffer
	w := brotli.NewWriterOptions(&packed, brotli.WriterOptions{Quality: quality, LGWin: 22})
	// Writing to memory does not fail.
	_, _ = w.Write(content)
	_ = w.Close()
	if packed.Len() < len(content)-len(content)/10 {
		file.Brotli = packed.Bytes()
	}
	return file
}

// asset reports the content type of a file that is delivered as it is.
func asset(name string) (contentType string, ok bool) {
	contentType, ok = contentTypes[strings.ToLower(path.Ext(name))]
	return contentType, ok
}
