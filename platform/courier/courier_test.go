package courier_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"minimart/platform/courier"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
)

func TestEveryTextIsTranslated(t *testing.T) { faulttest.Translated(t) }

// postOffice is an SMTP server that keeps what it is handed.
type postOffice struct {
	letters chan string
	refuse  bool
}

func (p *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return &postSession{p, ""}, nil }

type postSession struct {
	office *postOffice
	to     string
}

func (s *postSession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *postSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.office.refuse {
		return errors.New("mailbox is full")
	}
	s.to = to
	return nil
}
func (s *postSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.office.letters <- s.to + "\n" + string(b)
	return err
}
func (*postSession) Reset()        {}
func (*postSession) Logout() error { return nil }

// openPostOffice listens; encrypted from the first byte where tls says so, by STARTTLS where start does, in the clear otherwise.
func openPostOffice(t *testing.T, secure, start bool) (*postOffice, string, *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	own := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}

	office := &postOffice{letters: make(chan string, 8)}
	server := smtp.NewServer(office)
	server.Domain, server.ErrorLog = "localhost", quiet{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if secure {
		l = tls.NewListener(l, own)
	} else if start {
		server.TLSConfig = own
	}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return office, l.Addr().String(), &tls.Config{RootCAs: roots, ServerName: "127.0.0.1"}
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func TestMailArrivesAsItWasWrittenAndEncrypted(t *testing.T) {
	for scheme, secure := range map[string]bool{"smtps": true, "smtp": false} {
		t.Run(scheme, func(t *testing.T) {
			office, address, trust := openPostOffice(t, secure, !secure)
			c, err := courier.NewMail(scheme+"://"+address, "小集 <no-reply@mall.example>", trust)
			if err != nil {
				t.Fatal(err)
			}
			m := courier.Message{To: "li@shop.example", Subject: "验证码", Text: "您的验证码是 12345678。", Link: "https://mall.example/console/"}
			if err := c.Deliver(t.Context(), m); err != nil {
				t.Fatal(errors.Unwrap(err))
			}
			to, letter, _ := strings.Cut(<-office.letters, "\n")
			read, err := mail.ReadMessage(strings.NewReader(letter))
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(quotedprintable.NewReader(read.Body))
			subject, _ := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject"))
			if want := "您的验证码是 12345678。\r\n\r\nhttps://mall.example/console/"; to != m.To || subject != m.Subject || strings.TrimSpace(strings.ReplaceAll(string(body), "\r\n", "\n")) != strings.ReplaceAll(want, "\r\n", "\n") {
				t.Errorf("to %s, %s: %q", to, subject, body)
			}
		})
	}
}

func TestMailNeverLeavesInTheClearAndNeverComesApart(t *testing.T) {
	_, address, trust := openPostOffice(t, false, false)
	c, err := courier.NewMail("smtp://"+address, "no-reply@mall.example", trust)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Deliver(t.Context(), courier.Message{To: "li@shop.example", Subject: "x", Text: "x"}); !fault.Is(err, fault.CodeUnavailable) {
		t.Errorf("to a server without encryption: %v", err)
	}
	office, address, trust := openPostOffice(t, true, false)
	if c, err = courier.NewMail("smtps://"+address, "no-reply@mall.example", trust); err != nil {
		t.Fatal(err)
	}
	_ = c.Deliver(t.Context(), courier.Message{To: "li@shop.example\r\nBcc: all@shop.example", Subject: "x", Text: "x"})
	_ = c.Deliver(t.Context(), courier.Message{To: "li@shop.example", Subject: "x\r\nBcc: all@shop.example", Text: "x"})
	for len(office.letters) > 0 {
		letter := <-office.letters
		_, letter, _ = strings.Cut(letter, "\n")
		if read, err := mail.ReadMessage(strings.NewReader(letter)); err != nil || read.Header.Get("Bcc") != "" {
			t.Errorf("a header was added: %v\n%s", err, letter)
		}
	}
	office.refuse = true
	if err := c.Deliver(t.Context(), courier.Message{To: "li@shop.example", Subject: "x", Text: "secret"}); !fault.Is(err, fault.CodeUnavailable) || strings.Contains(fmt.Sprint(err, errors.Unwrap(err)), "secret") {
		t.Errorf("refused by the server: %v", err)
	}
}

func TestSMSIsSignedAndFollowsNobodyElsewhere(t *testing.T) {
	const secret = "a secret of the operator"
	status, elsewhere := http.StatusOK, 0
	var got map[string]string
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/elsewhere" {
			elsewhere++
			return
		}
		body, _ := io.ReadAll(r.Body)
		mac := hmac.New(sha256.New, []byte(secret))
		fmt.Fprintf(mac, "%s.%s.%s", r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp"), body)
		if r.Header.Get("webhook-signature") != "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
			t.Errorf("signature %s", r.Header.Get("webhook-signature"))
		}
		if err := json.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
		w.Header().Set("Location", server.URL+"/elsewhere")
		w.WriteHeader(status)
	}))
	defer server.Close()
	c, err := courier.NewSMS(server.URL+"/send", secret)
	if err != nil {
		t.Fatal(err)
	}
	m := courier.Message{To: "+8613800138000", Text: "验证码 123456", Code: "123456"}
	if err := c.Deliver(t.Context(), m); err != nil || got["phone"] != m.To || got["code"] != "123456" || got["text"] != m.Text {
		t.Errorf("%v, %v", got, err)
	}
	for _, status = range []int{http.StatusTemporaryRedirect, http.StatusInternalServerError} {
		if err := c.Deliver(t.Context(), m); !fault.Is(err, fault.CodeUnavailable) {
			t.Errorf("%d: %v", status, err)
		}
	}
	if elsewhere > 0 {
		t.Error("the message went elsewhere")
	}
}

func TestWhatIsSetUpWronglyIsSaid(t *testing.T) {
	for _, address := range []string{"", "mail.example", "http://mail.example", "smtp://", "smtps://mail.example/path", "smtp://mail.example:99999"} {
		if _, err := courier.NewMail(address, "no-reply@mall.example"); err == nil {
			t.Errorf("mail server %q is taken", address)
		}
	}
	if _, err := courier.NewMail("smtps://mail.example", "nobody"); err == nil {
		t.Error("a sender that is none is taken")
	}
	for _, address := range []string{"", "sms.example", "http://sms.example/", "file:///etc/passwd"} {
		if _, err := courier.NewSMS(address, "a secret of the operator"); err == nil {
			t.Errorf("SMS service %q is taken", address)
		}
	}
	if _, err := courier.NewSMS("https://sms.example/", "short"); err == nil {
		t.Error("a short secret is taken")
	}
	for _, to := range []string{"li@shop.example", "+8613800138000"} {
		if err := (courier.ByKind{}).Deliver(t.Context(), courier.Message{To: to}); !fault.Is(err, fault.CodeUnavailable) {
			t.Errorf("%s: %v", to, err)
		}
	}
}

func TestTheScreenShowsTheNewestFirstForAnHour(t *testing.T) {
	now := time.Date(2026, 6, 18, 9, 0, 0, 0, time.UTC)
	s := &courier.Screen{Now: func() time.Time { return now }}
	for i := range 300 {
		_ = s.Deliver(context.Background(), courier.Message{To: fmt.Sprint("reader", i%2), Text: fmt.Sprint(i)})
	}
	if got := s.To("reader1"); len(got) != 100 || got[0].Text != "299" {
		t.Errorf("%d messages", len(got))
	}
	if got := s.To("nobody"); got == nil || len(got) != 0 {
		t.Errorf("to nobody: %v", got)
	}
	now = now.Add(61 * time.Minute)
	if got := s.To("reader1"); len(got) != 0 {
		t.Errorf("an hour later: %d", len(got))
	}
}
