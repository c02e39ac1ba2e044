package release

import (
	"context"
	"encoding/json"

	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/program/build"
	"minimart/program/release/releasedb"
)

// What this room asks about the people in consoles.
const (
	ActionRead         access.Action = "program.read"
	ActionWrite        access.Action = "program.write"
	ActionUpload       access.Action = "version.upload"
	ActionRelease      access.Action = "version.release"
	ActionReadPlatform access.Action = "platform.read"
	ActionReview       access.Action = "version.review" // and suspend
)

// Create makes an app of an organisation, without any version. Its members who may write programs call it; in.Org and in.ID do
// not count.
// Errors: not_found; denied; invalid with every field that is wrong; exhausted when the organisation has [MostApps];
// unavailable.
func (s *Service) Create(ctx context.Context, actor access.Actor, org string, in NewApp) (App, error) {
	if err := actor.InOrganisation(ctx, org, ActionWrite); err != nil {
		return App{}, err
	}
	in.ID, in.Org = "", org
	return s.create(ctx, ByActor(actor, org), in)
}

// Standing is an app with where its releases stand.
type Standing struct {
	App
	Out        *Version // what everybody gets, nil for nothing
	OutAt      int64    // since when, unix ms
	Rollout    *Rollout // the staged release that is on its way, nil for none
	Staged     *Version // its version
	OnTrial    *Version
	LastNumber int64 // of its newest version, 0 for none
}

// AppsOf lists the apps of an organisation, the newest first. Its members who may see programs call it.
// Errors: not_found; denied; unavailable.
func (s *Service) AppsOf(ctx context.Context, actor access.Actor, org string) ([]Standing, error) {
	if err := actor.InOrganisation(ctx, org, ActionRead); err != nil {
		return nil, err
	}
	var out []Standing
	err := s.db.View(ctx, func(tx db.Tx) error {
		rows, err := releasedb.New(tx).AppsOf(ctx, org)
		if err != nil {
			return err
		}
		out = make([]Standing, len(rows))
		for i, r := range rows {
			a, err := appOf(releasedb.AppRow(r))
			if err != nil {
				return err
			}
			if out[i], err = standing(ctx, tx, a); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// Look shows an app to its members who may see programs.
// Errors: not_found; denied; unavailable.
func (s *Service) Look(ctx context.Context, actor access.Actor, app string) (Standing, error) {
	if _, err := actor.InApp(ctx, app, ActionRead); err != nil {
		return Standing{}, err
	}
	return s.standing(ctx, app)
}

func (s *Service) standing(ctx context.Context, app string) (out Standing, err error) {
	err = s.db.View(ctx, func(tx db.Tx) error {
		a, err := findApp(ctx, tx, app)
		if err != nil {
			return err
		}
		out, err = standing(ctx, tx, a)
		return err
	})
	return out, err
}

func standing(ctx context.Context, tx db.Tx, a App) (Standing, error) {
	out := Standing{App: a}
	find := func(version string) (*Version, error) {
		if version == "" {
			return nil, nil
		}
		v, err := findVersion(ctx, tx, a.ID, version)
		return &v, err
	}
	p, err := pointer(ctx, tx, a.ID)
	if err != nil {
		return out, err
	}
	out.OutAt = p.ReleasedAt
	if out.Out, err = find(p.VersionID); err != nil {
		return out, err
	}
	if out.OnTrial, err = find(a.Trial); err != nil {
		return out, err
	}
	r, on, err := activeRollout(ctx, tx, a.ID)
	if err != nil {
		return out, err
	}
	if on {
		out.Rollout = &r
		if out.Staged, err = find(r.Version); err != nil {
			return out, err
		}
	}
	newest, err := releasedb.New(tx).Versions(ctx, releasedb.VersionsParams{AppID: a.ID, Before: 1 << 62, Most: 1})
	if len(newest) > 0 {
		out.LastNumber = newest[0].Number
	}
	return out, err
}

// Described is how an app is to be described; nil leaves a part as it is.
type Described struct {
	Name, Summary *string
	Privacy       map[string]string // all statements; nil leaves them
}

// Describe changes what people read about an app. It holds at once. Members who may write programs call it.
// Errors: not_found; denied; invalid with every field that is wrong; unavailable.
func (s *Service) Describe(ctx context.Context, actor access.Actor, app string, d Described) (Standing, error) {
	org, err := actor.InApp(ctx, app, ActionWrite)
	if err != nil {
		return Standing{}, err
	}
	var c fault.Checks
	detail := map[string]string{}
	if d.Name != nil {
		name := checkName(&c, *d.Name)
		d.Name, detail["name"] = &name, name
	}
	if d.Summary != nil {
		summary := c.Line("summary", *d.Summary, maxSummary)
		d.Summary, detail["summary"] = &summary, summary
	}
	var privacy []byte
	if d.Privacy != nil {
		d.Privacy = checkPrivacy(&c, d.Privacy)
		if privacy, err = json.Marshal(d.Privacy); err != nil {
			return Standing{}, err
		}
		detail["privacy"] = string(privacy)
	}
	if err := c.Err(); err != nil {
		return Standing{}, err
	}
	var out Standing
	err = s.db.Update(ctx, func(tx db.Tx) error {
		a, err := findApp(ctx, tx, app)
		if err != nil {
			return err
		}
		if d.Name != nil {
			a.Name = *d.Name
		}
		if d.Summary != nil {
			a.Summary = *d.Summary
		}
		statements := privacy
		if d.Privacy != nil {
			a.Privacy = d.Privacy
		} else if statements, err = json.Marshal(a.Privacy); err != nil {
			return err
		}
		a.ChangedAt = clock.Millis(s.clock)
		if _, err := releasedb.New(tx).Describe(ctx, releasedb.DescribeParams{
			ID: app, Name: a.Name, SearchName: db.Fold(a.Name), Summary: a.Summary, Privacy: string(statements), ChangedAt: a.ChangedAt,
		}); err != nil {
			return err
		}
		if out, err = standing(ctx, tx, a); err != nil {
			return err
		}
		return s.note(ctx, tx, ByActor(actor, org), "app.changed", app, detail)
	})
	return out, err
}

// SetIcon gives an app another icon: PNG, JPEG, GIF, WebP or SVG of at most 256 KiB. Members who may write programs call it.
// Errors: not_found; denied; invalid; unavailable.
func (s *Service) SetIcon(ctx context.Context, actor access.Actor, app string, icon []byte) (Standing, error) {
	org, err := actor.InApp(ctx, app, ActionWrite)
	if err != nil {
		return Standing{}, err
	}
	var c fault.Checks
	f := iconFile(&c, icon)
	if err := c.Err(); err != nil {
		return Standing{}, err
	}
	if err := s.putFiles(ctx, []build.File{f}); err != nil {
		return Standing{}, err
	}
	return s.change(ctx, ByActor(actor, org), app, "app.icon-changed", map[string]string{"icon": f.Name}, func(q *releasedb.Queries, now int64) (int64, error) {
		return q.SetIcon(ctx, releasedb.SetIconParams{ID: app, Icon: f.Name, ChangedAt: now})
	})
}

// SetDomains says which places outside the app's programs may use, in place of what was said before. It holds at once for
// requests, and for pages when they are opened next. Members who may write programs call it.
// Errors: not_found; denied; invalid with every domain that is wrong; unavailable.
func (s *Service) SetDomains(ctx context.Context, actor access.Actor, app string, domains Domains) (Standing, error) {
	org, err := actor.InApp(ctx, app, ActionWrite)
	if err != nil {
		return Standing{}, err
	}
	if domains, err = domains.Validate(); err != nil {
		return Standing{}, err
	}
	text, err := json.Marshal(domains)
	if err != nil {
		return Standing{}, err
	}
	return s.change(ctx, ByActor(actor, org), app, "app.domains-changed", map[string]string{"domains": string(text)}, func(q *releasedb.Queries, now int64) (int64, error) {
		return q.SetDomains(ctx, releasedb.SetDomainsParams{ID: app, Domains: string(text), ChangedAt: now})
	})
}

// change changes the row of an app and records it.
func (s *Service) change(ctx context.Context, by By, app, action string, detail map[string]string, set func(*releasedb.Queries, int64) (int64, error)) (out Standing, err error) {
	err = s.db.Update(ctx, func(tx db.Tx) error {
		n, err := set(releasedb.New(tx), clock.Millis(s.clock))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.NotFound(noApp, fault.Cut(app, 60))
		}
		a, err := findApp(ctx, tx, app)
		if err != nil {
			return err
		}
		if out, err = standing(ctx, tx, a); err != nil {
			return err
		}
		return s.note(ctx, tx, by, action, app, detail)
	})
	return out, err
}

// LookAtVersions is Versions for members who may see the app.
// Errors: not_found; denied; unavailable.
func (s *Service) LookAtVersions(ctx context.Context, actor access.Actor, app string, before int64, limit int) ([]Version, error) {
	if _, err := actor.InApp(ctx, app, ActionRead); err != nil {
		return nil, err
	}
	return s.Versions(ctx, app, before, limit)
}

// LookAtVersion is Version for members who may see the app.
// Errors: not_found; denied; unavailable.
func (s *Service) LookAtVersion(ctx context.Context, actor access.Actor, app, version string) (Version, error) {
	if _, err := actor.InApp(ctx, app, ActionRead); err != nil {
		return Version{}, err
	}
	return s.Version(ctx, app, version)
}
