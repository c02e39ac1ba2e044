package courier

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"minimart/platform/fault"
	"minimart/platform/id"
)

// SMS sends messages to phones through a service of the operator's that speaks to its provider: no two providers speak
// alike, and each wants contracts, templates and signatures of its own. What it gets is a POST with the JSON object
// {"phone", "text", "code"}, signed as a webhook by Standard Webhooks 1.0; it answers 2xx when the message is accepted.
type SMS struct {
	url    string
	secret []byte
	client *http.Client
	now    func() time.Time
}

// NewSMS is a courier over the service at address. The secret, 16 bytes or more, signs what is sent. The address is https;
// plain http reaches this machine alone.
// Errors: what is wrong with address or secret.
func NewSMS(address, secret string) (*SMS, error) {
	u, err := url.Parse(address)
	local := err == nil && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1")
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return nil, fmt.Errorf("the SMS service's address must look like https://sms.example/send")
	}
	if len(secret) < 16 {
		return nil, fmt.Errorf("the SMS service's secret has %d bytes; take 16 or more", len(secret))
	}
	return &SMS{url: address, secret: []byte(secret), now: time.Now, client: &http.Client{
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Deliver hands m to the service.
// Errors: unavailable.
func (s *SMS) Deliver(ctx context.Context, m Message) error {
	if err := s.send(ctx, m); err != nil {
		return fault.Unavailable(smsFailed).WithCause(err)
	}
	return nil
}

func (s *SMS) send(ctx context.Context, m Message) error {
	body, err := json.Marshal(map[string]string{"phone": m.To, "text": m.body(), "code": m.Code})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	message, at := id.New("msg"), strconv.FormatInt(s.now().Unix(), 10)
	mac := hmac.New(sha256.New, s.secret)
	fmt.Fprintf(mac, "%s.%s.%s", message, at, body)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("webhook-id", message)
	r.Header.Set("webhook-timestamp", at)
	r.Header.Set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	answer, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		said, _ := io.ReadAll(io.LimitReader(answer.Body, 300)) // as much as there is: it is for the log
		return fmt.Errorf("the SMS service answered %s: %q", answer.Status, said)
	}
	return nil
}
