package capability

import (
	"context"
	"database/sql"
	"errors"

	"minimart/open/capability/capabilitydb"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Obstacle is why an app cannot apply for a capability now.
type Obstacle string

// The obstacles.
const (
	NoObstacle   Obstacle = ""
	NotOpenYet   Obstacle = "announced"
	NotInvited   Obstacle = "not-invited"  // to the closed beta
	NotVerified  Obstacle = "not-verified" // the organisation
	AppliedSoFar Obstacle = "applied"      // an application is open
)

// Standing is how an app stands with a capability.
type Standing struct {
	Capability  Capability
	Application *Application // the latest, nil for none
	Grant       *Grant       // the one that is live, or will be, or the last that was; nil for none
	Invited     bool         // to a closed beta
	Obstacle    Obstacle
}

// Standings are all capabilities, by name, and how an app stands with each. Those may call it who may look at the app.
// Errors: not_found; denied; unavailable.
func (s *Service) Standings(ctx context.Context, by access.Actor, app string) ([]Standing, error) {
	org, err := by.InApp(ctx, app, ReadProgram)
	if err != nil {
		return nil, err
	}
	verified, err := s.orgs.Verified(ctx, org)
	if err != nil {
		return nil, err
	}
	now := clock.Millis(s.clock)
	applications, grants, invited := map[string]*Application{}, map[string]*Grant{}, map[string]bool{}
	err = s.db.View(ctx, func(tx db.Tx) error {
		q := capabilitydb.New(tx)
		rows, err := q.LatestApplications(ctx, app)
		if err != nil {
			return err
		}
		for _, r := range rows {
			a, err := applicationOf(r)
			if err != nil {
				return err
			}
			applications[a.Capability] = &a
		}
		latest, err := q.LatestGrants(ctx, app)
		if err != nil {
			return err
		}
		standing, err := q.StandingGrants(ctx, capabilitydb.StandingGrantsParams{AppID: app, Now: now})
		if err != nil {
			return err
		}
		for _, r := range append(latest, standing...) { // those that stand last, and among them the one that is live
			g, err := grantOf(r)
			if err != nil {
				return err
			}
			if had := grants[g.Capability]; had == nil || had.State(now) != GrantLive {
				grants[g.Capability] = &g
			}
		}
		names, err := q.Invitations(ctx, app)
		for _, n := range names {
			invited[n] = true
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	declared := Declared()
	out := make([]Standing, len(declared))
	for i, c := range declared {
		st := Standing{Capability: c, Application: applications[c.Name], Grant: grants[c.Name], Invited: invited[c.Name]}
		switch {
		case c.Stage != Live:
			st.Obstacle = NotOpenYet
		case st.Application != nil && st.Application.State == StateApplied:
			st.Obstacle = AppliedSoFar
		case c.Verified && !verified:
			st.Obstacle = NotVerified
		case c.Admission == ClosedBeta && !st.Invited:
			st.Obstacle = NotInvited
		}
		out[i] = st
	}
	return out, nil
}

// Counted is a capability and how much it is asked for.
type Counted struct {
	Capability
	Applied int64 // open applications
	Granted int64 // apps that have it now
}

// Catalogue are all capabilities, by name. Operators may call it.
// Errors: denied; unavailable.
func (s *Service) Catalogue(ctx context.Context, by access.Actor) ([]Counted, error) {
	if err := by.OnPlatform(ctx, ReadPlatform); err != nil {
		return nil, err
	}
	applied, granted := map[string]int64{}, map[string]int64{}
	err := s.db.View(ctx, func(tx db.Tx) error {
		q := capabilitydb.New(tx)
		open, err := q.CountOpen(ctx)
		if err != nil {
			return err
		}
		for _, r := range open {
			applied[r.Capability] = r.N
		}
		standing, err := q.CountStanding(ctx, clock.Millis(s.clock))
		for _, r := range standing {
			granted[r.Capability] = r.N
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	declared := Declared()
	out := make([]Counted, len(declared))
	for i, c := range declared {
		out[i] = Counted{c, applied[c.Name], granted[c.Name]}
	}
	return out, nil
}

// Wanted narrows a list of applications.
type Wanted struct {
	State      State  // "" for all
	Capability string // "" for all
}

// Applications page through applications: up to limit (1 to 100), and the cursor of the next page, "" at the end. Those that
// wait come in the order they came in, all others the newest first. Reviewers may call it.
// Errors: denied; invalid with every field that is wrong; unavailable.
func (s *Service) Applications(ctx context.Context, by access.Actor, w Wanted, cursor string, limit int) (page []Application, next string, err error) {
	if err := by.OnPlatform(ctx, Review); err != nil {
		return nil, "", err
	}
	var c fault.Checks
	switch w.State {
	case "", StateApplied, StateApproved, StateRejected, StateWithdrawn:
	default:
		c.Add("state", noState, fault.Cut(string(w.State), 20))
	}
	checkFilter(&c, w.Capability, cursor)
	if err := c.Err(); err != nil {
		return nil, "", err
	}
	limit = max(1, min(limit, 100))
	var rows []capabilitydb.CapabilityApplication
	err = s.db.View(ctx, func(tx db.Tx) (err error) {
		q := capabilitydb.New(tx)
		if w.State == StateApplied {
			rows, err = q.OldestFirst(ctx, capabilitydb.OldestFirstParams{After: cursor, State: string(w.State), Capability: w.Capability, Most: int32(limit + 1)})
		} else {
			rows, err = q.NewestFirst(ctx, capabilitydb.NewestFirstParams{Before: cursor, State: string(w.State), Capability: w.Capability, Most: int32(limit + 1)})
		}
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	page = make([]Application, len(rows))
	for i, r := range rows {
		if page[i], err = applicationOf(r); err != nil {
			return nil, "", err
		}
	}
	return page, next, nil
}

func checkFilter(c *fault.Checks, capability, cursor string) {
	if capability != "" {
		_, ok := Find(capability)
		c.Require(ok, "capability", noCapability, fault.Cut(capability, maxName))
	}
	c.Require(cursor == "" || id.Check(Prefix, cursor) == nil, "cursor", badCursor, fault.Cut(cursor, 40))
}

// Application finds an application, and what it is for. Reviewers may call it.
// Errors: denied; not_found; unavailable.
func (s *Service) Application(ctx context.Context, by access.Actor, application string) (Application, Capability, error) {
	if err := by.OnPlatform(ctx, Review); err != nil {
		return Application{}, Capability{}, err
	}
	return s.reviewed(ctx, application)
}

// reviewed is an application and its capability; one that is not declared any more has a name and nothing else.
func (s *Service) reviewed(ctx context.Context, application string) (a Application, c Capability, err error) {
	if id.Check(Prefix, application) != nil {
		return a, c, fault.NotFound(noApplication, fault.Cut(application, 40))
	}
	err = s.db.View(ctx, func(tx db.Tx) error {
		row, err := capabilitydb.New(tx).Application(ctx, application)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.NotFound(noApplication, application)
		}
		if err == nil {
			a, err = applicationOf(row)
		}
		return err
	})
	if err != nil {
		return a, c, err
	}
	c, ok := Find(a.Capability)
	if !ok {
		c.Name = a.Capability
	}
	return a, c, nil
}

// Grants page through grants, the newest first: up to limit (1 to 100), of one app and of one capability unless they are "",
// and the cursor of the next page, "" at the end. Operators may call it.
// Errors: denied; invalid with every field that is wrong; unavailable.
func (s *Service) Grants(ctx context.Context, by access.Actor, app, capability, cursor string, limit int) (page []Grant, next string, err error) {
	if err := by.OnPlatform(ctx, ReadPlatform); err != nil {
		return nil, "", err
	}
	var c fault.Checks
	checkFilter(&c, capability, cursor)
	if err := c.Err(); err != nil {
		return nil, "", err
	}
	limit = max(1, min(limit, 100))
	var rows []capabilitydb.CapabilityGrant
	err = s.db.View(ctx, func(tx db.Tx) (err error) {
		rows, err = capabilitydb.New(tx).Grants(ctx, capabilitydb.GrantsParams{Before: cursor, AppID: app, Capability: capability, Most: int32(limit + 1)})
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	page = make([]Grant, len(rows))
	for i, r := range rows {
		if page[i], err = grantOf(r); err != nil {
			return nil, "", err
		}
	}
	return page, next, nil
}
