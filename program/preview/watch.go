package preview

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long the folder must be quiet before a rebuild: a build tool writes many files at once.
const settle = 120 * time.Millisecond

// maxFolders bounds what is watched; systems limit the number of watches.
const maxFolders = 4000

// watch calls rebuild after each change below dir, until ctx ends.
func watch(ctx context.Context, dir string, rebuild func()) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	defer func() { _ = w.Close() }() // it holds nothing that could be lost
	if err := addFolders(w, dir); err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	quiet := time.NewTimer(time.Hour)
	quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err, ok := <-w.Errors:
			if !ok {
				return nil
			}
			return fmt.Errorf("watch %s: %w", dir, err)
		case ev, ok := <-w.Events:
			if !ok {
				return nil
			}
			if ev.Has(fsnotify.Chmod) && !ev.Has(fsnotify.Write) || ignored(filepath.Base(ev.Name)) {
				continue
			}
			if ev.Has(fsnotify.Create) {
				// A folder that appears is watched from now on; errors are those of folders that vanished again.
				_ = addFolders(w, ev.Name)
			}
			quiet.Reset(settle)
		case <-quiet.C:
			rebuild()
		}
	}
}

func addFolders(w *fsnotify.Watcher, root string) error {
	folders := len(w.WatchList())
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if os.IsNotExist(err) {
				return nil
			}
			return err
		}
		if !d.IsDir() {
			return nil
		}
		if path != root && ignored(d.Name()) {
			return filepath.SkipDir
		}
		if folders++; folders > maxFolders {
			return fmt.Errorf("more than %d folders; preview the folder that holds app.json", maxFolders)
		}
		return w.Add(path)
	})
}

// ignored names files and folders that are no part of a package.
func ignored(name string) bool {
	return strings.HasPrefix(name, ".") || name == "node_modules" || strings.HasSuffix(name, "~") || strings.HasSuffix(name, ".swp")
}
