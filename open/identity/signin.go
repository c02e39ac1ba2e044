package identity

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"minimart/open/identity/identitydb"
	"minimart/platform/access"
	"minimart/platform/allowance"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Sender brings codes to phones, by SMS or, in the demo, to the screen. It returns when the message is handed over, not when
// it is read. app wires one.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Purpose is what a message is for.
type Purpose string

// SignInCode proves that a phone is in the hands of who signs in.
const SignInCode Purpose = "sign-in"

// Message is one message to one phone. Code and Text are secrets of its reader: they belong into no log.
type Message struct {
	Phone     Phone
	Language  fault.Language
	Purpose   Purpose
	Code      string // six digits
	Text      string // the whole message in the reader's language
	ExpiresAt int64  // unix ms
}

var messageTexts = map[fault.Language]string{
	fault.En: "Your code is %s. It holds for five minutes. Nobody from us will ever ask you for it. If you did not ask for it, do nothing.",
	fault.Zh: "您的验证码是 %s，五分钟内有效，请勿告知他人，工作人员不会向您索要。如非本人操作，请忽略。",
}

// Challenge is a code on its way to a phone. What is known of it is the same whether a consumer has the phone or not.
type Challenge struct {
	ID        string
	ExpiresAt int64 // unix ms
}

const (
	digitsHold    = 5 * time.Minute
	digitsAnswers = 5                // wrong ones
	sendTime      = 10 * time.Second // for the provider
)

// StartSignIn sends a code to a phone. Any visitor may call it.
// Errors: invalid with every field that is wrong; exhausted when too many codes went to the phone or were asked for from the
// address; unavailable, also when the message could not be sent.
func (s *Service) StartSignIn(ctx context.Context, v access.Visitor, phone string, l fault.Language) (Challenge, error) {
	var wrong fault.Checks
	to, err := ParsePhone(phone)
	wrong.Include("", err)
	wrong.Require(l == fault.Zh || l == fault.En, "language", noLanguage, fault.Cut(string(l), 20))
	if err := wrong.Err(); err != nil {
		return Challenge{}, err
	}
	now := s.now()
	c := Challenge{ID: id.New(ChallengePrefix), ExpiresAt: now + digitsHold.Milliseconds()}
	code := newDigits(s.Random)
	var refused *fault.Fault
	err = s.DB.Update(ctx, func(tx db.Tx) (err error) {
		refused, err = allowance.Take(ctx, tx, now, codesPerAddress.At(v.Address), codesPerPhone.Of(string(to)))
		if err != nil || refused != nil {
			return err
		}
		return identitydb.New(tx).AddChallenge(ctx, identitydb.AddChallengeParams{
			ID: c.ID, HostID: v.Host, Phone: string(to), CodeHash: hashDigits(c.ID, code), CreatedAt: now, ExpiresAt: c.ExpiresAt,
		})
	})
	if err != nil {
		return Challenge{}, err
	}
	if refused != nil {
		return Challenge{}, refused
	}
	sending, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	m := Message{Phone: to, Language: l, Purpose: SignInCode, Code: code, Text: fmt.Sprintf(messageTexts[l], code), ExpiresAt: c.ExpiresAt}
	if err := s.Sender.Send(sending, m); err != nil {
		return Challenge{}, fault.Unavailable(notDelivered).WithCause(err)
	}
	return c, nil
}

// answer checks a code and uses its challenge up. It answers the phone, or a fault for the caller: then the transaction must
// commit all the same, so that the try counts.
func (s *Service) answer(ctx context.Context, tx db.Tx, v access.Visitor, challenge, code string) (Phone, *fault.Fault, error) {
	now := s.now()
	refused, err := allowance.Take(ctx, tx, now, answersPerAddress.At(v.Address))
	if err != nil || refused != nil {
		return "", refused, err
	}
	wrong := fault.Invalid("code", wrongDigits)
	if id.Check(ChallengePrefix, challenge) != nil {
		return "", wrong, nil // there is none of that name, and it is not for the database to choke on
	}
	q := identitydb.New(tx)
	row, err := q.TryChallenge(ctx, identitydb.TryChallengeParams{ID: challenge, HostID: v.Host, Most: digitsAnswers, Now: now})
	if errors.Is(err, sql.ErrNoRows) {
		return "", wrong, nil
	}
	if err != nil {
		return "", nil, err
	}
	if subtle.ConstantTimeCompare([]byte(hashDigits(challenge, code)), []byte(row.CodeHash)) != 1 {
		return "", wrong, nil
	}
	err = errors.Join(q.DropChallenge(ctx, challenge), answersPerAddress.At(v.Address).GiveBack(ctx, tx))
	return Phone(row.Phone), nil, err
}

// FinishSignIn begins a session of the consumer with the phone the code went to; somebody new becomes a consumer by it. Any
// visitor of the host the code was asked from may call it.
// Errors: invalid, field code, the same for a wrong code, one too old, one used up, one of another host and one that never
// was; denied for a consumer who is suspended; exhausted after too many codes from the address; unavailable.
func (s *Service) FinishSignIn(ctx context.Context, v access.Visitor, agent, challenge, code string) (Begun, error) {
	return s.begin(ctx, v, agent, func(tx db.Tx) (Consumer, bool, *fault.Fault, error) {
		phone, refused, err := s.answer(ctx, tx, v, challenge, code)
		if err != nil || refused != nil {
			return Consumer{}, false, refused, err
		}
		c, isNew, err := s.consumerOfPhone(ctx, tx, phone)
		return c, isNew, nil, err
	})
}

// maxSubject is how long a host's name for its user may be, in bytes.
const maxSubject = 512

// SignInByAssertion begins a session of the consumer a host app vouches for. One user of a host is one consumer for good. At
// its first sign-in a phone that the host has verified leads to the consumer with that phone; later it is only taken over by
// a consumer who has none, if nobody else has it. Any visitor of the host may call it.
// Errors: unauthenticated for an assertion that does not hold; denied; exhausted; unavailable.
func (s *Service) SignInByAssertion(ctx context.Context, v access.Visitor, agent, assertion string) (Begun, error) {
	var refused *fault.Fault
	err := s.DB.Update(ctx, func(tx db.Tx) (err error) {
		refused, err = allowance.Take(ctx, tx, s.now(), answersPerAddress.At(v.Address))
		return err
	})
	if err != nil {
		return Begun{}, err
	}
	if refused != nil {
		return Begun{}, refused
	}
	said, err := s.Assertions.Verify(ctx, v.Host, assertion)
	if err != nil {
		return Begun{}, err
	}
	subject := said.Subject
	if subject == "" || len(subject) > maxSubject || said.Host != v.Host {
		return Begun{}, fault.Unauthenticated(badSubject, maxSubject)
	}
	var phone Phone
	if said.Phone != "" {
		if phone, err = ParsePhone(said.Phone); err != nil {
			return Begun{}, err
		}
	}
	return s.begin(ctx, v, agent, func(tx db.Tx) (c Consumer, isNew bool, _ *fault.Fault, err error) {
		if err := answersPerAddress.At(v.Address).GiveBack(ctx, tx); err != nil {
			return c, false, nil, err
		}
		q := identitydb.New(tx)
		linked, err := q.Link(ctx, identitydb.LinkParams{HostID: v.Host, Subject: subject})
		switch {
		case err == nil:
			if c, err = findConsumer(ctx, tx, linked); err == nil && c.Phone == "" && phone != "" {
				_, err = s.takePhone(ctx, tx, c, phone)
			}
			return c, false, nil, err
		case !errors.Is(err, sql.ErrNoRows):
			return c, false, nil, err
		}
		if phone == "" {
			c, err = s.newConsumer(ctx, tx, "")
			isNew = true
		} else {
			c, isNew, err = s.consumerOfPhone(ctx, tx, phone)
		}
		if err == nil {
			err = q.AddLink(ctx, identitydb.AddLinkParams{HostID: v.Host, Subject: subject, ConsumerID: c.ID, CreatedAt: s.now()})
		}
		return c, isNew, nil, err
	})
}

// takePhone gives a consumer without a phone one, unless another has it.
func (s *Service) takePhone(ctx context.Context, tx db.Tx, c Consumer, phone Phone) (taken bool, err error) {
	q := identitydb.New(tx)
	if _, err := q.ConsumerByPhone(ctx, string(phone)); !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	n, err := q.SetPhone(ctx, identitydb.SetPhoneParams{ID: c.ID, Phone: string(phone), ChangedAt: s.now()})
	return n == 1, err
}

// AddPhone gives the consumer of a visitor, who has none, the phone a code went to.
// Errors: as FinishSignIn; conflict when the consumer has a phone, or another consumer has this one.
func (s *Service) AddPhone(ctx context.Context, v access.Visitor, challenge, code string) error {
	var refused *fault.Fault
	err := s.DB.Update(ctx, func(tx db.Tx) error {
		refused = nil
		c, err := mustBeActive(ctx, tx, v.Consumer)
		if err != nil {
			return err
		}
		var phone Phone
		if phone, refused, err = s.answer(ctx, tx, v, challenge, code); err != nil || refused != nil {
			return err
		}
		if c.Phone != "" {
			refused = fault.Conflict(phoneThere)
			return nil
		}
		taken, err := s.takePhone(ctx, tx, c, phone)
		if err == nil && !taken {
			refused = fault.Conflict(phoneTaken)
		}
		return err
	})
	if err != nil {
		return err
	}
	if refused != nil {
		return refused
	}
	return nil
}

// begin stores a session of the consumer that find finds.
func (s *Service) begin(ctx context.Context, v access.Visitor, agent string, find func(db.Tx) (Consumer, bool, *fault.Fault, error)) (Begun, error) {
	now := s.now()
	b := Begun{Token: newSecret(s.Random), Session: Session{
		ID: id.New(SessionPrefix), Host: v.Host, Address: v.Address, Agent: fault.OneLine(agent, 200), CreatedAt: now, SeenAt: now,
	}}
	var refused *fault.Fault
	err := s.DB.Update(ctx, func(tx db.Tx) error {
		c, isNew, no, err := find(tx)
		if refused = no; err != nil || no != nil {
			return err
		}
		if c.State != Active {
			refused = fault.Denied(isSuspended)
			return nil // the code is used up
		}
		b.Consumer, b.New = c.ID, isNew
		q := identitydb.New(tx)
		err = q.AddSession(ctx, identitydb.AddSessionParams{
			ID: b.ID, TokenHash: hashSecret(b.Token), ConsumerID: c.ID, HostID: b.Host, Address: b.Address, Agent: b.Agent, CreatedAt: now,
		})
		if err != nil {
			return err
		}
		if _, err := q.EndOldSessions(ctx, identitydb.EndOldSessionsParams{ConsumerID: c.ID, Most: maxSessions}); err != nil {
			return err
		}
		return tx.Emit(ctx, TopicSignedIn, b.ID, SignedIn{Consumer: c.ID, Host: b.Host, Session: b.ID, New: isNew, At: now})
	})
	if err != nil {
		return Begun{}, err
	}
	if refused != nil {
		return Begun{}, refused
	}
	return b, nil
}
