package app

import (
	"os"
	"path/filepath"
	"runtime"
)

// defaultDataDir is where the platform keeps its files when nobody says otherwise: the user's data directory, as each
// system has it.
func defaultDataDir() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return "minimart-data"
	}
	switch runtime.GOOS {
	case "windows":
		if local := os.Getenv("LocalAppData"); local != "" {
			return filepath.Join(local, "minimart")
		}
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "minimart")
	default:
		if data := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
			return filepath.Join(data, "minimart")
		}
	}
	return filepath.Join(home, ".local", "share", "minimart")
}
