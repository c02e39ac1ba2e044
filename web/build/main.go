package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
)

func main() {
	check := flag.Bool("check", false, "write nothing; fail when web/dist differs from a fresh build")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "build takes no arguments, only -check; got %q\n", flag.Args())
		os.Exit(2)
	}
	if err := run(*check, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(check bool, out io.Writer) error {
	web, err := webDir()
	if err != nil {
		return err
	}
	b := &builder{web: web, note: func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }}
	tree, err := b.build()
	if err != nil {
		return err
	}
	printSizes(out, tree)
	dist := filepath.Join(web, "dist")
	if check {
		if err := tree.compare(dist); err != nil {
			return err
		}
		fmt.Fprintln(out, "web/dist is what the sources say")
	} else if err := tree.write(dist); err != nil {
		return err
	}
	return overBudget(tree)
}

// webDir finds web/ of the module that the current directory lies in.
func webDir() (string, error) {
	at, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return filepath.Join(at, "web"), nil
		}
		up := filepath.Dir(at)
		if up == at {
			return "", errors.New("no go.mod here or above: run this inside the checkout of minimart")
		}
		at = up
	}
}

// budgets are promises of the design, in bytes of brotli: what a phone downloads before a first program can boot.
var budgets = map[string]int{"view": 15_000, "worker": 20_000}

func printSizes(out io.Writer, t *tree) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "raw\tbrotli\tbudget\t  file\t")
	for _, name := range t.names() {
		f := t.files[name]
		budget := ""
		if b, ok := budgets[f.role]; ok {
			budget = fmt.Sprint(b)
		}
		fmt.Fprintf(w, "%d\t%d\t%s\t  %s\t\n", len(f.bytes), f.brotli, budget, name)
	}
	_ = w.Flush() // to a terminal
}

func overBudget(t *tree) error {
	var errs []error
	for _, name := range t.names() {
		f := t.files[name]
		if b, ok := budgets[f.role]; ok && f.brotli > b {
			errs = append(errs, fmt.Errorf("%s: %d bytes of brotli, the budget of the %s runtime is %d: move what is rarely used into a module loaded on use", name, f.brotli, f.role, b))
		}
	}
	return errors.Join(errs...)
}
