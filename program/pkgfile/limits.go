package pkgfile

import (
	"fmt"
	"strings"
)

// Limits say how large a package may be. They are settings of the platform; a
// zero field takes its value from DefaultLimits.
type Limits struct {
	Archive    int64 // bytes of the zip file itself
	Total      int64 // bytes of all files, unpacked, source maps included
	PerPackage int64 // bytes of the main package, and of each subpackage, without source maps
	File       int64 // bytes of one file, unpacked
	Entries    int   // files and folders
	Name       int   // bytes of one path
	Depth      int   // folders in one path
	Ratio      int64 // unpacked bytes for each packed byte, judged on files over 1 MiB
}

// DefaultLimits returns what holds when nothing else is configured. PerPackage
// is what JD documents for a whole package; Total leaves room for subpackages.
func DefaultLimits() Limits {
	return Limits{
		Archive:    64 << 20,
		Total:      20 << 20,
		PerPackage: 5 << 20,
		File:       5 << 20,
		Entries:    20_000,
		Name:       512,
		Depth:      32,
		Ratio:      250,
	}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	fill(&l.Archive, d.Archive)
	fill(&l.Total, d.Total)
	fill(&l.PerPackage, d.PerPackage)
	fill(&l.File, d.File)
	fill(&l.Entries, d.Entries)
	fill(&l.Name, d.Name)
	fill(&l.Depth, d.Depth)
	fill(&l.Ratio, d.Ratio)
	return l
}

func fill[N int | int64](field *N, value N) {
	if *field <= 0 {
		*field = value
	}
}

// forFile is the limit for one file. Source maps are larger than the code they
// describe and are never delivered, so that only the total binds them.
func (l Limits) forFile(name string) int64 {
	if strings.HasSuffix(name, ".map") {
		return l.Total
	}
	return l.File
}

// size renders a number of bytes for people.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	default:
		return fmt.Sprintf("%d bytes", n)
	}
}
