package settings

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/access"
)

// Known is what everybody may know of the platform.
type Known struct {
	Name       string `json:"name" doc:"In Chinese"`
	NameEn     string `json:"nameEn" doc:"In English"`
	Support    string `json:"support" doc:"Whom to ask, empty for nobody"`
	TermsURL   string `json:"termsUrl" doc:"Empty for none"`
	PrivacyURL string `json:"privacyUrl" doc:"Empty for none"`
	SelfSignUp bool   `json:"selfSignUp" doc:"Whether strangers may make accounts"`
	Demo       bool   `json:"demo" doc:"Whether messages go to the screen instead of to their readers"`
}

// Shown is the settings as the operator sees them.
type Shown struct {
	Name       string `json:"name" doc:"In Chinese, 1 to 30 characters"`
	NameEn     string `json:"nameEn" doc:"In English, 1 to 30 characters"`
	Support    string `json:"support" doc:"At most 200 characters"`
	TermsURL   string `json:"termsUrl" doc:"https, or empty"`
	PrivacyURL string `json:"privacyUrl" doc:"https, or empty"`
	SelfSignUp bool   `json:"selfSignUp"`
	Revision   int64  `json:"revision" doc:"A change names the one it was made from"`
	ChangedAt  int64  `json:"changedAt,omitempty" readOnly:"true" doc:"Unix ms, 0 for never"`
}

type known struct{ Body Known }
type shown struct{ Body Shown }
type none struct{}

// ConsoleRoutes adds the room's routes to the consoles' door. public makes an operation one that anybody may call, signed in
// or not; demo says whether this is a demo.
func (s *Service) ConsoleRoutes(console huma.API, who access.Who, public func(huma.Operation) huma.Operation, demo bool) {
	op := func(name, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: "console-" + name, Method: method, Path: path, Summary: summary, Tags: []string{"settings"}, MaxBodyBytes: 8 << 10}
	}
	huma.Register(console, public(op("settings", "GET", "/settings", "What everybody may know of the platform")), func(ctx context.Context, _ *none) (*known, error) {
		c, err := s.Current(ctx)
		return &known{Known{c.Name, c.NameEn, c.Support, c.TermsURL, c.PrivacyURL, c.SelfSignUp, demo}}, err
	})
	huma.Register(console, op("operator-settings", "GET", "/operator/settings", "The settings of the platform"), func(ctx context.Context, _ *none) (*shown, error) {
		actor, err := who(ctx)
		if err == nil {
			err = actor.OnPlatform(ctx, Read)
		}
		if err != nil {
			return nil, err
		}
		c, err := s.Current(ctx)
		return &shown{Shown(c)}, err
	})
	huma.Register(console, op("set-settings", "PUT", "/operator/settings", "Change the settings of the platform"), func(ctx context.Context, in *shown) (*shown, error) {
		actor, err := who(ctx)
		if err != nil {
			return nil, err
		}
		c, err := s.Set(ctx, actor, Settings(in.Body))
		return &shown{Shown(c)}, err
	})
}
