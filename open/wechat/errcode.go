package wechat

import (
	"context"
	"fmt"
	"time"

	"minimart/platform/fault"
	"minimart/platform/httpapi"
)

// refusal is an answer with an errcode. The codes and the words they begin with are those of WeChat's documentation, because
// clients look at both.
type refusal struct {
	Code    int    `json:"errcode"`
	Message string `json:"errmsg"`
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s", r.Code, r.Message) }

// The refusals there are.
var (
	systemBusy       = refusal{-1, "system error"}
	badCredential    = refusal{40001, "invalid credential, access_token is invalid or not latest"}
	badGrantType     = refusal{40002, "invalid grant_type"}
	badOpenID        = refusal{40003, "invalid openid"}
	badAppID         = refusal{40013, "invalid appid"}
	badCode          = refusal{40029, "invalid code"}
	badArgs          = refusal{40097, "invalid args"}
	badSecret        = refusal{40125, "invalid appsecret"}
	usedCode         = refusal{40163, "code been used"}
	badAddress       = refusal{40164, "invalid ip, not in whitelist"}
	shutOut          = refusal{40226, "user is blocked"}
	missingToken     = refusal{41001, "access_token missing"}
	missingAppID     = refusal{41002, "appid missing"}
	missingSecret    = refusal{41004, "appsecret missing"}
	missingCode      = refusal{41008, "missing code"}
	missingOpenID    = refusal{41009, "missing openid"}
	expiredToken     = refusal{42001, "access_token expired"}
	wantsGet         = refusal{43001, "require GET method"}
	wantsPost        = refusal{43002, "require POST method"}
	emptyBody        = refusal{44002, "empty post data"}
	bodyTooLarge     = refusal{45002, "content size out of limit"}
	dailyQuota       = refusal{45009, "reach max api daily quota limit"}
	minuteQuota      = refusal{45011, "api minute-quota reach limit, must slower, retry next minute"}
	badBody          = refusal{47001, "data format error"}
	notAuthorized    = refusal{48001, "api unauthorized"}
	badSignatureKind = refusal{87008, "invalid sig_method"}
	badSignature     = refusal{87009, "invalid signature"}
)

// because is r with the reason behind it, for the person who reads the log of the server that called.
func (r refusal) because(reason string) *refusal {
	r.Message += ": " + reason
	return &r
}

// is r as an error.
func (r refusal) is() *refusal { return &r }

// The mappings from faults to codes, one for each step of a call.

// ofSecret is why Keys.Present did not let a caller in.
func ofSecret(err error) error {
	f := fault.Of(err)
	switch f.Code {
	case fault.CodeNotFound:
		return badAppID.because(f.Message)
	case fault.CodeUnauthenticated:
		return badSecret.because(f.Message)
	case fault.CodeDenied:
		return badAddress.because(f.Message)
	}
	return ofAny(f)
}

// ofToken is why Keys.Recall did not let a caller in.
func ofToken(err error) error {
	f := fault.Of(err)
	switch f.Code {
	case fault.CodeNotFound, fault.CodeUnauthenticated:
		return badCredential.because(f.Message)
	case fault.CodeDenied:
		return badAddress.because(f.Message)
	}
	return ofAny(f)
}

// ofCode is why a code was not exchanged.
func ofCode(err error) error {
	f := fault.Of(err)
	switch f.Code {
	case fault.CodeInvalid, fault.CodeNotFound:
		return badCode.because(f.Message)
	case fault.CodeConflict:
		return usedCode.because(f.Message)
	case fault.CodeDenied:
		return shutOut.because(f.Message)
	}
	return ofAny(f)
}

// ofSession is why a session was not looked at.
func ofSession(err error) error {
	f := fault.Of(err)
	switch f.Code {
	case fault.CodeInvalid, fault.CodeNotFound:
		return badOpenID.because(f.Message)
	case fault.CodeDenied:
		return badSignature.because(f.Message)
	}
	return ofAny(f)
}

// ofAny is what is left: a scope or a capability that is missing, a quota, and what went wrong here.
func ofAny(err error) error {
	f := fault.Of(err)
	switch f.Code {
	case fault.CodeDenied:
		return notAuthorized.because(f.Message)
	case fault.CodeExhausted:
		if f.RetryAfter > time.Minute {
			return dailyQuota.because(f.Message)
		}
		return minuteQuota.because(f.Message)
	case fault.CodeInvalid:
		return badArgs.because(f.Message)
	}
	return f
}

// answerOf is the refusal that an error is. What went wrong here goes to the log, without a word of what the caller sent.
func answerOf(ctx context.Context, err error) refusal {
	r, ok := err.(*refusal) //nolint:errorlint // made by this room and never wrapped
	if !ok {
		f := fault.Of(err)
		httpapi.Log(ctx).ErrorContext(ctx, "wechat: a call failed", "fault", f)
		r = systemBusy.is()
	}
	out := *r
	if id := httpapi.RequestID(ctx); id != "" {
		out.Message += " rid: " + id // WeChat's answers end like this too
	}
	return out
}
