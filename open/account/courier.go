package account

import (
	"context"
	"fmt"

	"minimart/platform/fault"
)

// Courier brings short messages to logins: by e-mail, by SMS, or, in the demo, to the screen. It returns when the message is
// handed over, not when it is read. app wires one.
type Courier interface {
	Deliver(ctx context.Context, m Message) error
}

// Purpose is what a message is for.
type Purpose string

// The messages there are.
const (
	SignUpCode        Purpose = "sign-up"            // Code proves the login
	AlreadyRegistered Purpose = "already-registered" // somebody tried to sign up with a login that has an account
	SignUpClosed      Purpose = "sign-up-closed"     // accounts are made by invitation alone, and there is none
	ResetCode         Purpose = "reset"              // Code allows another password
	NoAccount         Purpose = "no-account"         // somebody asked for another password where there is no account
	InvitationLink    Purpose = "invitation"         // Token lets the login join Organisation
)

// Message is one message to one login. Code and Token are secrets of its reader: they belong into no log.
type Message struct {
	To           Login
	Language     fault.Language
	Purpose      Purpose
	Code         string // eight digits, or ""
	Token        string // for the address of an invitation, or ""
	Organisation string // name, or ""
	ExpiresAt    int64  // unix ms, 0 when nothing runs out
}

var messageTexts = map[Purpose]map[fault.Language]string{
	SignUpCode: {
		fault.En: "Your code to sign up is %s. It holds for ten minutes. If you did not ask for it, do nothing.",
		fault.Zh: "您的注册验证码是 %s，十分钟内有效。如非本人操作，请忽略。",
	},
	AlreadyRegistered: {
		fault.En: "Somebody, perhaps you, tried to sign up with this login. It has an account already: sign in, or ask for another password.",
		fault.Zh: "有人（可能是您本人）尝试用此账号注册。该账号已存在：请直接登录，或重设密码。",
	},
	SignUpClosed: {
		fault.En: "Somebody, perhaps you, tried to sign up with this login. This platform takes invited members only: ask an organisation to invite you.",
		fault.Zh: "有人（可能是您本人）尝试用此账号注册。本平台仅接受受邀成员：请让您所在的组织邀请您。",
	},
	ResetCode: {
		fault.En: "Your code for another password is %s. It holds for ten minutes. If you did not ask for it, do nothing.",
		fault.Zh: "您的重设密码验证码是 %s，十分钟内有效。如非本人操作，请忽略。",
	},
	NoAccount: {
		fault.En: "Somebody, perhaps you, asked for another password for this login. There is no account with it: sign up first.",
		fault.Zh: "有人（可能是您本人）申请重设此账号的密码。该账号尚未注册：请先注册。",
	},
	InvitationLink: {
		fault.En: "You are invited to join “%s”. The link holds for seven days and for this login only.",
		fault.Zh: "您被邀请加入“%s”。链接七天内有效，仅限此账号使用。",
	},
}

// Text is the message in words, in its reader's language; the address that an invitation needs is the courier's to add.
func (m Message) Text() string {
	text := messageTexts[m.Purpose][m.Language]
	if text == "" {
		text = messageTexts[m.Purpose][fault.En]
	}
	switch m.Purpose {
	case SignUpCode, ResetCode:
		return fmt.Sprintf(text, m.Code)
	case InvitationLink:
		return fmt.Sprintf(text, m.Organisation)
	}
	return text
}
