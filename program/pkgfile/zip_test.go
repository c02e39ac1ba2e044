package pkgfile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
)

// packed is one entry of an archive under test.
type packed struct {
	name, content string
	mode          fs.FileMode
	flags         uint16
}

func archive(t testing.TB, entries ...packed) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Flags: e.flags}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(e.name, "/") {
			continue
		}
		if _, err := io.WriteString(f, e.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func (f files) packed(prefix string) []packed {
	var out []packed
	for _, n := range slices.Sorted(maps.Keys(f)) {
		out = append(out, packed{name: prefix + n, content: f[n]})
	}
	return out
}

func TestAZipIsReadLikeAFolder(t *testing.T) {
	for _, c := range []struct {
		name    string
		entries []packed
	}{
		{"flat", shop.packed("")},
		{"in one folder", shop.packed("my-shop/")},
		{"with folder entries, marks of the Mac and names that start with ./", append([]packed{{name: "./"}, {name: "pages/"}, {name: "__MACOSX/._app.json", content: "x"}, {name: ".DS_Store", content: "x"}}, shop.packed("./")...)},
		{"as a project with its build", append(shop.packed("dist/"), packed{name: "project.jd.json", content: `{"miniprogramRoot":"./dist"}`}, packed{name: "src/app.json", content: "{"})},
		{"as a project in one folder", append(shop.packed("p/dist/"), packed{name: "p/project.jd.json", content: `{"miniprogramRoot":"dist/"}`})},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := archive(t, c.entries...)
			pkg, list := ReadZip(bytes.NewReader(data), int64(len(data)), Limits{})
			if list.Len() > 0 {
				t.Fatal(list)
			}
			if len(pkg.Pages) != 3 || len(pkg.Components) != 2 || string(pkg.Files["img/a.png"]) != "png" {
				t.Errorf("%d pages, %d components, files %v", len(pkg.Pages), len(pkg.Components), pkg.Names)
			}
		})
	}
	t.Run("after other bytes", func(t *testing.T) {
		data := append([]byte("#!/bin/sh\nself-extracting\n"), archive(t, shop.packed("")...)...)
		if pkg, list := ReadZip(bytes.NewReader(data), int64(len(data)), Limits{}); list.Len() > 0 || len(pkg.Pages) != 3 {
			t.Error(list)
		}
	})
}

func TestAHostileZipIsRefusedByName(t *testing.T) {
	with := func(more ...packed) []packed { return append(shop.packed(""), more...) }
	for _, c := range []struct {
		name    string
		entries []packed
		want    string
	}{
		{"climbing out", with(packed{name: "../evil.js"}), `the entry "../evil.js" points outside the package, remove .. from its path`},
		{"climbing out later", with(packed{name: "pages/../../evil.js"}), `the entry "pages/../../evil.js" points outside the package, remove .. from its path`},
		{"an absolute name", with(packed{name: "/etc/passwd"}), `the entry "/etc/passwd" has an absolute path, pack the files with paths relative to the package`},
		{"a drive", with(packed{name: "C:/x.js"}), `the entry "C:/x.js" has an absolute path, pack the files with paths relative to the package`},
		{"a backslash", with(packed{name: `pages\x.js`}), `the entry "pages\\x.js" has a backslash in its name, separate folders with /`},
		{"a zero byte", with(packed{name: "a\x00.js"}), `the entry "a\x00.js" has a control character in its name, rename it`},
		{"a line break", with(packed{name: "a\nb.js"}), `the entry "a\nb.js" has a control character in its name, rename it`},
		{"a name in GBK", with(packed{name: "\xb5\xea.js"}), `the entry "\xb5\xea.js" has a name that is not UTF-8, pack the files with UTF-8 names`},
		{"an empty folder name", with(packed{name: "a//b.js"}), `the entry "a//b.js" has an empty or . folder in its path`},
		{"a folder that climbs out", with(packed{name: "../x/"}), `the folder "../x/" points outside the package, remove .. from its path`},
		{"a long name", with(packed{name: strings.Repeat("a", 600)}), `the entry "` + strings.Repeat("a", 120) + `…" has a path of 600 bytes, the limit is 512, shorten its folders`},
		{"a deep name", with(packed{name: strings.Repeat("a/", 40) + "x"}), `the entry "` + strings.Repeat("a/", 40) + `x" lies 40 folders deep, the limit is 32`},
		{"a symbolic link", with(packed{name: "link.js", content: "/etc/passwd", mode: fs.ModeSymlink | 0o777}), "is a symbolic link, put the file itself into the package"},
		{"a device", with(packed{name: "tty", mode: fs.ModeDevice | fs.ModeCharDevice | 0o600}), "is not a regular file (Dc---------), remove it from the package"},
		{"names that differ in case", with(packed{name: "Pages/Index/index.js"}), `the names "pages/index/index.js" and "Pages/Index/index.js" differ only in case or form, rename one of them: many systems take them for one file`},
		{"sharp s and double s", with(packed{name: "straße.js"}, packed{name: "STRASSE.js"}), `the names "straße.js" and "STRASSE.js" differ only in case or form, rename one of them: many systems take them for one file`},
		{"names that differ in normalisation", with(packed{name: "caf\u00e9.js"}, packed{name: "cafe\u0301.js"}), "stands in the package twice"},
		{"the same name twice", with(packed{name: "app.js"}), "stands in the package twice"},
		{"a file that is a folder too", with(packed{name: "app.js/x.js"}), `lies in "app.js" as if that file were a folder`},
		{"a folder that is a file too", with(packed{name: "pages/index"}), `is a file, but "pages/index/index.jxml" lies in it as if it were a folder`},
		{"an encrypted file", with(packed{name: "x.js", flags: 1}), "is encrypted, pack without a password"},
		{"a bomb that admits it", with(packed{name: "bomb.txt", content: strings.Repeat("\x00", 3<<20)}), "unpacks to more than 250 times its packed size"},
		{"a large file", with(packed{name: "x.map", content: strings.Repeat("0123456789abcdef", 1<<20+1<<18+1)}), "is larger than 20.0 MiB, put large files on a server or into cloud storage"},
		{"nothing of a program", []packed{{name: ".git/config", content: "x"}}, "the archive holds no files of a program, put app.json and the pages into it"},
		{"only folders", []packed{{name: "pages/"}}, "the archive holds no files of a program, put app.json and the pages into it"},
		{"no entries", nil, "the archive is empty, put app.json and the pages into it"},
		{"a program further down", files{"a/b/app.json": "{}", "a/c.js": ""}.packed(""), "is missing, there is one in a/b/: pack that folder, or name it as miniprogramRoot in the project file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := archive(t, c.entries...)
			pkg, list := ReadZip(bytes.NewReader(data), int64(len(data)), Limits{})
			if pkg != nil || !has(list.Errors(), c.want) {
				t.Errorf("got\n%s\nwant\n%s", list, c.want)
			}
		})
	}
}

func TestWhatIsNoZipIsRefused(t *testing.T) {
	good := archive(t, shop.packed("")...)
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "the file is empty"},
		{"text", []byte("hello"), "the file is not a zip archive"},
		{"a picture", append([]byte("\x89PNG"), make([]byte, 1000)...), "the file is not a zip archive"},
		{"cut off", good[:len(good)-30], "the file is not a zip archive"},
		{"only an end record", good[len(good)-22:], "the file is not a zip archive"},
	} {
		t.Run(c.name, func(t *testing.T) {
			pkg, list := ReadZip(bytes.NewReader(c.data), int64(len(c.data)), Limits{})
			if pkg != nil || !strings.Contains(list.String(), c.want) {
				t.Errorf("got %s want %s", list, c.want)
			}
		})
	}
	t.Run("damaged inside", func(t *testing.T) {
		data := slices.Clone(good)
		at := bytes.Index(data, []byte("App({})"))
		if at < 0 { // deflate stores so short a text as a literal block
			at = 40
		}
		data[at] ^= 0x20
		_, list := ReadZip(bytes.NewReader(data), int64(len(data)), Limits{})
		if !list.HasErrors() {
			t.Error("a damaged file must be told")
		}
	})
	t.Run("larger than the limit for archives", func(t *testing.T) {
		_, list := ReadZip(bytes.NewReader(good), int64(len(good)), Limits{Archive: 100})
		if !strings.Contains(list.String(), "the limit is 100 bytes") {
			t.Error(list)
		}
	})
}

// A bomb that lies about its size: the header claims ten bytes, the data unpacks
// to megabytes.
func TestABombThatLiesIsStoppedWhileReading(t *testing.T) {
	data := archive(t, append(shop.packed(""), packed{name: "liar.txt", content: strings.Repeat("\x00", 8<<20)})...)
	at := bytes.LastIndex(data, []byte("liar.txt")) - headerSize
	binary.LittleEndian.PutUint32(data[at+24:], 10)
	pkg, list := ReadZip(bytes.NewReader(data), int64(len(data)), Limits{})
	if !list.HasErrors() || pkg != nil && len(pkg.Files["liar.txt"]) > 10 {
		t.Errorf("%s", list)
	}
	if !strings.Contains(list.String(), "liar.txt: ") {
		t.Errorf("the liar is not named: %s", list)
	}
}

// readCounter counts what is read of an archive.
type readCounter struct {
	io.ReaderAt
	bytes int
}

func (c *readCounter) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, off)
	c.bytes += n
	return n, err
}

func TestAHundredThousandEntriesAreRefusedEarly(t *testing.T) {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for i := range 100_000 {
		if _, err := w.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("f%06d.js", i), Method: zip.Store}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	const want = "the archive has more than 20000 entries"
	honest := buf.Bytes()
	r := &readCounter{ReaderAt: bytes.NewReader(honest)}
	if _, list := ReadZip(r, int64(len(honest)), Limits{}); !strings.Contains(list.String(), want) {
		t.Error(list)
	}
	if r.bytes > 200_000 {
		t.Errorf("%d bytes were read to see the claim", r.bytes)
	}
	// The same archive claiming to have five entries: the directory is counted.
	end := bytes.LastIndex(honest, []byte{0x50, 0x4b, 5, 6})
	liar := slices.Clone(honest[:end-end64LocatorSize-end64Size])
	dir := uint32(bytes.Index(liar, []byte{0x50, 0x4b, 1, 2}))
	record := make([]byte, endSize)
	binary.LittleEndian.PutUint32(record, endSignature)
	binary.LittleEndian.PutUint16(record[8:], 5)
	binary.LittleEndian.PutUint16(record[10:], 5)
	binary.LittleEndian.PutUint32(record[12:], uint32(len(liar))-dir)
	binary.LittleEndian.PutUint32(record[16:], dir)
	liar = append(liar, record...)
	r = &readCounter{ReaderAt: bytes.NewReader(liar)}
	if _, list := ReadZip(r, int64(len(liar)), Limits{}); !strings.Contains(list.String(), want) {
		t.Error(list)
	}
	if r.bytes > len(liar)/2 {
		t.Errorf("%d of %d bytes were read before saying no", r.bytes, len(liar))
	}
}

type brokenDisk struct{}

func (b brokenDisk) ReadAt([]byte, int64) (int, error) { return 0, errors.New("disk broke") }

func TestAnUploadThatCannotBeReadIsAnErrorNotAPanic(t *testing.T) {
	if pkg, list := ReadZip(brokenDisk{}, 1000, Limits{}); pkg != nil || !list.HasErrors() {
		t.Error(list)
	}
}

func FuzzReadZip(f *testing.F) {
	f.Add(archive(f, shop.packed("")...))
	f.Add(archive(f, shop.packed("top/")...))
	f.Add(archive(f, packed{name: "../x"}, packed{name: "a\\b"}, packed{name: "l", mode: fs.ModeSymlink}))
	f.Add(archive(f, packed{name: "app.json", content: `{"pages":["a"],"subPackages":[{"root":"s","pages":["b"]}]}`}, packed{name: "a.js"}))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Add([]byte("PK"))
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{Total: 1 << 20, File: 1 << 18, Entries: 50}.orDefault()
		pkg, list := ReadZip(bytes.NewReader(data), int64(len(data)), limits)
		if pkg == nil {
			if !list.HasErrors() {
				t.Fatal("no package and no reason")
			}
			return
		}
		var total int64
		for name, content := range pkg.Files {
			if reason, _, ok := checkName(name, limits); !ok {
				t.Fatalf("%q got in although it %s", name, reason)
			}
			if !fs.ValidPath(name) {
				t.Fatalf("%q is no valid path", name)
			}
			total += int64(len(content))
		}
		if total > limits.Total || len(pkg.Files) > limits.Entries {
			t.Fatalf("%d bytes in %d files", total, len(pkg.Files))
		}
		for _, d := range list.All() {
			if strings.ContainsAny(d.Error(), "\n\x00") {
				t.Fatalf("%q", d.Error())
			}
		}
	})
}

// FuzzAppJSON holds everything that reads configuration against any app.json.
func FuzzAppJSON(f *testing.F) {
	f.Add(shop["app.json"], shop["pages/index/index.json"])
	f.Add(`{"pages":["../a",1,"a.js"],"tabBar":{"list":[1,{}]},"subpackages":[{"root":"a"},{"root":"a/b"}]}`, `{"usingComponents":{"a":"/"}}`)
	f.Add(`{"pages":["pages/index/index"],"usingComponents":{"x":"../../.."},"themeLocation":"/"}`, `{"componentGenerics":{"a":{"default":"."}}}`)
	f.Fuzz(func(t *testing.T, app, page string) {
		all := maps.Clone(shop)
		all["app.json"], all["pages/index/index.json"] = app, page
		pkg, list := Read(all.fsys(), Limits{})
		if pkg == nil {
			t.Fatal("the files are fine, so there is a package")
		}
		if !list.HasErrors() && len(pkg.Pages) == 0 {
			t.Fatal("no pages and no error")
		}
		for _, u := range append(slices.Clone(pkg.Pages), pkg.Components...) {
			if !fs.ValidPath(u.Path) {
				t.Fatalf("unit path %q", u.Path)
			}
		}
	})
}
