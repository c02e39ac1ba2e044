package host

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/access"
	"minimart/platform/httpapi"
)

// HostRoutes add what a host app asks about itself: host is the group that [Guard] made.
func (s *Service) HostRoutes(host huma.API, codesAt string) {
	huma.Register(host, huma.Operation{
		OperationID: "host-self", Method: http.MethodGet, Path: "/host", Summary: "Which host app this is", Tags: []string{"host"},
	}, func(ctx context.Context, _ *struct{}) (*struct{ Body selfView }, error) {
		h, _ := Of(ctx)
		return &struct{ Body selfView }{selfView{ID: h.ID, Name: h.Name, CodesAt: codesAt}}, nil
	})
}

type selfView struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	CodesAt string `json:"codesAt,omitempty" doc:"In a demo: the address where codes that were sent to a phone can be read"`
}

// ConsoleRoutes add the operator's work with host apps to the consoles' door.
func (s *Service) ConsoleRoutes(console huma.API, who access.Who) {
	const hosts, one = "/operator/hosts", "/operator/hosts/{host}"
	desk := access.Desk{Console: console, Who: who, Tag: "console", MaxBody: 64 << 10} // a list of [MaxPrograms] ids
	access.Route(desk, "list-hosts", "GET", hosts, "Host apps", s.listHosts)
	access.Route(desk, "create-host", "POST", hosts, "Register a host app; its secret is in this answer alone", s.createHost)
	access.Route(desk, "host", "GET", one, "A host app with its programs", s.showHost)
	access.Route(desk, "change-host", "PATCH", one, "Give it another name or other origins", s.changeHost)
	access.Route(desk, "rotate-host-key", "POST", one+"/keys/rotation", "Make another secret; the old one lives on for a while", s.rotateHost)
	access.Route(desk, "release-to-host", "PUT", one+"/programs", "Say which programs it shows", s.releaseToHost)
	access.Route(desk, "suspend-host", "POST", one+"/suspension", "Shut it out", s.suspendHost)
	access.Route(desk, "resume-host", "DELETE", one+"/suspension", "Let it in again", s.resumeHost)
}

type hostView struct {
	ID             string   `json:"id"`
	Name           string   `json:"name"`
	Kind           Kind     `json:"kind" enum:"web,android,ios,harmony"`
	Origins        []string `json:"origins" doc:"Of its pages, when they do not come from the platform"`
	PublishableKey string   `json:"publishableKey" doc:"Names it in the header Minimart-Host; no secret"`
	Builtin        bool     `json:"builtin" doc:"Whether it is the platform's own web host"`
	All            bool     `json:"all" doc:"Whether every released program is released to it"`
	State          string   `json:"state" enum:"live,suspended"`
	Reason         string   `json:"reason" doc:"Why it is suspended, empty otherwise"`
	SuspendedAt    int64    `json:"suspendedAt" doc:"Unix ms, 0 when it is not"`
	CreatedAt      int64    `json:"createdAt" doc:"Unix ms"`
	ChangedAt      int64    `json:"changedAt" doc:"Unix ms"`
}

func viewOf(h Host) hostView {
	state := "live"
	if h.SuspendedAt > 0 {
		state = "suspended"
	}
	return hostView{
		ID: h.ID, Name: h.Name, Kind: h.Kind, Origins: append([]string{}, h.Origins...), PublishableKey: h.PublishableKey, Builtin: h.Builtin, All: h.AllPrograms,
		State: state, Reason: h.Reason, SuspendedAt: h.SuspendedAt, CreatedAt: h.CreatedAt, ChangedAt: h.ChangedAt,
	}
}

type secretView struct {
	ID        string `json:"id"`
	CreatedAt int64  `json:"createdAt" doc:"Unix ms"`
	ExpiresAt int64  `json:"expiresAt" doc:"Unix ms; 0 for the one that was not replaced yet"`
}

type knownView struct {
	Host    hostView     `json:"host"`
	Apps    []string     `json:"apps" doc:"Ids of the programs released to it; empty when all are"`
	Secrets []secretView `json:"secrets" doc:"Those that still sign, without themselves"`
}

type issuedView struct {
	Host   hostView `json:"host"`
	Secret string   `json:"secret" doc:"Signs assertions; shown this once"`
}

func shown(h Host, err error) (*httpapi.Answer[hostView], error) {
	return httpapi.Body(viewOf(h)), err
}

// issuedAnswer holds a secret and stays out of caches.
type issuedAnswer struct {
	CacheControl string `header:"Cache-Control"`
	Body         issuedView
}

func issued(i Issued, err error) (*issuedAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &issuedAnswer{"no-store", issuedView{viewOf(i.Host), i.Secret}}, nil
}

type pageInput struct {
	Cursor string `query:"cursor" maxLength:"100" doc:"From the answer before: where to go on"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (s *Service) listHosts(ctx context.Context, by access.Actor, in *pageInput) (*httpapi.PageAnswer[hostView], error) {
	found, next, err := s.Hosts(ctx, by, in.Cursor, in.Limit)
	return httpapi.Paged(found, next, err, viewOf)
}

type ofHost struct {
	Host string `path:"host" maxLength:"64" doc:"Id of the host app"`
}

type newHostInput struct {
	Body struct {
		Name    string   `json:"name" doc:"1 to 40 characters"`
		Kind    Kind     `json:"kind" doc:"web, android, ios or harmony"`
		Origins []string `json:"origins,omitempty" nullable:"false" doc:"Of its pages, for kind web when they do not come from the platform; at most 20"`
	}
}

func (s *Service) createHost(ctx context.Context, by access.Actor, in *newHostInput) (*issuedAnswer, error) {
	return issued(s.Register(ctx, by, NewHost{Name: in.Body.Name, Kind: in.Body.Kind, Origins: in.Body.Origins}))
}

func (s *Service) showHost(ctx context.Context, by access.Actor, in *ofHost) (*httpapi.Answer[knownView], error) {
	k, err := s.Host(ctx, by, in.Host)
	secrets := httpapi.Each(k.Secrets, func(s Secret) secretView { return secretView(s) })
	return httpapi.Body(knownView{viewOf(k.Host), append([]string{}, k.Programs...), secrets}), err
}

type changeHostInput struct {
	Host string `path:"host" maxLength:"64"`
	Body struct {
		Name    *string   `json:"name,omitempty" nullable:"false" doc:"1 to 40 characters; left out, it stays"`
		Origins *[]string `json:"origins,omitempty" nullable:"false" doc:"At most 20; left out, they stay"`
	}
}

func (s *Service) changeHost(ctx context.Context, by access.Actor, in *changeHostInput) (*httpapi.Answer[hostView], error) {
	return shown(s.Change(ctx, by, in.Host, Change{Name: in.Body.Name, Origins: in.Body.Origins}))
}

type rotateHostInput struct {
	Host string `path:"host" maxLength:"64"`
	Body struct {
		OverlapSeconds int64 `json:"overlapSeconds" doc:"How long the old secret lives on, at most 30 days" example:"86400"`
	}
}

func (s *Service) rotateHost(ctx context.Context, by access.Actor, in *rotateHostInput) (*issuedAnswer, error) {
	return issued(s.Rotate(ctx, by, in.Host, in.Body.OverlapSeconds))
}

type releaseToHostInput struct {
	Host string `path:"host" maxLength:"64"`
	Body struct {
		All  bool     `json:"all" doc:"Every released program, also those to come"`
		Apps []string `json:"apps" nullable:"false" doc:"Otherwise these, at most 500"`
	}
}

func (s *Service) releaseToHost(ctx context.Context, by access.Actor, in *releaseToHostInput) (*httpapi.Answer[hostView], error) {
	return shown(s.Release(ctx, by, in.Host, in.Body.All, in.Body.Apps))
}

type suspendHostInput struct {
	Host string `path:"host" maxLength:"64"`
	Body struct {
		Reason string `json:"reason" doc:"1 to 500 characters"`
	}
}

func (s *Service) suspendHost(ctx context.Context, by access.Actor, in *suspendHostInput) (*httpapi.Answer[hostView], error) {
	return shown(s.Suspend(ctx, by, in.Host, in.Body.Reason))
}

func (s *Service) resumeHost(ctx context.Context, by access.Actor, in *ofHost) (*httpapi.Answer[hostView], error) {
	return shown(s.Resume(ctx, by, in.Host))
}
