package app

import (
	"context"
	"encoding/json"
	"fmt"

	"minimart/open/capability"
	"minimart/open/gateway/webhook"
	"minimart/open/identity"
	"minimart/platform/bus"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/program/release"
)

// webhookTypes are the events that developers' servers can hear of, by what they are called here.
var webhookTypes = []webhook.Type{
	{Name: "version.moved", Title: "A version of the program moved: submitted, approved, rejected, released", TitleZh: "小程序版本状态变化：提交、通过、驳回、发布"},
	{Name: "program.released", Title: "Another version is what everybody gets", TitleZh: "全量发布的版本变化"},
	{Name: "capability.granted", Title: "A capability was granted", TitleZh: "能力已开通"},
	{Name: "capability.rejected", Title: "An application for a capability was rejected", TitleZh: "能力申请被驳回"},
	{Name: "capability.revoked", Title: "A capability was revoked", TitleZh: "能力已收回"},
	{Name: "consent.given", Title: "A consumer agreed to something", TitleZh: "消费者给予授权"},
	{Name: "consent.withdrawn", Title: "A consumer withdrew a consent", TitleZh: "消费者撤回授权"},
}

// webhookOf is which type of webhook becomes of which event. The payloads of these events are written for outsiders: they
// name consumers by their openid and the app at "app".
var webhookOf = map[string]string{
	release.TopicMoved:             "version.moved",
	release.TopicPromoted:          "program.released",
	capability.TopicGranted:        "capability.granted",
	capability.TopicRejected:       "capability.rejected",
	capability.TopicRevoked:        "capability.revoked",
	identity.TopicConsentGiven:     "consent.given",
	identity.TopicConsentWithdrawn: "consent.withdrawn",
}

// subscribe serves the consumers of events until ctx ends.
func (p *Platform) subscribe(ctx context.Context) error {
	var topics []string
	for topic := range webhookOf {
		topics = append(topics, topic)
	}
	return p.bus.Subscribe(ctx, "webhooks", topics, p.tellServers)
}

// tellServers makes a webhook of an event. The same event is told once, however often it comes.
func (r *rooms) tellServers(ctx context.Context, e db.Event) error {
	var about map[string]json.RawMessage
	var app string
	err := json.Unmarshal(e.Payload, &about)
	if err == nil {
		err = json.Unmarshal(about["app"], &app)
	}
	if err != nil {
		return bus.GiveUp(fmt.Errorf("the event %s %s names no app: %w", e.Topic, e.ID, err))
	}
	delete(about, "actor") // who of the operator's people it was is not for outsiders
	data, err := json.Marshal(about)
	if err != nil {
		return bus.GiveUp(err)
	}
	return r.webhooks.Deliver(ctx, webhook.Event{ID: e.ID, App: app, Type: webhookOf[e.Topic], At: clock.Time(e.At), Data: data})
}
