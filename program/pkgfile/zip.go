package pkgfile

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"minimart/program/diag"
)

// ReadZip reads the package in a zip file of the given size in bytes. One folder
// around everything is accepted as the root, since that is how most tools pack.
// The package is nil when nothing useful could be read.
func ReadZip(r io.ReaderAt, archiveSize int64, limits Limits) (*Package, diag.List) {
	limits = limits.orDefault()
	var list diag.List
	src, ok := openZip(r, archiveSize, limits, &list)
	if !ok {
		return nil, list
	}
	pkg, rest := readFrom(src, src.base, limits)
	list.Append(rest)
	return pkg, list
}

// zipSource is the checked table of contents of a zip file.
type zipSource struct {
	entries map[string]entry // by path
	names   []string         // in order of the archive
	base    string           // the one folder around everything, or ""
}

const notZip = "the file is not a zip archive"

func openZip(r io.ReaderAt, archiveSize int64, limits Limits, list *diag.List) (*zipSource, bool) {
	refuse := func(message, hint string) (*zipSource, bool) {
		list.Add(diag.Diagnostic{Message: message, Hint: hint})
		return nil, false
	}
	switch {
	case archiveSize <= 0:
		return refuse("the file is empty", "upload a zip archive of the package")
	case archiveSize > limits.Archive:
		return refuse(fmt.Sprintf("the archive is %s, the limit is %s", size(archiveSize), size(limits.Archive)), "")
	}
	// archive/zip allocates for every entry before one can say stop; so the
	// directory is counted first, entry by entry.
	many, err := moreEntriesThan(r, archiveSize, limits.Entries)
	switch {
	case err != nil:
		return refuse(notZip, "upload a zip archive of the package")
	case many:
		return refuse(fmt.Sprintf("the archive has more than %d entries", limits.Entries), "leave out node_modules and sources")
	}
	archive, err := zip.NewReader(r, archiveSize)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // insecure paths are told one by one below
		return refuse(notZip+": "+err.Error(), "upload a zip archive of the package")
	}
	if len(archive.File) == 0 {
		return refuse("the archive is empty", "put app.json and the pages into it")
	}
	return contents(archive, limits, list)
}

// contents checks the table of contents. Every bad entry is told; any one of
// them refuses the archive, because it was not packed by an honest tool.
func contents(archive *zip.Reader, limits Limits, list *diag.List) (*zipSource, bool) {
	src := &zipSource{entries: make(map[string]entry, len(archive.File))}
	book := newNameBook(limits, list)
	before := list.Len()
	for _, f := range archive.File {
		name := strings.TrimPrefix(f.Name, "./")
		if name == "" {
			continue
		}
		if strings.HasSuffix(name, "/") {
			if reason, hint, ok := checkName(strings.TrimSuffix(name, "/"), limits); !ok {
				list.Add(diag.Diagnostic{Message: fmt.Sprintf("the folder %.120q %s", name, reason), Hint: hint})
			}
			continue
		}
		taken, ok := book.take(name)
		if !ok || ignored(taken) {
			continue
		}
		mode := f.Mode()
		switch {
		case !mode.IsRegular():
			refuseIrregular(taken, mode, list)
		case f.Flags&1 != 0:
			list.Add(diag.Diagnostic{File: taken, Message: "is encrypted", Hint: "pack without a password"})
		case f.UncompressedSize64 > uint64(limits.forFile(taken)):
			refuseLarge(taken, limits.forFile(taken), list)
		case f.UncompressedSize64 > 1<<20 && f.UncompressedSize64/uint64(limits.Ratio) > f.CompressedSize64:
			list.Add(diag.Diagnostic{File: taken, Message: fmt.Sprintf("unpacks to more than %d times its packed size", limits.Ratio)})
		default:
			src.entries[taken] = entry{taken, int64(f.UncompressedSize64), f.Open}
			src.names = append(src.names, taken)
		}
	}
	if list.Len() > before {
		return nil, false
	}
	if len(src.names) == 0 {
		list.Add(diag.Diagnostic{Message: "the archive holds no files of a program", Hint: "put app.json and the pages into it"})
		return nil, false
	}
	src.base = src.commonFolder()
	return src, true
}

// commonFolder returns the one folder that holds everything, or "".
func (s *zipSource) commonFolder() string {
	top, _, nested := strings.Cut(s.names[0], "/")
	if !nested {
		return ""
	}
	for _, n := range s.names {
		if !strings.HasPrefix(n, top+"/") {
			return ""
		}
	}
	return top
}

func (s *zipSource) has(name string) bool {
	_, ok := s.entries[name]
	return ok
}

func (s *zipSource) read(name string, limit int64) ([]byte, error) {
	e, ok := s.entries[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return readLimited(e.open, limit)
}

func (s *zipSource) rootHint() string {
	for _, n := range s.names {
		if folder, ok := strings.CutSuffix(n, "/app.json"); ok {
			return "there is one in " + folder + "/: pack that folder, or name it as miniprogramRoot in the project file"
		}
	}
	return ""
}

func (s *zipSource) list(root string, list *diag.List) ([]entry, bool) {
	var entries []entry
	for _, n := range s.names {
		inside := n
		if root != "." {
			var below bool
			if inside, below = strings.CutPrefix(n, root+"/"); !below {
				continue
			}
		}
		e := s.entries[n]
		e.name = inside
		entries = append(entries, e)
	}
	return entries, true
}

// Signatures and sizes of the zip format (PKWARE APPNOTE 4.3).
const (
	endSignature     = 0x06054b50
	end64Locator     = 0x07064b50
	end64Signature   = 0x06064b50
	headerSignature  = 0x02014b50
	endSize          = 22
	end64LocatorSize = 20
	end64Size        = 56
	headerSize       = 46
)

var errNotZip = errors.New("no end of central directory")

// moreEntriesThan walks the central directory without keeping anything and
// reports whether it has more than limit entries. The count in the end record
// is a claim; it is looked at first because it is cheap, and not believed.
func moreEntriesThan(r io.ReaderAt, archiveSize int64, limit int) (bool, error) {
	tail := make([]byte, min(archiveSize, endSize+65535))
	tailStart := archiveSize - int64(len(tail))
	if n, err := r.ReadAt(tail, tailStart); n < len(tail) {
		return false, err
	}
	at := -1
	for i := len(tail) - endSize; i >= 0; i-- {
		if binary.LittleEndian.Uint32(tail[i:]) == endSignature && i+endSize+int(binary.LittleEndian.Uint16(tail[i+20:])) <= len(tail) {
			at = i
			break
		}
	}
	if at < 0 {
		return false, errNotZip
	}
	end := tail[at:]
	endOffset := tailStart + int64(at)
	claimed := uint64(binary.LittleEndian.Uint16(end[10:]))
	dirSize := uint64(binary.LittleEndian.Uint32(end[12:]))
	dirOffset := uint64(binary.LittleEndian.Uint32(end[16:]))
	if claimed == 0xffff || dirSize == 0xffff || dirSize == 0xffffffff || dirOffset == 0xffffffff {
		if record, offset, ok := readEnd64(r, endOffset); ok {
			endOffset = offset
			claimed = binary.LittleEndian.Uint64(record[32:])
			dirSize = binary.LittleEndian.Uint64(record[40:])
			dirOffset = binary.LittleEndian.Uint64(record[48:])
		}
	}
	if claimed > uint64(limit) {
		return true, nil
	}
	if dirSize > uint64(archiveSize) || dirOffset > uint64(archiveSize) {
		return false, errNotZip
	}
	// Where data stands before the archive the directory may be at either place;
	// archive/zip picks one of the two, so both must be short.
	for _, start := range []int64{endOffset - int64(dirSize), int64(dirOffset)} {
		if start < 0 || start > archiveSize {
			continue
		}
		if countHeaders(io.NewSectionReader(r, start, archiveSize-start), limit+1) > limit {
			return true, nil
		}
	}
	return false, nil
}

func readEnd64(r io.ReaderAt, endOffset int64) (record []byte, offset int64, ok bool) {
	locator := make([]byte, end64LocatorSize)
	if endOffset < end64LocatorSize {
		return nil, 0, false
	}
	if n, _ := r.ReadAt(locator, endOffset-end64LocatorSize); n < len(locator) || binary.LittleEndian.Uint32(locator) != end64Locator {
		return nil, 0, false
	}
	offset = int64(binary.LittleEndian.Uint64(locator[8:]))
	record = make([]byte, end64Size)
	if offset < 0 || offset > endOffset {
		return nil, 0, false
	}
	if n, _ := r.ReadAt(record, offset); n < len(record) || binary.LittleEndian.Uint32(record) != end64Signature {
		return nil, 0, false
	}
	return record, offset, true
}

// countHeaders counts directory headers from the start of r, up to stop.
func countHeaders(r io.Reader, stop int) int {
	buffered := bufio.NewReaderSize(r, 1<<16)
	header := make([]byte, headerSize)
	for count := 0; count < stop; count++ {
		if _, err := io.ReadFull(buffered, header); err != nil || binary.LittleEndian.Uint32(header) != headerSignature {
			return count
		}
		variable := int(binary.LittleEndian.Uint16(header[28:])) + int(binary.LittleEndian.Uint16(header[30:])) + int(binary.LittleEndian.Uint16(header[32:]))
		if _, err := buffered.Discard(variable); err != nil {
			return count + 1
		}
	}
	return stop
}
