package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// Version is set when a release is built: -ldflags "-X minimart/app.Version=v1.2.3".
var Version = "development"

type commands struct {
	Demo     demoCommand     `cmd:"" help:"Start everything on embedded defaults, with official cases to click through."`
	Serve    serveCommand    `cmd:"" help:"Run the platform."`
	Migrate  migrateCommand  `cmd:"" help:"Bring the database's tables up to date, and stop."`
	Operator operatorCommand `cmd:"" help:"Make the operator of the platform, with its first owner."`
	Doctor   doctorCommand   `cmd:"" help:"Say what is present, what is missing, and what follows."`
	Build    buildCommand    `cmd:"" help:"Compile a mini program and report every error in it at once."`
	Preview  previewCommand  `cmd:"" help:"Serve one mini program from its folder: rebuild on save, logs with source lines."`
	Upload   uploadCommand   `cmd:"" help:"Send a mini program to a platform: it is compiled there, becomes a version and goes on trial."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

// streams are where a command reads from and writes to.
type streams struct {
	out, err io.Writer
}

// exitError ends the program with a status of its own, after the command has said why.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// Main runs one command and returns the process's exit status: 0 success, 1 failure, 2 wrong use.
func Main(args []string, out, err io.Writer) int {
	var cli commands
	exit := -1
	parser, buildErr := kong.New(&cli, kong.Name("minimart"), kong.Writers(out, err), kong.UsageOnError(),
		kong.Description("An open platform for mini programs with commerce, on your own machine."),
		kong.Exit(func(code int) { exit = code }),
		kong.Vars{"data": defaultDataDir()})
	if buildErr != nil {
		panic(buildErr) // the struct tags above are wrong
	}
	parsed, parseErr := parser.Parse(args)
	if exit >= 0 { // --help
		return exit
	}
	if parseErr != nil {
		fmt.Fprintf(err, "minimart: %v\nminimart --help lists the commands and their flags\n", parseErr)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	parsed.BindTo(ctx, (*context.Context)(nil))
	runErr := parsed.Run(streams{out, err})
	var status exitError
	switch {
	case runErr == nil:
		return 0
	case errors.As(runErr, &status):
		return int(status)
	default:
		fmt.Fprintf(err, "minimart: %v\n", runErr)
		return 1
	}
}

type versionCommand struct{}

func (versionCommand) Run(s streams) error {
	fmt.Fprintln(s.out, "minimart", Version)
	return nil
}

// newLogger writes structured lines from a level on: text for people at a terminal, JSON for machines.
func newLogger(w io.Writer, format string, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
