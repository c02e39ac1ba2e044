package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"minimart/open/account"
	"minimart/platform/clock"
	"minimart/platform/courier"
)

type operatorCommand struct {
	platformFlags
	Login        string `help:"E-mail address or phone number of the first owner." required:""`
	Name         string `help:"What the owner is called." required:""`
	Organisation string `help:"What the operator's organisation is called." default:"平台运营中心"`
	Password     string `help:"Password of the owner; asked for, or read from standard input, when it is not given." env:"MINIMART_OPERATOR_PASSWORD"`
}

// Run makes the operator's organisation with its first owner, once. It needs no running platform and disturbs none.
func (c operatorCommand) Run(ctx context.Context, s streams) (err error) {
	if c.Password == "" {
		if c.Password, err = askPassword(os.Stdin, s.err); err != nil {
			return err
		}
	}
	d, err := openDatabase(ctx, c.platformFlags)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	accounts := account.New(account.Config{DB: d, Courier: consoleMessages{courier: courier.ByKind{}}, Clock: clock.System})
	operator, made, err := accounts.Bootstrap(ctx, c.Organisation, account.NewPerson{Login: c.Login, Name: c.Name, Password: c.Password})
	if err != nil {
		return err
	}
	if !made {
		return fmt.Errorf("there is an operator already: %s; its owners invite others in the console", operator.Name)
	}
	fmt.Fprintf(s.out, "%s is the operator; %s signs in at /console/\n", operator.Name, c.Login)
	return nil
}

// askPassword asks at a terminal without showing what is typed, and reads one line from anything else.
func askPassword(in *os.File, prompt io.Writer) (string, error) {
	if !term.IsTerminal(int(in.Fd())) {
		line, err := bufio.NewReader(io.LimitReader(in, 4<<10)).ReadString('\n')
		if line = strings.TrimRight(line, "\r\n"); line == "" {
			return "", fmt.Errorf("a password is needed: --password, MINIMART_OPERATOR_PASSWORD, or a line on standard input: %w", err)
		}
		return line, nil
	}
	fmt.Fprint(prompt, "Password: ")
	typed, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(prompt)
	return string(typed), err
}
