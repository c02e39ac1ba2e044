package release

import "minimart/program/build"

// What goes over the wire. Times are unix milliseconds. Nothing is embedded: huma passes over embedded inputs.

type consoleDomains struct {
	Request []string `json:"request,omitempty" nullable:"false" doc:"Origins for request, uploadFile, downloadFile and sockets: https://shop.example"`
	Media   []string `json:"media,omitempty" nullable:"false" doc:"Origins for pictures, sounds, films and fonts"`
}

func (d consoleDomains) domains() Domains { return Domains(d) }

type consoleApp struct {
	ID               string            `json:"id"`
	Organisation     string            `json:"organisation"`
	Name             string            `json:"name"`
	Icon             string            `json:"icon" doc:"Address of a picture, empty for none"`
	Summary          string            `json:"summary"`
	Domains          Domains           `json:"domains"`
	Privacy          map[string]string `json:"privacy" doc:"Statements by kind"`
	Released         *consoleVersion   `json:"released,omitempty" doc:"What everybody gets"`
	ReleasedAt       int64             `json:"releasedAt" doc:"Unix ms, 0 for never"`
	Rollout          *consoleRollout   `json:"rollout,omitempty" doc:"The staged release that is on its way"`
	Staged           *consoleVersion   `json:"staged,omitempty" doc:"Its version"`
	Trial            *consoleVersion   `json:"trial,omitempty"`
	LastNumber       int64             `json:"lastNumber" doc:"Of its newest version, 0 for none"`
	SuspendedAt      int64             `json:"suspendedAt" doc:"Unix ms, 0 when it is not"`
	SuspensionReason string            `json:"suspensionReason"`
	CreatedAt        int64             `json:"createdAt" doc:"Unix ms"`
	ChangedAt        int64             `json:"changedAt" doc:"Unix ms"`
}

func shapeApp(a Standing) consoleApp {
	out := consoleApp{
		ID: a.ID, Organisation: a.Org, Name: a.Name, Icon: iconAddress(a.Icon), Summary: a.Summary, Domains: a.Domains, Privacy: a.Privacy,
		Released: shapeMaybe(shapeVersion, a.Out), ReleasedAt: a.OutAt, Rollout: shapeMaybe(shapeRollout, a.Rollout), Staged: shapeMaybe(shapeVersion, a.Staged),
		Trial: shapeMaybe(shapeVersion, a.OnTrial), LastNumber: a.LastNumber,
		SuspendedAt: a.SuspendedAt, SuspensionReason: a.SuspensionReason, CreatedAt: a.CreatedAt, ChangedAt: a.ChangedAt,
	}
	return out
}

func shapeMaybe[S, T any](shape func(S) T, v *S) *T {
	if v == nil {
		return nil
	}
	out := shape(*v)
	return &out
}

func iconAddress(name string) string {
	if name == "" {
		return ""
	}
	return build.FileBase + name
}

type consoleVersion struct {
	ID          string `json:"id"`
	App         string `json:"app"`
	Number      int64  `json:"number" doc:"1, 2, 3 … within the app"`
	Label       string `json:"label" doc:"What the developer calls it"`
	Notes       string `json:"notes"`
	State       State  `json:"state" enum:"development,in-review,approved,rejected,released"`
	Bytes       int64  `json:"bytes" doc:"Of all its built files"`
	SourceBytes int64  `json:"sourceBytes" doc:"Of the package it was built from, zipped; 0 when that is not kept"`
	UploadedBy  string `json:"uploadedBy" doc:"Person or key; empty for the platform itself"`
	OutAt       int64  `json:"outAt" doc:"When everybody got it first, unix ms; 0 for never. Only such a version can be rolled back to."`
	CreatedAt   int64  `json:"createdAt" doc:"Unix ms"`
}

func shapeVersion(v Version) consoleVersion {
	return consoleVersion{
		ID: v.ID, App: v.App, Number: v.Number, Label: v.Label, Notes: v.Notes, State: v.State, Bytes: v.Bytes,
		SourceBytes: v.SourceBytes, UploadedBy: v.UploadedBy, OutAt: v.OutAt, CreatedAt: v.CreatedAt,
	}
}

type consoleLink struct {
	App       string `json:"app"`
	Version   string `json:"version"`
	Path      string `json:"path" doc:"Where the link leads, from the root of the site" example:"/app/app_01J…?ticket=…"`
	Token     string `json:"token" doc:"Shown this once"`
	ExpiresAt int64  `json:"expiresAt" doc:"Unix ms, 0 for never"`
}

func shapeLink(l Link) consoleLink {
	return consoleLink{App: l.App, Version: l.Version, Path: l.Path(), Token: l.Token, ExpiresAt: l.ExpiresAt}
}

type consoleTester struct {
	ID        string `json:"id"`
	Phone     string `json:"phone" example:"+8613800138000"`
	Name      string `json:"name"`
	CreatedAt int64  `json:"createdAt" doc:"Unix ms"`
}

func shapeTester(t Tester) consoleTester { return consoleTester(t) }

type consoleRollout struct {
	ID        string       `json:"id"`
	App       string       `json:"app"`
	Version   string       `json:"version"`
	Share     int64        `json:"share" doc:"Millionths of the devices"`
	State     RolloutState `json:"state" enum:"active,complete,stopped"`
	CreatedAt int64        `json:"createdAt" doc:"Unix ms"`
	ChangedAt int64        `json:"changedAt" doc:"Unix ms"`
}

func shapeRollout(r Rollout) consoleRollout { return consoleRollout(r) }

type consoleRecord struct {
	ID             string `json:"id"`
	Number         int64  `json:"number" doc:"1, 2, 3 … within the app"`
	Step           Step   `json:"step" enum:"published,staged,raised,released,stopped,rolled-back,suspended,resumed"`
	Version        string `json:"version" doc:"Empty when the step is about the program"`
	VersionNumber  int64  `json:"versionNumber"`
	Label          string `json:"label"`
	Previous       string `json:"previous" doc:"Version everybody had before, empty for none"`
	PreviousNumber int64  `json:"previousNumber"`
	Rollout        string `json:"rollout"`
	Share          int64  `json:"share" doc:"Millionths of the devices"`
	Reason         string `json:"reason"`
	Actor          string `json:"actor" doc:"Person, empty for the platform itself"`
	At             int64  `json:"at" doc:"Unix ms"`
}

func shapeRecord(r Record) consoleRecord {
	return consoleRecord{
		ID: r.ID, Number: r.Number, Step: r.Step, Version: r.Version, VersionNumber: r.VersionNumber, Label: r.Label, Previous: r.Previous,
		PreviousNumber: r.PreviousNumber, Rollout: r.Rollout, Share: r.Share, Reason: r.Reason, Actor: r.Actor, At: r.At,
	}
}

type consolePrivacyKind struct {
	Kind       string   `json:"kind"`
	Title      string   `json:"title"`
	TitleZh    string   `json:"titleZh"`
	APIs       []string `json:"apis" nullable:"false" doc:"JavaScript APIs that need the statement"`
	Components []string `json:"components" nullable:"false"`
}

func shapePrivacyKind(k PrivacyKind) consolePrivacyKind {
	return consolePrivacyKind{Kind: k.Kind, Title: k.Title, TitleZh: k.TitleZh, APIs: append([]string{}, k.APIs...), Components: append([]string{}, k.Components...)}
}

type consoleOverview struct {
	ID           string `json:"id"`
	Organisation string `json:"organisation"`
	Name         string `json:"name"`
	Icon         string `json:"icon" doc:"Address of a picture, empty for none"`
	Summary      string `json:"summary"`
	SuspendedAt  int64  `json:"suspendedAt" doc:"Unix ms, 0 when it is not"`
	Number       int64  `json:"number" doc:"Of the version everybody gets, 0 for none"`
	Label        string `json:"label"`
	ReleasedAt   int64  `json:"releasedAt" doc:"Unix ms"`
	CreatedAt    int64  `json:"createdAt" doc:"Unix ms"`
}

func shapeOverview(o Overview) consoleOverview {
	return consoleOverview{
		ID: o.ID, Organisation: o.Org, Name: o.Name, Icon: iconAddress(o.Icon), Summary: o.Summary, SuspendedAt: o.SuspendedAt,
		Number: o.Number, Label: o.Label, ReleasedAt: o.ReleasedAt, CreatedAt: o.CreatedAt,
	}
}

type orgInput struct {
	Org string `path:"org" maxLength:"64"`
}

type appInput struct {
	App string `path:"app" maxLength:"64"`
}

type versionInput struct {
	App     string `path:"app" maxLength:"64"`
	Version string `path:"version" maxLength:"64"`
}

type createInput struct {
	Org  string `path:"org" maxLength:"64"`
	Body struct {
		Name    string         `json:"name" doc:"1 to 30 characters"`
		Summary string         `json:"summary,omitempty" doc:"At most 120 characters"`
		Icon    []byte         `json:"icon,omitempty" doc:"PNG, JPEG, GIF, WebP or SVG of at most 256 KiB, in base64"`
		Domains consoleDomains `json:"domains,omitempty"`
	}
}

type describeInput struct {
	App  string `path:"app" maxLength:"64"`
	Body struct {
		Name    *string           `json:"name,omitempty" doc:"1 to 30 characters"`
		Summary *string           `json:"summary,omitempty" doc:"At most 120 characters"`
		Privacy map[string]string `json:"privacy,omitempty" doc:"All statements by kind, at most 200 characters each; an empty one is none"`
	}
}

type iconInput struct {
	App     string `path:"app" maxLength:"64"`
	RawBody []byte `contentType:"application/octet-stream" doc:"PNG, JPEG, GIF, WebP or SVG of at most 256 KiB"`
}

type domainsInput struct {
	App  string `path:"app" maxLength:"64"`
	Body consoleDomains
}

type pageInput struct {
	App    string `path:"app" maxLength:"64"`
	Cursor string `query:"cursor" maxLength:"100" doc:"From the answer before: where to go on"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type trialInput struct {
	App  string `path:"app" maxLength:"64"`
	Body struct {
		Version string `json:"version" maxLength:"64"`
	}
}

type testerInput struct {
	App  string `path:"app" maxLength:"64"`
	Body struct {
		Phone string `json:"phone" doc:"Mobile number of mainland China" example:"138 0013 8000"`
		Name  string `json:"name" doc:"1 to 30 characters"`
	}
}

type oneTesterInput struct {
	App    string `path:"app" maxLength:"64"`
	Tester string `path:"tester" maxLength:"64"`
}

type releaseInput struct {
	App  string `path:"app" maxLength:"64"`
	Body struct {
		Version string `json:"version" maxLength:"64"`
		Share   int64  `json:"share" doc:"Millionths of the devices: 1 to 1000000, which is everybody"`
	}
}

type raiseInput struct {
	App  string `path:"app" maxLength:"64"`
	Body struct {
		Share int64 `json:"share" doc:"Millionths of the devices, more than now; 1000000 is everybody"`
	}
}

type allAppsInput struct {
	Query  string `query:"query" maxLength:"100" doc:"Part of a name, an id, or an organisation's id"`
	State  string `query:"state" enum:"out,unreleased,suspended" doc:"None for all"`
	Cursor string `query:"cursor" maxLength:"100" doc:"From the answer before: where to go on"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type suspendInput struct {
	App  string `path:"app" maxLength:"64"`
	Body struct {
		Reason string `json:"reason" doc:"1 to 500 characters; the developer reads it"`
	}
}
