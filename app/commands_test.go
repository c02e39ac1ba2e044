package app

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestTheCommandsAsADeveloperTypesThem runs the stories in testdata/script.
func TestTheCommandsAsADeveloperTypesThem(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			// minimart runs the program in this process, in the story's folder.
			"minimart": func(ts *testscript.TestScript, neg bool, args []string) {
				for i, arg := range args {
					if arg == "." || filepath.IsLocal(arg) && exists(ts.MkAbs(arg)) {
						args[i] = ts.MkAbs(arg)
					}
				}
				if status := Main(args, ts.Stdout(), ts.Stderr()); (status != 0) != neg {
					ts.Fatalf("minimart ended with status %d", status)
				}
			},
			// zip makes an archive with the names as given, even such as no honest tool writes.
			"zip": func(ts *testscript.TestScript, _ bool, args []string) {
				file, err := os.Create(ts.MkAbs(args[0]))
				ts.Check(err)
				defer file.Close()
				w := zip.NewWriter(file)
				for _, name := range args[1:] {
					entry, err := w.Create(name)
					ts.Check(err)
					_, err = entry.Write([]byte("{}"))
					ts.Check(err)
				}
				ts.Check(w.Close())
			},
		},
	})
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
