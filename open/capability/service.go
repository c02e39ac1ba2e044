package capability

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"strconv"

	"minimart/open/capability/capabilitydb"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Schema are the room's migrations: db.Migrate(ctx, "capability", capability.Schema).
//
//go:embed schema/*.sql
var Schema embed.FS

// What somebody in a console must be allowed to do.
const (
	ReadProgram  access.Action = "program.read"
	Apply        access.Action = "capability.apply"
	ReadPlatform access.Action = "platform.read"
	Review       access.Action = "capability.review"
)

// Organisations knows which organisations the operator has verified. open/account does.
type Organisations interface {
	// Verified says whether an organisation is verified now. Errors: unavailable.
	Verified(ctx context.Context, org string) (bool, error)
}

// Apps knows which organisation owns an app. program/release does.
type Apps interface {
	// OrgOf is the organisation that owns app. Errors: not_found; unavailable.
	OrgOf(ctx context.Context, app string) (org string, err error)
}

// Names knows what apps and organisations are called, for those who review.
type Names interface {
	AppName(ctx context.Context, app string) (string, error)
	OrganisationName(ctx context.Context, org string) (string, error)
}

// Config is what the room stands on. All but Names and Clock must be set.
type Config struct {
	DB            *db.DB
	Log           access.Log
	Organisations Organisations
	Apps          Apps
	Names         Names       // nil: reviewers read ids
	Clock         clock.Clock // default clock.System
}

// Service is the operations of the room. It is safe for concurrent use, by several processes on one database as well.
type Service struct {
	db     *db.DB
	log    access.Log
	orgs   Organisations
	apps   Apps
	names  Names
	clock  clock.Clock
	memory *memory
}

// New is the service over a database that was migrated with Schema.
func New(c Config) *Service {
	if c.Clock == nil {
		c.Clock = clock.System
	}
	s := &Service{db: c.DB, log: c.Log, orgs: c.Organisations, apps: c.Apps, names: c.Names, clock: c.Clock}
	s.memory = newMemory(s)
	return s
}

// maxPerDay is how often an app may apply for a capability in 24 hours.
const maxPerDay = 20

// find is a capability that can be granted.
// Errors: not_found; conflict for one that is announced only.
func find(name string) (Capability, error) {
	c, ok := Find(name)
	if !ok {
		return Capability{}, fault.NotFound(noCapability, fault.Cut(name, maxName))
	}
	if c.Stage != Live {
		return Capability{}, fault.Conflict(onlyAnnounced, name)
	}
	return c, nil
}

// Apply asks for a capability for an app. Those may call it who may apply in the app's organisation. An app that has the
// capability may apply again, for other limits or a later end: an approval takes the place of what was granted before.
// Errors: not_found; denied, also for an app that was not invited to a closed beta and for an organisation that must be verified
// and is not; conflict when the capability is announced only, or an application is open; invalid with every answer that is
// wrong; exhausted after too many applications; unavailable.
func (s *Service) Apply(ctx context.Context, by access.Actor, app, capability string, answers map[string]string) (Application, error) {
	org, err := by.InApp(ctx, app, Apply)
	if err != nil {
		return Application{}, err
	}
	c, err := find(capability)
	if err != nil {
		return Application{}, err
	}
	if err := s.verified(ctx, c, org); err != nil {
		return Application{}, err
	}
	// Whether it is invited comes before its answers: nobody should fill in a form in vain.
	if err := s.db.View(ctx, func(tx db.Tx) error { return s.invited(ctx, tx, c, app) }); err != nil {
		return Application{}, err
	}
	if answers, err = checkAnswers(c, answers); err != nil {
		return Application{}, err
	}
	a := Application{
		ID: id.New(Prefix), App: app, Org: org, Capability: capability, State: StateApplied, Special: c.Admission == Special, Answers: answers,
		AppliedBy: by.ActorID(), AppliedAt: clock.Millis(s.clock),
	}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		if err := s.invited(ctx, tx, c, app); err != nil {
			return err
		}
		q := capabilitydb.New(tx)
		n, err := q.CountApplications(ctx, capabilitydb.CountApplicationsParams{AppID: app, Capability: capability, AppliedAt: a.AppliedAt - dayMillis})
		if err != nil {
			return err
		}
		if n >= maxPerDay {
			return fault.Exhausted(appliedTooOften, n, capability)
		}
		n, err = q.Apply(ctx, capabilitydb.ApplyParams{
			ID: a.ID, AppID: app, OrgID: org, Capability: capability, Special: a.Special, Answers: jsonText(answers), AppliedBy: a.AppliedBy, AppliedAt: a.AppliedAt,
		})
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict(applicationOpen, capability)
		}
		return s.tell(ctx, tx, by, TopicApplied, a.ID, Changed{App: app, Org: org, Capability: capability, Application: a.ID, At: a.AppliedAt})
	})
	if err != nil {
		return Application{}, err
	}
	return a, nil
}

// verified is nil if an organisation may have a capability as far as its documents go.
func (s *Service) verified(ctx context.Context, c Capability, org string) error {
	if !c.Verified {
		return nil
	}
	ok, err := s.orgs.Verified(ctx, org)
	if err == nil && !ok {
		err = fault.Denied(notVerified, c.Name)
	}
	return err
}

// invited is nil if an app may apply as far as invitations go.
func (s *Service) invited(ctx context.Context, tx db.Tx, c Capability, app string) error {
	if c.Admission != ClosedBeta {
		return nil
	}
	n, err := capabilitydb.New(tx).Invited(ctx, capabilitydb.InvitedParams{AppID: app, Capability: c.Name})
	if err == nil && n == 0 {
		err = fault.Denied(notInvited, c.Name)
	}
	return err
}

// tell records what somebody did and emits its event. The action is the topic; by is nil for the platform itself.
func (s *Service) tell(ctx context.Context, tx db.Tx, by access.Actor, topic, key string, e Changed) error {
	entry := access.Entry{Org: e.Org, Action: topic, Target: e.App}
	if by != nil {
		entry = access.Done(by, e.Org, topic, e.App, nil)
		e.Actor = by.ActorID()
	}
	entry.Detail = map[string]string{"capability": e.Capability}
	for name, text := range map[string]string{"application": e.Application, "reason": e.Reason} {
		if text != "" {
			entry.Detail[name] = text
		}
	}
	if topic == TopicGranted {
		entry.Detail["from"], entry.Detail["until"] = strconv.FormatInt(e.From, 10), strconv.FormatInt(e.Until, 10)
	}
	if err := s.log.Record(ctx, tx, entry); err != nil {
		return err
	}
	return tx.Emit(ctx, topic, key, e)
}

// Withdraw takes back an application before it is decided. Those may call it who may apply.
// Errors: not_found; denied; conflict when none is open; unavailable.
func (s *Service) Withdraw(ctx context.Context, by access.Actor, app, capability string) (Application, error) {
	if _, err := by.InApp(ctx, app, Apply); err != nil {
		return Application{}, err
	}
	if _, ok := Find(capability); !ok {
		return Application{}, fault.NotFound(noCapability, fault.Cut(capability, maxName))
	}
	var a Application
	err := s.db.Update(ctx, func(tx db.Tx) error {
		now := clock.Millis(s.clock)
		row, err := capabilitydb.New(tx).Withdraw(ctx, capabilitydb.WithdrawParams{AppID: app, Capability: capability, By: by.ActorID(), Now: now})
		if errors.Is(err, sql.ErrNoRows) {
			return fault.Conflict(noOpenOne, capability)
		}
		if err != nil {
			return err
		}
		if a, err = applicationOf(row); err != nil {
			return err
		}
		return s.tell(ctx, tx, by, TopicWithdrawn, a.ID, Changed{App: app, Org: a.Org, Capability: capability, Application: a.ID, At: now})
	})
	return a, err
}

// Decide approves or rejects an application. What an approval grants takes the place of what the app was granted before, from
// the day it begins. Reviewers may call it.
// Errors: denied; not_found; invalid with every field that is wrong; conflict when it was decided or withdrawn, and when the
// organisation must be verified and is not any more; unavailable.
func (s *Service) Decide(ctx context.Context, by access.Actor, application string, d Decision) (Application, error) {
	if err := by.OnPlatform(ctx, Review); err != nil {
		return Application{}, err
	}
	a, c, err := s.reviewed(ctx, application)
	if err != nil {
		return Application{}, err
	}
	now := clock.Millis(s.clock)
	if d, err = d.check(a, c, now); err != nil {
		return Application{}, err
	}
	if d.Verdict == StateApproved {
		if c, err = find(c.Name); err != nil {
			return Application{}, err
		}
		if err := s.verified(ctx, c, a.Org); fault.Is(err, fault.CodeDenied) {
			return Application{}, fault.Conflict(notVerified, c.Name)
		} else if err != nil {
			return Application{}, err
		}
	}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		q := capabilitydb.New(tx)
		row, err := q.Decide(ctx, capabilitydb.DecideParams{ID: application, Verdict: string(d.Verdict), By: by.ActorID(), Now: now, Reason: d.Reason})
		if errors.Is(err, sql.ErrNoRows) {
			row, err = q.Application(ctx, application)
			if err == nil {
				err = fault.Conflict(decidedAlready, row.State)
			}
		}
		if err != nil {
			return err
		}
		if a, err = applicationOf(row); err != nil {
			return err
		}
		e := Changed{App: a.App, Org: a.Org, Capability: a.Capability, Application: a.ID, Reason: d.Reason, At: now}
		if d.Verdict == StateRejected {
			return s.tell(ctx, tx, by, TopicRejected, a.ID, e)
		}
		return s.grant(ctx, tx, by, Grant{
			ID: a.ID, App: a.App, Org: a.Org, Capability: a.Capability, Limits: d.Limits, From: d.From, Until: d.Until, GrantedBy: by.ActorID(), GrantedAt: now,
		}, d.Reason)
	})
	if err != nil {
		return Application{}, err
	}
	s.memory.forget()
	return a, nil
}

// grant stores a grant in the place of those before it.
func (s *Service) grant(ctx context.Context, tx db.Tx, by access.Actor, g Grant, reason string) error {
	q := capabilitydb.New(tx)
	err := q.EndGrants(ctx, capabilitydb.EndGrantsParams{AppID: g.App, Capability: g.Capability, UntilAt: g.From})
	if err != nil {
		return err
	}
	err = q.AddGrant(ctx, capabilitydb.AddGrantParams{
		ID: g.ID, AppID: g.App, OrgID: g.Org, Capability: g.Capability, Limits: jsonText(storedLimits{g.Limits.CallsPerDay, g.Limits.ConsumersPerDay}),
		FromAt: g.From, UntilAt: g.Until, GrantedBy: g.GrantedBy, GrantedAt: g.GrantedAt,
	})
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, by, TopicGranted, g.ID, Changed{
		App: g.App, Org: g.Org, Capability: g.Capability, Application: g.ID, From: g.From, Until: g.Until, Reason: reason, At: g.GrantedAt,
	})
}

// Endow grants an app a capability as it is declared, from now on and without an end, when it does not have it. No route leads
// here: it is for the platform's own programs at the first start.
// Errors: not_found; conflict for a capability that is announced only; unavailable.
func (s *Service) Endow(ctx context.Context, app, capability string) error {
	c, err := find(capability)
	if err != nil {
		return err
	}
	org, err := s.apps.OrgOf(ctx, app)
	if err != nil {
		return err
	}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		now := clock.Millis(s.clock)
		_, err := capabilitydb.New(tx).GrantNow(ctx, capabilitydb.GrantNowParams{AppID: app, Capability: capability, Now: now})
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		return s.grant(ctx, tx, nil, Grant{ID: id.New(Prefix), App: app, Org: org, Capability: capability, Limits: c.Quota, From: now, GrantedAt: now}, "")
	})
	s.memory.forget()
	return err
}

// Revoke takes a capability away from an app, at once, whether it has it now or from a later day. Reviewers may call it.
// Errors: denied; not_found when the app does not have it; invalid without a reason; unavailable.
func (s *Service) Revoke(ctx context.Context, by access.Actor, app, capability, reason string) error {
	if err := by.OnPlatform(ctx, Review); err != nil {
		return err
	}
	var c fault.Checks
	reason = c.Text("reason", reason, maxReason)
	c.Require(reason != "", "reason", reasonMissing)
	if err := c.Err(); err != nil {
		return err
	}
	err := s.db.Update(ctx, func(tx db.Tx) error {
		now := clock.Millis(s.clock)
		rows, err := capabilitydb.New(tx).RevokeGrants(ctx, capabilitydb.RevokeGrantsParams{AppID: app, Capability: capability, By: by.ActorID(), Now: now, Reason: reason})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return fault.NotFound(noGrant, fault.Cut(capability, maxName))
		}
		for _, r := range rows {
			err := s.tell(ctx, tx, by, TopicRevoked, r.ID, Changed{App: app, Org: r.OrgID, Capability: capability, Application: r.ID, Reason: reason, At: now})
			if err != nil {
				return err
			}
		}
		return nil
	})
	s.memory.forget() // also when it is not known whether it was committed
	return err
}

// Invite lets an app apply for a capability that is a closed beta. Inviting twice is inviting once. Reviewers may call it.
// Errors: denied; not_found for the app and the capability; conflict when it is no closed beta; unavailable.
func (s *Service) Invite(ctx context.Context, by access.Actor, app, capability string) error {
	org, err := s.beta(ctx, by, app, capability)
	if err != nil {
		return err
	}
	invitation := id.New(invitationPrefix)
	return s.db.Update(ctx, func(tx db.Tx) error {
		now := clock.Millis(s.clock)
		n, err := capabilitydb.New(tx).Invite(ctx, capabilitydb.InviteParams{AppID: app, Capability: capability, ID: invitation, InvitedBy: by.ActorID(), InvitedAt: now})
		if err != nil || n == 0 {
			return err
		}
		return s.tell(ctx, tx, by, TopicInvited, invitation, Changed{App: app, Org: org, Capability: capability, At: now})
	})
}

// Uninvite withdraws an invitation. What the app was granted meanwhile stays; see [Service.Revoke]. Reviewers may call it.
// Errors: denied; not_found, also when the app was not invited; conflict when it is no closed beta; unavailable.
func (s *Service) Uninvite(ctx context.Context, by access.Actor, app, capability string) error {
	org, err := s.beta(ctx, by, app, capability)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx db.Tx) error {
		invitation, err := capabilitydb.New(tx).Uninvite(ctx, capabilitydb.UninviteParams{AppID: app, Capability: capability})
		if errors.Is(err, sql.ErrNoRows) {
			return fault.NotFound(noInvitation, capability)
		}
		if err != nil {
			return err
		}
		return s.tell(ctx, tx, by, TopicUninvited, invitation, Changed{App: app, Org: org, Capability: capability, At: clock.Millis(s.clock)})
	})
}

// beta is what Invite and Uninvite ask first. It answers the app's organisation.
func (s *Service) beta(ctx context.Context, by access.Actor, app, capability string) (org string, err error) {
	if err := by.OnPlatform(ctx, Review); err != nil {
		return "", err
	}
	c, ok := Find(capability)
	if !ok {
		return "", fault.NotFound(noCapability, fault.Cut(capability, maxName))
	}
	if org, err = s.apps.OrgOf(ctx, app); err != nil {
		if fault.Is(err, fault.CodeNotFound) {
			err = fault.NotFound(noApp, fault.Cut(app, 40))
		}
		return "", err
	}
	if c.Admission != ClosedBeta {
		return "", fault.Conflict(notBeta, capability)
	}
	return org, nil
}

// Sweep deletes what was counted before yesterday. Once an hour is enough.
// Errors: unavailable.
func (s *Service) Sweep(ctx context.Context) (deleted int64, err error) {
	before := dayOf(clock.Millis(s.clock)) - 1
	err = s.db.Update(ctx, func(tx db.Tx) error {
		q := capabilitydb.New(tx)
		consumers, err := q.SweepConsumers(ctx, before)
		if err != nil {
			return fmt.Errorf("capability: sweeping consumers: %w", err)
		}
		days, err := q.SweepDays(ctx, before)
		deleted = consumers + days
		return err
	})
	return deleted, err
}
