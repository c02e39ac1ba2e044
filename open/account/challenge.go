package account

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"time"

	"minimart/open/account/accountdb"
	"minimart/platform/allowance"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Challenge is a code on its way to a login. What is known of it is the same whether the login has an account or not: the
// difference is in the message, which only the login's owner reads.
type Challenge struct {
	ID        string
	ExpiresAt int64 // unix ms
}

const (
	codeHolds   = 10 * time.Minute
	codeAnswers = 5 // wrong ones
)

// StartSignUp sends a code to a login that wants an account. Anybody may call it. A login that has one already gets a
// message that says so; so does one nobody invited, where strangers may not sign up. The caller cannot tell.
// Errors: invalid for what is no login; exhausted when too many codes went to the login or were asked for from the address;
// unavailable, also when the message could not be sent.
func (s *Service) StartSignUp(ctx context.Context, login string, l fault.Language, from Visitor) (Challenge, error) {
	return s.challenge(ctx, login, l, from, SignUpCode)
}

// StartReset sends a code to a login whose owner forgot the password. Anybody may call it; the rules are those of
// [Service.StartSignUp].
func (s *Service) StartReset(ctx context.Context, login string, l fault.Language, from Visitor) (Challenge, error) {
	return s.challenge(ctx, login, l, from, ResetCode)
}

func (s *Service) challenge(ctx context.Context, text string, l fault.Language, from Visitor, purpose Purpose) (Challenge, error) {
	login, err := ParseLogin(text)
	if err != nil {
		return Challenge{}, err
	}
	if l != fault.Zh {
		l = fault.En
	}
	strangers, err := s.selfSignUp(ctx)
	if err != nil {
		return Challenge{}, err
	}
	now := clock.Millis(s.clock)
	c := Challenge{ID: id.New(ChallengePrefix), ExpiresAt: now + codeHolds.Milliseconds()}
	code := newCode(s.random)
	var message Message
	var refused *fault.Fault
	err = s.db.Update(ctx, func(tx db.Tx) (err error) {
		message = Message{To: login, Language: l, Purpose: purpose, Code: code, ExpiresAt: c.ExpiresAt}
		refused, err = allowance.Take(ctx, tx, now, codesPerAddress.At(from.Address), codesPerLogin.Of(string(purpose)+string(login)))
		if err != nil || refused != nil {
			return err
		}
		q := accountdb.New(tx)
		_, err = q.PersonByLogin(ctx, string(login))
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		known, codeHash := err == nil, hashCode(c.ID, code)
		if known != (purpose == ResetCode) { // there is a row all the same, which no code fits
			codeHash = ""
			message.Purpose, message.Code, message.ExpiresAt = AlreadyRegistered, "", 0
			if purpose == ResetCode {
				message.Purpose = NoAccount
			}
		} else if purpose == SignUpCode && !strangers {
			invited, err := q.CountInvitationsTo(ctx, accountdb.CountInvitationsToParams{Login: string(login), Now: now})
			if err != nil {
				return err
			}
			if invited == 0 {
				codeHash = ""
				message.Purpose, message.Code, message.ExpiresAt = SignUpClosed, "", 0
			}
		}
		return q.AddChallenge(ctx, accountdb.AddChallengeParams{
			ID: c.ID, Purpose: string(purpose), Login: string(login), Language: string(l), CodeHash: codeHash, CreatedAt: now, ExpiresAt: c.ExpiresAt,
		})
	})
	if err != nil {
		return Challenge{}, err
	}
	if refused != nil {
		return Challenge{}, refused
	}
	if err := s.courier.Deliver(ctx, message); err != nil {
		return Challenge{}, fault.Unavailable(notDelivered).WithCause(err)
	}
	return c, nil
}

// answer checks a code. It answers who the challenge was for, and takes one try whatever comes of it.
// Errors: invalid, field code, the same for a wrong code, one too old, one used up and one that never was; exhausted;
// unavailable.
func (s *Service) answer(ctx context.Context, challenge, code string, purpose Purpose, from Visitor) (Login, fault.Language, error) {
	var row accountdb.TryChallengeRow
	var refused *fault.Fault
	err := s.db.Update(ctx, func(tx db.Tx) (err error) {
		row = accountdb.TryChallengeRow{}
		now := clock.Millis(s.clock)
		if refused, err = allowance.Take(ctx, tx, now, answersPerAddress.At(from.Address)); err != nil || refused != nil {
			return err
		}
		if malformed := id.Check(ChallengePrefix, challenge); malformed != nil {
			challenge = "" // there is none of that name, and it is not for the database to choke on
		}
		row, err = accountdb.New(tx).TryChallenge(ctx, accountdb.TryChallengeParams{ID: challenge, Purpose: string(purpose), Most: codeAnswers, Now: now})
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return err
	})
	if err != nil {
		return "", "", err
	}
	if refused != nil {
		return "", "", refused
	}
	if subtle.ConstantTimeCompare([]byte(hashCode(challenge, code)), []byte(row.CodeHash)) != 1 {
		return "", "", fault.Invalid("code", wrongCode)
	}
	return Login(row.Login), fault.Language(row.Language), nil
}

// useUp makes the challenge worthless, once.
// Errors: invalid, field code, when another call did so before.
func useUp(ctx context.Context, tx db.Tx, challenge string) error {
	n, err := accountdb.New(tx).TakeChallenge(ctx, challenge)
	if err == nil && n == 0 {
		err = fault.Invalid("code", wrongCode)
	}
	return err
}

// Answer is what a person sends who got a code.
type Answer struct {
	Challenge string // id
	Code      string
	Name      string // of the new person; unused by a reset
	Password  string
}

// FinishSignUp makes the account of a login that proved itself, and signs its owner in.
// Errors: invalid with every field that is wrong, a wrong code among them; conflict when the login got an account meanwhile;
// exhausted after too many codes from the address; unavailable.
func (s *Service) FinishSignUp(ctx context.Context, in Answer, from Visitor) (Begun, error) {
	var c fault.Checks
	in.Name = checkPersonName(&c, in.Name)
	checkPassword(&c, in.Password, "")
	if err := c.Err(); err != nil { // before it costs a try
		return Begun{}, err
	}
	login, language, err := s.answer(ctx, in.Challenge, in.Code, SignUpCode, from)
	if err != nil {
		return Begun{}, err
	}
	if checkPassword(&c, in.Password, login); c.Failed() {
		return Begun{}, c.Err()
	}
	sealed, err := s.vault.seal(ctx, in.Password)
	if err != nil {
		return Begun{}, err
	}
	p := Person{ID: id.New(PersonPrefix), Login: login, Name: in.Name, Language: language, CreatedAt: clock.Millis(s.clock)}
	begun := s.newSession(p.ID, from)
	err = s.db.Update(ctx, func(tx db.Tx) error {
		if err := useUp(ctx, tx, in.Challenge); err != nil {
			return err
		}
		if err := s.addPerson(ctx, tx, p, sealed, from); err != nil {
			return err
		}
		return s.addSession(ctx, tx, begun, "session.begun")
	})
	if err != nil {
		return Begun{}, err
	}
	return begun, nil
}

// FinishReset gives a person who proved its login another password, ends all its sessions and begins a new one. It also
// opens a login that somebody's guessing had locked.
// Errors: invalid with every field that is wrong, a wrong code among them; exhausted; unavailable.
func (s *Service) FinishReset(ctx context.Context, in Answer, from Visitor) (Begun, error) {
	var c fault.Checks
	if checkPassword(&c, in.Password, ""); c.Failed() {
		return Begun{}, c.Err()
	}
	login, _, err := s.answer(ctx, in.Challenge, in.Code, ResetCode, from)
	if err != nil {
		return Begun{}, err
	}
	if checkPassword(&c, in.Password, login); c.Failed() {
		return Begun{}, c.Err()
	}
	sealed, err := s.vault.seal(ctx, in.Password)
	if err != nil {
		return Begun{}, err
	}
	begun := s.newSession("", from)
	err = s.db.Update(ctx, func(tx db.Tx) error {
		if err := useUp(ctx, tx, in.Challenge); err != nil {
			return err
		}
		q := accountdb.New(tx)
		p, err := q.PersonByLogin(ctx, string(login))
		if err != nil {
			return err // there was one when the code was sent, and nobody is ever deleted
		}
		if _, err := q.SetPassword(ctx, accountdb.SetPasswordParams{ID: p.ID, PasswordHash: sealed, Before: p.PasswordHash, ChangedAt: clock.Millis(s.clock)}); err != nil {
			return err
		}
		if _, err := q.EndSessions(ctx, p.ID); err != nil {
			return err
		}
		if err := errors.Join(signInsPerLogin.Of(string(login)).Fill(ctx, tx), signInsPerPair.Of(string(login)+" "+allowance.Network(from.Address)).Fill(ctx, tx)); err != nil {
			return err
		}
		begun.Person = p.ID
		return s.addSession(ctx, tx, begun, "password.reset")
	})
	if err != nil {
		return Begun{}, err
	}
	return begun, nil
}
