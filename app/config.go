package app

import (
	"net/url"
	"path/filepath"
)

// platformFlags are the settings of demo, serve, migrate and doctor. Each may also be given by its environment variable.
type platformFlags struct {
	Data      string `help:"Folder for everything the platform keeps." default:"${data}" env:"MINIMART_DATA" type:"path"`
	Listen    string `help:"Address to listen on." default:"127.0.0.1:8080" env:"MINIMART_LISTEN"`
	Database  string `help:"Database: sqlite:FILE or postgres://… (default: a SQLite file in the data folder)." env:"MINIMART_DATABASE"`
	Bus       string `help:"NATS cluster to use instead of the one inside the process: nats://…" env:"MINIMART_BUS"`
	Blobs     string `help:"Where files are kept: file:DIR or s3://BUCKET?… (default: a folder in the data folder)." env:"MINIMART_BLOBS"`
	PublicURL string `help:"Address people reach the platform at, when it stands behind a proxy: https://…" env:"MINIMART_PUBLIC_URL"`
	LogFormat string `help:"Format of log lines." enum:"text,json" default:"text" env:"MINIMART_LOG_FORMAT"`
}

func (f platformFlags) databaseURL() string {
	if f.Database != "" {
		return f.Database
	}
	return "sqlite:" + filepath.Join(f.Data, "minimart.db")
}

func (f platformFlags) blobsURL() string {
	if f.Blobs != "" {
		return f.Blobs
	}
	return "file:" + filepath.Join(f.Data, "blobs")
}

// redactURL hides the password of a URL that is about to be shown.
func redactURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.User == nil {
		return raw
	}
	return u.Redacted()
}
