// Command compile measures how long the official cases take to read and compile, beside esbuild minifying the same
// scripts, which is the part any toolchain pays, in the same run.
//
//	go run ./bench/compile
package main

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/evanw/esbuild/pkg/api"

	"minimart/examples"
	"minimart/program/build"
	"minimart/program/pkgfile"
)

const rounds = 9

func main() {
	fmt.Printf("%-12s %9s %9s %22s %22s %10s\n", "case", "files", "kB", "compile CPU ms (wall)", "scripts alone CPU ms", "ratio")
	for _, c := range []struct {
		name  string
		files fs.FS
	}{{"taro-shop", examples.TaroShop()}, {"jewellery", examples.Jewellery()}} {
		if err := measure(c.name, c.files); err != nil {
			fmt.Fprintln(os.Stderr, "compile:", err)
			os.Exit(1)
		}
	}
}

func measure(name string, files fs.FS) error {
	scripts, err := readScripts(files)
	if err != nil {
		return err
	}
	var pkg *pkgfile.Package
	var ours, wall, theirs []float64
	for range rounds {
		start, cpu := time.Now(), cpuMillis()
		p, found := pkgfile.Read(files, pkgfile.DefaultLimits())
		if err := found.Err(); err != nil {
			return err
		}
		result := build.Build(p, build.Options{Minify: true})
		if err := result.Diagnostics.Err(); err != nil {
			return err
		}
		pkg = p
		ours, wall = append(ours, cpuMillis()-cpu), append(wall, float64(time.Since(start).Microseconds())/1000)

		cpu = cpuMillis()
		for _, src := range scripts {
			r := api.Transform(src, api.TransformOptions{MinifyWhitespace: true, Format: api.FormatCommonJS, Sourcemap: api.SourceMapExternal, LogLevel: api.LogLevelSilent})
			if len(r.Errors) > 0 {
				return fmt.Errorf("esbuild: %s", r.Errors[0].Text)
			}
		}
		theirs = append(theirs, cpuMillis()-cpu)
	}
	fmt.Printf("%-12s %9d %9.0f %22s %22.1f %10.2f\n", name, len(pkg.Files), float64(pkg.Bytes)/1000,
		fmt.Sprintf("%.1f (%.1f)", median(ours), median(wall)), median(theirs), median(ours)/median(theirs))
	return nil
}

func readScripts(files fs.FS) (scripts []string, err error) {
	err = fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".js") {
			return err
		}
		src, err := fs.ReadFile(files, path)
		scripts = append(scripts, string(src))
		return err
	})
	return scripts, err
}

// cpuMillis is the processor time this process has used: the machine may be busy with other things.
func cpuMillis() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e6
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
