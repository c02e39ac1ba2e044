package courier

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"

	"minimart/platform/fault"
)

// Mail sends e-mail through an SMTP server.
type Mail struct {
	client *mail.Client
	from   string
}

// NewMail is a courier over the server at address: smtps://user:password@host (TLS from the first byte, port 465), or
// smtp://user:password@host (STARTTLS, which the server must offer, port 587). from is who the mail comes from:
// "Minimart <no-reply@mall.example>". More tls settings than the system's are for tests.
// Errors: what is wrong with address or from.
func NewMail(address, from string, tlsConfig ...*tls.Config) (*Mail, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		return nil, fmt.Errorf("the mail server's address must look like smtps://user:password@mail.example or smtp://user:password@mail.example:587")
	}
	options := []mail.Option{mail.WithTimeout(20 * time.Second), mail.WithoutNoop()}
	if u.Scheme == "smtps" {
		options = append(options, mail.WithSSLPort(false))
	} else {
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory), mail.WithPort(587))
	}
	if u.Port() != "" {
		port, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil {
			return nil, fmt.Errorf("the mail server's port %s is no number from 1 to 65535", u.Port())
		}
		options = append(options, mail.WithPort(int(port)))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	for _, c := range tlsConfig {
		options = append(options, mail.WithTLSConfig(c))
	}
	m := &Mail{from: from}
	if m.client, err = mail.NewClient(u.Hostname(), options...); err != nil {
		return nil, fmt.Errorf("mail server: %w", err)
	}
	if err := mail.NewMsg().From(from); err != nil {
		return nil, fmt.Errorf("the sender of e-mails: %w", err)
	}
	return m, nil
}

// Deliver hands m to the server.
// Errors: unavailable.
func (c *Mail) Deliver(ctx context.Context, m Message) error {
	letter := mail.NewMsg(mail.WithEncoding(mail.EncodingQP))
	if err := letter.From(c.from); err != nil {
		return fault.Unavailable(mailFailed).WithCause(err)
	}
	if err := letter.To(m.To); err != nil {
		return fault.Unavailable(mailFailed).WithCause(err)
	}
	letter.Subject(m.Subject)
	letter.SetBodyString(mail.TypeTextPlain, m.body())
	// A client holds one connection; messages go side by side.
	if err := c.client.DialAndSendWithContext(ctx, letter); err != nil {
		return fault.Unavailable(mailFailed).WithCause(err)
	}
	return nil
}
