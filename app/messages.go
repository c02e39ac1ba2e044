package app

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"minimart/open/account"
	"minimart/platform/courier"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
)

// newCourier is how messages reach people, by the flags. On a demo's screen they go to screen instead.
func newCourier(f platformFlags, screen *courier.Screen) (courier.Courier, error) {
	if screen != nil {
		return screen, nil
	}
	var by courier.ByKind
	if f.SMTP != "" {
		mail, err := courier.NewMail(f.SMTP, f.MailFrom)
		if err != nil {
			return nil, err
		}
		by.Mail = mail
	}
	if f.SMS != "" {
		sms, err := courier.NewSMS(f.SMS, f.SMSSecret)
		if err != nil {
			return nil, err
		}
		by.Phone = sms
	}
	return by, nil
}

// consoleMessages brings the messages of accounts to their logins.
type consoleMessages struct {
	courier courier.Courier
	// consoleURL is the address of the consoles, as their readers reach them
	consoleURL string
}

var subjects = map[account.Purpose]map[fault.Language]string{
	account.SignUpCode:        {fault.Zh: "注册验证码", fault.En: "Your code to sign up"},
	account.AlreadyRegistered: {fault.Zh: "该账号已存在", fault.En: "You have an account already"},
	account.SignUpClosed:      {fault.Zh: "暂不开放注册", fault.En: "Accounts are by invitation"},
	account.ResetCode:         {fault.Zh: "重设密码验证码", fault.En: "Your code for another password"},
	account.NoAccount:         {fault.Zh: "该账号尚未注册", fault.En: "You have no account yet"},
	account.InvitationLink:    {fault.Zh: "邀请您加入组织", fault.En: "An invitation"},
}

func (c consoleMessages) Deliver(ctx context.Context, m account.Message) error {
	out := courier.Message{To: string(m.To), Subject: subjects[m.Purpose][m.Language], Text: m.Text(), Code: m.Code}
	if m.Token != "" {
		out.Link = c.consoleURL + "invitations/" + url.PathEscape(m.Token)
	}
	return c.courier.Deliver(ctx, out)
}

// screenPath is where a demo shows its messages.
const screenPath = "/api/demo/messages"

// screenRoutes shows the messages of a demo: GET /api/demo/messages?to=LOGIN answers those to a login, the newest first.
// Whoever reaches a demo can read all of them, which is what it says on its pages. But a page from elsewhere must not reach it
// by the browser of somebody who can: one whose name was made to lead to this machine (DNS rebinding) is of one origin with
// the demo, and with the codes it would have every account. So the name must be origin's, or one that strangers cannot have.
func screenRoutes(mux *http.ServeMux, screen *courier.Screen, origin string) {
	own, _ := url.Parse(origin)
	type message struct {
		To   string `json:"to"`
		Text string `json:"text"`
		Code string `json:"code,omitempty"`
		Link string `json:"link,omitempty"`
		At   int64  `json:"at"`
	}
	mux.Handle("GET "+screenPath, httpapi.HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
		if !nobodyElses(r.Host) && (own == nil || !strings.EqualFold(r.Host, own.Host)) {
			return fault.Denied(foreignName, fault.Cut(r.Host, 100))
		}
		login, err := account.ParseLogin(r.URL.Query().Get("to"))
		if err != nil {
			return fault.Of(err).Under("to")
		}
		items := []message{}
		for _, m := range screen.To(string(login)) {
			items = append(items, message{m.To, m.Text, m.Code, m.Link, m.At.UnixMilli()})
		}
		httpapi.WriteJSON(w, http.StatusOK, map[string]any{"items": items})
		return nil
	}))
}

const foreignName = "the messages of a demo are not shown under the name %s; open it by its address, or start it with --public-url"

var _ = fault.Chinese(map[string]string{foreignName: "演示消息不在域名 %s 下显示；请用本机地址打开，或以 --public-url 启动"})

// nobodyElses says whether a host is an address, or a name that nobody can have registered.
func nobodyElses(host string) bool {
	u, err := url.Parse("http://" + host)
	if err != nil || host == "" || u.Host != host {
		return false
	}
	name := strings.ToLower(u.Hostname())
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return name != "" && !strings.Contains(name, ".") || strings.HasSuffix(name, ".localhost") || strings.HasSuffix(name, ".local")
}
