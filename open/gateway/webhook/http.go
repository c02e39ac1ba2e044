package webhook

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"minimart/open/gateway"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/fault"
)

// ConsoleRoutes adds the webhooks of an app to the console API: console is the group under /api/console/v1.
func (s *Service) ConsoleRoutes(console huma.API, who access.Who) {
	const hooks, one = "/apps/{app}/webhooks", "/apps/{app}/webhooks/{endpoint}"
	op := func(method, path, operation, summary string) huma.Operation {
		return huma.Operation{Method: method, Path: path, OperationID: "console-" + operation, Summary: summary, Tags: []string{"Webhooks"}, MaxBodyBytes: maxBody}
	}
	huma.Register(console, op(http.MethodGet, hooks, "list-webhooks", "List the endpoints of an app"), inAs(who, s.list))
	huma.Register(console, op(http.MethodPost, hooks, "create-webhook", "Create an endpoint; its secret is in this answer alone"), inAs(who, s.post))
	huma.Register(console, op(http.MethodGet, "/apps/{app}/webhook-types", "list-webhook-types", "List the types of events"), inAs(who, s.listTypes))
	huma.Register(console, op(http.MethodGet, one, "get-webhook", "Show an endpoint"), inAs(who, s.get))
	huma.Register(console, op(http.MethodPut, one, "change-webhook", "Change an endpoint's URL, description and types"), inAs(who, s.put))
	huma.Register(console, op(http.MethodDelete, one, "delete-webhook", "Remove an endpoint"), inAs(who, s.remove))
	huma.Register(console, op(http.MethodPost, one+"/enable", "enable-webhook", "Tell an endpoint again"), inAs(who, s.enable))
	huma.Register(console, op(http.MethodPost, one+"/disable", "disable-webhook", "Stop telling an endpoint"), inAs(who, s.disable))
	huma.Register(console, op(http.MethodPost, one+"/rotate", "rotate-webhook-secret", "Make a new secret; the old one signs too for a while"), inAs(who, s.rotate))
	huma.Register(console, op(http.MethodPost, one+"/test", "test-webhook", "Send a test message"), inAs(who, s.test))
	huma.Register(console, op(http.MethodGet, one+"/deliveries", "list-webhook-deliveries", "Page through the delivery log"), inAs(who, s.listDeliveries))
	huma.Register(console, op(http.MethodGet, one+"/deliveries/{delivery}", "get-webhook-delivery", "Show a delivery with its body and attempts"), inAs(who, s.getDelivery))
	huma.Register(console, op(http.MethodPost, one+"/deliveries/{delivery}/redeliver", "redeliver-webhook", "Send a delivery again now"), inAs(who, s.redeliver))
}

// maxBody is the body of a console's request: a URL, a description and the types.
const maxBody = 16 << 10

// inAs gives a handler the actor who asks.
func inAs[I, O any](who access.Who, handle func(context.Context, access.Actor, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		actor, err := who(ctx)
		if err != nil {
			return nil, err
		}
		return handle(ctx, actor, in)
	}
}

// OfApp, OfEndpoint and OfDelivery are path parameters. They are exported for huma, which looks into exported structs alone.
type OfApp struct {
	App string `path:"app" maxLength:"64" doc:"Id of the app"`
}

// OfEndpoint is an endpoint of an app.
type OfEndpoint struct {
	OfApp
	Endpoint string `path:"endpoint" maxLength:"64" doc:"Id of the endpoint"`
}

// OfDelivery is a delivery to an endpoint.
type OfDelivery struct {
	OfEndpoint
	Delivery string `path:"delivery" maxLength:"64" doc:"Id of the delivery, which is its webhook-id"`
}

type endpointBody struct {
	URL         string   `json:"url" example:"https://shop.example/hooks"`
	Description string   `json:"description,omitempty"`
	Types       []string `json:"types" nullable:"false" doc:"Types of events; * for all"`
}

// WebhookView is an endpoint as consoles see it. Times are unix ms; one that has not come is left out.
type WebhookView struct {
	ID             string        `json:"id"`
	URL            string        `json:"url"`
	Description    string        `json:"description"`
	Types          []string      `json:"types" nullable:"false"`
	State          EndpointState `json:"state" enum:"enabled,disabled"`
	DisabledReason string        `json:"disabledReason,omitempty" enum:"by_hand,gone,failing"`
	FailingSince   int64         `json:"failingSince,omitempty" doc:"Unix ms of the first failure after the last success"`
	PreviousUntil  int64         `json:"previousSecretUntil,omitempty" doc:"Unix ms until when the secret before this one signs too"`
	CreatedAt      int64         `json:"createdAt" doc:"Unix ms"`
	ChangedAt      int64         `json:"changedAt" doc:"Unix ms"`
}

// IssuedWebhookView is an endpoint with its new secret.
type IssuedWebhookView struct {
	WebhookView
	Secret string `json:"secret" doc:"Shown this once"`
}

// DeliveryView is a delivery as consoles see it. Times are unix ms; one that has not come is left out.
type DeliveryView struct {
	ID         string        `json:"id" doc:"The webhook-id"`
	Event      string        `json:"event"`
	Type       string        `json:"type"`
	State      DeliveryState `json:"state" enum:"pending,delivered,failed,stopped"`
	Attempts   int           `json:"attempts"`
	NextAt     int64         `json:"nextAt,omitempty" doc:"Unix ms of the next attempt"`
	LastStatus int           `json:"lastStatus" doc:"HTTP, 0 when there was no answer"`
	LastError  string        `json:"lastError,omitempty" doc:"A word for programs, and what it was" example:"timeout: no answer within 15s"`
	CreatedAt  int64         `json:"createdAt" doc:"Unix ms"`
	DoneAt     int64         `json:"doneAt,omitempty" doc:"Unix ms"`
}

// AttemptView is an attempt as consoles see it.
type AttemptView struct {
	Number    int    `json:"number"`
	StartedAt int64  `json:"startedAt" doc:"Unix ms"`
	Took      int64  `json:"took" doc:"ms"`
	Status    int    `json:"status" doc:"HTTP, 0 when there was no answer"`
	Error     string `json:"error,omitempty"`
	Response  string `json:"response,omitempty" doc:"The first 2 KiB"`
}

type (
	endpointAnswer struct{ Body WebhookView }
	issuedAnswer   struct {
		CacheControl string `header:"Cache-Control"` // secrets stay out of caches
		Body         IssuedWebhookView
	}
	nothing struct{}
)

func (s *Service) view(e Endpoint) WebhookView {
	v := WebhookView{ID: e.ID, URL: e.URL, Description: e.Description, Types: e.Types, State: e.State, DisabledReason: e.DisabledReason,
		FailingSince: e.FailingSince, CreatedAt: e.CreatedAt, ChangedAt: e.ChangedAt}
	if e.PreviousUntil > clock.Millis(s.clock) {
		v.PreviousUntil = e.PreviousUntil
	}
	return v
}

func viewOf(d Delivery) DeliveryView { return DeliveryView(d) }

func (s *Service) shown(e Endpoint, err error) (*endpointAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &endpointAnswer{s.view(e)}, nil
}

func (s *Service) issued(e IssuedEndpoint, err error) (*issuedAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &issuedAnswer{"no-store", IssuedWebhookView{s.view(e.Endpoint), e.Secret}}, nil
}

// listed is an answer that holds things.
type listed[T any] struct {
	Body struct {
		Items []T `json:"items" nullable:"false"`
	}
}

func listOf[A, B any](items []A, view func(A) B) *listed[B] {
	out := &listed[B]{}
	out.Body.Items = make([]B, len(items))
	for i, a := range items {
		out.Body.Items[i] = view(a)
	}
	return out
}

func (s *Service) list(ctx context.Context, actor access.Actor, in *OfApp) (*listed[WebhookView], error) {
	endpoints, err := s.Endpoints(ctx, actor, in.App)
	if err != nil {
		return nil, err
	}
	return listOf(endpoints, s.view), nil
}

func (s *Service) post(ctx context.Context, actor access.Actor, in *struct {
	OfApp
	Body endpointBody
}) (*issuedAnswer, error) {
	return s.issued(s.CreateEndpoint(ctx, actor, in.App, EndpointSpec(in.Body)))
}

func (s *Service) get(ctx context.Context, actor access.Actor, in *OfEndpoint) (*endpointAnswer, error) {
	return s.shown(s.Endpoint(ctx, actor, in.App, in.Endpoint))
}

func (s *Service) put(ctx context.Context, actor access.Actor, in *struct {
	OfEndpoint
	Body endpointBody
}) (*endpointAnswer, error) {
	return s.shown(s.ChangeEndpoint(ctx, actor, in.App, in.Endpoint, EndpointSpec(in.Body)))
}

func (s *Service) remove(ctx context.Context, actor access.Actor, in *OfEndpoint) (*nothing, error) {
	return &nothing{}, s.DeleteEndpoint(ctx, actor, in.App, in.Endpoint)
}

func (s *Service) enable(ctx context.Context, actor access.Actor, in *OfEndpoint) (*endpointAnswer, error) {
	return s.shown(s.EnableEndpoint(ctx, actor, in.App, in.Endpoint))
}

func (s *Service) disable(ctx context.Context, actor access.Actor, in *OfEndpoint) (*endpointAnswer, error) {
	return s.shown(s.DisableEndpoint(ctx, actor, in.App, in.Endpoint))
}

func (s *Service) rotate(ctx context.Context, actor access.Actor, in *struct {
	OfEndpoint
	Body struct {
		OverlapSeconds int64 `json:"overlapSeconds" doc:"How long the old secret signs too, at most 7 days" example:"86400"`
	}
}) (*issuedAnswer, error) {
	most := int64(MaxSecretOverlap / time.Second)
	if in.Body.OverlapSeconds < 0 || in.Body.OverlapSeconds > most { // before it is multiplied
		return nil, fault.Invalid("overlapSeconds", badOverlap, most)
	}
	return s.issued(s.RotateSecret(ctx, actor, in.App, in.Endpoint, time.Duration(in.Body.OverlapSeconds)*time.Second))
}

type testAnswer struct {
	Body struct {
		Delivery string `json:"delivery" doc:"Id of the delivery to look for in the log"`
	}
}

func (s *Service) test(ctx context.Context, actor access.Actor, in *OfEndpoint) (*testAnswer, error) {
	delivery, err := s.SendTest(ctx, actor, in.App, in.Endpoint)
	if err != nil {
		return nil, err
	}
	out := &testAnswer{}
	out.Body.Delivery = delivery
	return out, nil
}

type deliveriesAnswer struct {
	Body struct {
		Items []DeliveryView `json:"items" nullable:"false"`
		Next  string         `json:"next" doc:"Cursor of the next page, empty at the end"`
	}
}

func (s *Service) listDeliveries(ctx context.Context, actor access.Actor, in *struct {
	OfEndpoint
	State  string `query:"state" maxLength:"20" doc:"Only those in this state"`
	Cursor string `query:"cursor" maxLength:"64"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}) (*deliveriesAnswer, error) {
	page, next, err := s.Deliveries(ctx, actor, in.App, in.Endpoint, DeliveryState(in.State), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &deliveriesAnswer{}
	out.Body.Next = next
	out.Body.Items = make([]DeliveryView, len(page))
	for i, d := range page {
		out.Body.Items[i] = viewOf(d)
	}
	return out, nil
}

type deliveryAnswer struct {
	Body struct {
		DeliveryView
		Payload json.RawMessage `json:"payload" doc:"The body that was sent"`
		Log     []AttemptView   `json:"log" nullable:"false" doc:"The last 100 attempts, the newest first"`
	}
}

func (s *Service) getDelivery(ctx context.Context, actor access.Actor, in *OfDelivery) (*deliveryAnswer, error) {
	d, body, attempts, err := s.Delivery(ctx, actor, in.App, in.Endpoint, in.Delivery)
	if err != nil {
		return nil, err
	}
	out := &deliveryAnswer{}
	out.Body.DeliveryView, out.Body.Payload = viewOf(d), json.RawMessage(body)
	out.Body.Log = make([]AttemptView, len(attempts))
	for i, a := range attempts {
		out.Body.Log[i] = AttemptView(a)
	}
	return out, nil
}

func (s *Service) redeliver(ctx context.Context, actor access.Actor, in *OfDelivery) (*nothing, error) {
	return &nothing{}, s.Redeliver(ctx, actor, in.App, in.Endpoint, in.Delivery)
}

// TypeView is a type of event as consoles see it.
type TypeView struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	TitleZh string `json:"titleZh"`
}

func (s *Service) listTypes(ctx context.Context, actor access.Actor, in *OfApp) (*listed[TypeView], error) {
	if _, err := actor.InApp(ctx, in.App, gateway.ReadWebhooks); err != nil {
		return nil, err
	}
	return listOf(s.options.Types, func(t Type) TypeView { return TypeView(t) }), nil
}
