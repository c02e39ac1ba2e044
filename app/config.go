package app

import (
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
)

// platformFlags are the settings of demo, serve, migrate and doctor. Each may also be given by its environment variable.
type platformFlags struct {
	Data      string   `help:"Folder for everything the platform keeps." default:"${data}" env:"MINIMART_DATA" type:"path"`
	Listen    string   `help:"Address to listen on." default:"127.0.0.1:8080" env:"MINIMART_LISTEN"`
	Database  string   `help:"Database: sqlite:FILE or postgres://… (default: a SQLite file in the data folder)." env:"MINIMART_DATABASE"`
	Bus       string   `help:"NATS cluster to use instead of the one inside the process: nats://…" env:"MINIMART_BUS"`
	Blobs     string   `help:"Where files are kept: file:DIR or s3://BUCKET?… (default: a folder in the data folder)." env:"MINIMART_BLOBS"`
	PublicURL string   `help:"Address people reach the platform at, when it stands behind a proxy: https://…" env:"MINIMART_PUBLIC_URL"`
	Proxies   []string `name:"trusted-proxy" help:"Network of a proxy in front of the platform, as 10.0.0.0/8: it is believed about where requests come from. Repeat it for more." env:"MINIMART_TRUSTED_PROXIES" placeholder:"CIDR"`
	SMTP      string   `help:"Mail server for codes and invitations: smtps://USER:PASSWORD@HOST, or smtp:// with STARTTLS." env:"MINIMART_SMTP"`
	MailFrom  string   `help:"Whom e-mails come from." default:"Minimart <no-reply@localhost>" env:"MINIMART_MAIL_FROM"`
	SMS       string   `help:"Your service that sends SMS; gets signed POST requests with phone, text and code: https://…" env:"MINIMART_SMS"`
	SMSSecret string   `help:"Secret that signs the requests to the SMS service, 16 bytes or more." env:"MINIMART_SMS_SECRET"`
	LogFormat string   `help:"Format of log lines." enum:"text,json" default:"text" env:"MINIMART_LOG_FORMAT"`
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

// proxies are the networks of the proxies in front.
func (f platformFlags) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range f.Proxies {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxy: %w; write it like 10.0.0.0/8", err)
		}
		out = append(out, p)
	}
	return out, nil
}

// secretsFile holds the key that secrets in the database are sealed with.
func (f platformFlags) secretsFile() string { return filepath.Join(f.Data, "secrets.key") }

// redactURL hides the password of a URL that is about to be shown.
func redactURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.User == nil {
		return raw
	}
	return u.Redacted()
}
