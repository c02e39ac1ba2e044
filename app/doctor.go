package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"minimart/platform/courier"
	"minimart/platform/db"
	"minimart/web"
)

type doctorCommand struct {
	platformFlags
	JSON bool `help:"Print JSON."`
}

// symptom is one line of the doctor's report.
type symptom struct {
	Name     string `json:"name"`
	OK       bool   `json:"ok"`
	Required bool   `json:"required"` // to run the platform; the rest is for developing and testing it
	Found    string `json:"found"`
	Follows  string `json:"follows,omitempty"` // what follows from it being missing, and the way out
}

func (c doctorCommand) Run(ctx context.Context, s streams) error {
	symptoms := []symptom{
		{Name: "minimart", OK: true, Required: true, Found: fmt.Sprintf("%s, %s, %s/%s", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)},
		examineBundles(),
		examineDataDir(c.Data),
		examineDatabase(ctx, c.databaseURL()),
		examineAddress(ctx, c.Listen),
		examineMail(c.platformFlags),
		examineSMS(c.platformFlags),
		examineProgram("Chromium", "browser tests are skipped; install the package chromium", "chromium", "chromium-browser", "google-chrome"),
		examineProgram("PostgreSQL server", "tests on PostgreSQL are skipped and the platform runs on SQLite; install the package postgresql", postgresNames()...),
		examineProgram("Node.js", "browser code cannot be rebuilt or type-checked; running needs none", "node"),
		examineProgram("npm", "browser code and examples/taro-shop cannot be rebuilt; running needs none", "npm"),
	}
	healthy := true
	for _, x := range symptoms {
		healthy = healthy && (x.OK || !x.Required)
	}
	if c.JSON {
		if err := json.NewEncoder(s.out).Encode(map[string]any{"healthy": healthy, "checks": symptoms}); err != nil {
			return err
		}
	} else {
		w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		for _, x := range symptoms {
			mark := "ok"
			if !x.OK {
				mark = "missing"
				if x.Required {
					mark = "FAILS"
				}
			}
			fmt.Fprintf(w, "%s\t%s\t%s\n", mark, x.Name, x.Found)
			if !x.OK {
				fmt.Fprintf(w, "\t\t→ %s\n", x.Follows)
			}
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	if !healthy {
		return exitError(1)
	}
	return nil
}

func examineMail(f platformFlags) symptom {
	x := symptom{Name: "mail server", Found: "none", Follows: "nobody can sign up or reset a password by e-mail; set --smtp (a demo shows codes on its pages)"}
	if f.SMTP == "" {
		return x
	}
	if _, err := courier.NewMail(f.SMTP, f.MailFrom); err != nil {
		x.Found, x.Follows = err.Error(), "mend --smtp and --mail-from"
		return x
	}
	x.OK, x.Found = true, redactURL(f.SMTP)+" as "+f.MailFrom
	return x
}

func examineSMS(f platformFlags) symptom {
	x := symptom{Name: "SMS service", Found: "none", Follows: "consumers cannot sign in by phone; set --sms (a demo shows codes on its pages)"}
	if f.SMS == "" {
		return x
	}
	if _, err := courier.NewSMS(f.SMS, f.SMSSecret); err != nil {
		x.Found, x.Follows = err.Error(), "mend --sms and what signs its requests"
		return x
	}
	x.OK, x.Found = true, redactURL(f.SMS)
	return x
}

func examineBundles() symptom {
	x := symptom{Name: "browser bundles", Required: true, Follows: "run make web, then build minimart again"}
	view, worker := len(web.ViewRuntime()), len(web.WorkerRuntime())
	x.OK = view > 0 && worker > 0
	x.Found = fmt.Sprintf("view runtime %d bytes, worker runtime %d bytes", view, worker)
	return x
}

func examineDataDir(dir string) symptom {
	x := symptom{Name: "data directory", Required: true, Found: dir, Follows: "choose a folder you may write to: --data DIR"}
	// The nearest folder that exists tells whether the rest can be made; nothing is created.
	at := dir
	for {
		stat, err := os.Stat(at)
		if err == nil {
			if !stat.IsDir() {
				x.Found = at + " is a file"
				return x
			}
			break
		}
		if !os.IsNotExist(err) || at == filepath.Dir(at) {
			x.Found = err.Error()
			return x
		}
		at = filepath.Dir(at)
	}
	probe, err := os.CreateTemp(at, ".minimart-doctor-*")
	if err != nil {
		x.Found = fmt.Sprintf("%s: %s is not writable", dir, at)
		return x
	}
	probe.Close()
	_ = os.Remove(probe.Name())
	x.OK = true
	if at != dir {
		x.Found = dir + " (will be created)"
	}
	return x
}

func examineDatabase(ctx context.Context, url string) symptom {
	x := symptom{Name: "database", Required: true, Found: redactURL(url), Follows: "start the database server, or check --database"}
	file, isFile := strings.CutPrefix(url, "sqlite:")
	if isFile {
		if _, err := os.Stat(file); err != nil {
			x.OK, x.Found = true, file+" (will be created)"
			return x
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	d, err := db.Open(ctx, url)
	if err == nil {
		err = d.Ping(ctx)
		_ = d.Close()
	}
	if err != nil {
		x.Found = fmt.Sprintf("%s: %v", redactURL(url), err)
		return x
	}
	x.OK = true
	return x
}

func examineAddress(ctx context.Context, address string) symptom {
	x := symptom{Name: "address", Required: true, Found: address, Follows: "something else listens there, a running minimart perhaps; choose another with --listen"}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		x.Found = err.Error()
		return x
	}
	_ = l.Close()
	x.OK = true
	return x
}

func examineProgram(name, follows string, candidates ...string) symptom {
	x := symptom{Name: name, Found: "not found", Follows: follows}
	for _, candidate := range candidates {
		path, err := exec.LookPath(candidate)
		if err != nil {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		out, err := exec.CommandContext(ctx, path, "--version").Output()
		cancel()
		if err != nil {
			x.Found = fmt.Sprintf("%s does not run: %v", path, err)
			continue
		}
		first, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
		x.OK, x.Found = true, first
		return x
	}
	return x
}

func postgresNames() []string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	return append(found, "postgres")
}
