package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"minimart/open/gateway/gatewaydb"
	"minimart/platform/outside"
)

const (
	// responseRead is how much of an answer is read, responseKept how much of it goes into the log.
	responseRead = 64 << 10
	responseKept = 2 << 10
)

// result is what came of an attempt.
type result struct {
	startedAt  time.Time
	took       time.Duration
	status     int    // HTTP, 0 when there was no answer
	failure    string // "" when it was taken; else a word for programs, and what it was: "timeout: no answer within 15s"
	response   string
	retryAfter time.Duration
	gone       bool
}

// send makes one attempt.
// Errors: only our own; whatever the endpoint does is a result.
func (s *Service) send(ctx context.Context, endpoint gatewaydb.GatewayEndpoint, delivery gatewaydb.GatewayDelivery) (result, error) {
	now := s.clock.Now()
	signatures, err := s.signatures(endpoint, delivery, now)
	if err != nil {
		return result{}, err
	}
	r := result{startedAt: now}
	// The rules may have become stricter since the URL was taken.
	if _, err := checkURL(endpoint.Url, s.options.Allow); err != nil {
		r.failure = "not_allowed: the URL is no longer allowed"
		return r, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint.Url, bytes.NewReader([]byte(delivery.Payload)))
	if err != nil {
		return result{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Minimart-Webhook/1")
	req.Header.Set("Webhook-Id", delivery.ID)
	req.Header.Set("Webhook-Timestamp", strconv.FormatInt(now.Unix(), 10))
	req.Header.Set("Webhook-Signature", signatures)
	began := time.Now() // durations are about sockets, so by the machine's clock
	resp, err := s.client.Do(req)
	if err != nil {
		r.took = time.Since(began)
		r.failure = s.explain(err)
		return r, nil
	}
	defer func() { _ = resp.Body.Close() }() // what matters was read
	// An answer that breaks off is an answer: its status is what counts.
	body, err := io.ReadAll(io.LimitReader(resp.Body, responseRead))
	r.took = time.Since(began)
	r.status = resp.StatusCode
	r.response = readable(body)
	switch {
	case resp.StatusCode >= 200 && resp.StatusCode < 300:
		if err != nil && isTimeout(err) {
			r.failure = s.explain(err)
		}
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		r.failure = "redirect: redirects are not followed; give the final URL"
	default:
		r.failure = "status: the answer was " + strconv.Itoa(resp.StatusCode)
		r.gone = resp.StatusCode == http.StatusGone
	}
	if r.failure != "" {
		r.retryAfter = retryAfter(resp.Header.Get("Retry-After"))
	}
	return r, nil
}

// signatures are the signature with the secret, and with the one before while it is valid.
func (s *Service) signatures(endpoint gatewaydb.GatewayEndpoint, delivery gatewaydb.GatewayDelivery, now time.Time) (string, error) {
	sealed := []string{endpoint.Secret}
	if endpoint.PreviousSecret != "" && now.UnixMilli() < endpoint.PreviousUntil {
		sealed = append(sealed, endpoint.PreviousSecret)
	}
	var out []string
	for _, text := range sealed {
		secret, err := s.box.Unseal(sealPlace(endpoint.ID), text)
		if err != nil {
			return "", err
		}
		signature, err := Sign(secret, delivery.ID, now.Unix(), []byte(delivery.Payload))
		if err != nil {
			return "", err
		}
		out = append(out, signature)
	}
	return strings.Join(out, " "), nil
}

// explain says what went wrong, and nothing about our own network: where a name leads from here is not for outsiders.
func (s *Service) explain(err error) string {
	var inside *outside.NotPublicError
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &inside):
		return "not_public: the host does not lead to a public address"
	case isTimeout(err):
		return "timeout: no answer within " + s.options.Timeout.String()
	case errors.As(err, &dns):
		return "dns: the host cannot be resolved"
	case errors.As(err, &certificate):
		return "tls: the certificate is not valid for this host"
	case errors.As(err, &record), errors.As(err, &alert), errors.Is(err, http.ErrSchemeMismatch):
		return "tls: the server does not speak TLS as it should"
	}
	return "connection: the server cannot be reached, or broke off"
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// readable is the beginning of an answer as text that a database and a page can hold.
func readable(body []byte) string {
	if len(body) > responseKept {
		body = body[:responseKept]
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(body), "\uFFFD"))
}

// retryAfter reads the header as seconds; as a date it would need the other's clock to be right.
func retryAfter(header string) time.Duration {
	n, err := strconv.ParseUint(strings.TrimSpace(header), 10, 31)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}
