package build

import "encoding/json"

// Manifest says what a built program consists of and which file holds what. It is stored with a version, and a launch
// manifest (program/deliver) is this plus where to fetch the files and what the program may do. File names are
// "<32 hex of SHA-256>.<ext>": the same content always has the same name, so files are immutable and shared.
type Manifest struct {
	// Format of this struct and of the code the compiler emits; a runtime refuses another number.
	Format int `json:"format"`
	// Dialect is "jd" or "wx": the prefix of directives and the name of the API object.
	Dialect string `json:"dialect"`
	// Entry is the page shown first, for example "pages/index/index".
	Entry string `json:"entry"`
	// App is app.json, normalised: pages (with those of packages), window, tabBar, subPackages, entry, and the rest as written.
	App json.RawMessage `json:"app"`
	// Pages by path.
	Pages map[string]Page `json:"pages"`
	// Packages by root; the main package has root "".
	Packages map[string]Pack `json:"packages"`
	// Assets: path in the package ("assets/a.png") to file name.
	Assets map[string]string `json:"assets"`
}

// Page of a program.
type Page struct {
	Package string `json:"package"`
	// View lists the view bundles the page needs, in the order to run them.
	View []string `json:"view"`
}

// Pack is the main package or a subpackage.
type Pack struct {
	// Logic is the logic bundle. The main package's runs before any other, unless the package is independent.
	Logic       string `json:"logic"`
	Independent bool   `json:"independent,omitempty"`
	// Bytes of all files in the package as uploaded.
	Bytes int64 `json:"bytes"`
}

// File is one built file.
type File struct {
	Name        string // "<hash>.<ext>"
	ContentType string
	Bytes       []byte
	Brotli      []byte // nil when compressing does not pay
}

// FormatVersion is the Manifest.Format this compiler writes.
const FormatVersion = 1

// FileBase is where built files are served: addresses in style sheets are made of it, relative to the sandbox document.
const FileBase = "/p/"
