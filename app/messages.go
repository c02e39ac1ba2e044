package app

import (
	"context"
	"net/http"
	"net/url"

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
// Whoever reaches a demo can read all of them, which is what it says on its pages.
func screenRoutes(mux *http.ServeMux, screen *courier.Screen) {
	type message struct {
		To   string `json:"to"`
		Text string `json:"text"`
		Code string `json:"code,omitempty"`
		Link string `json:"link,omitempty"`
		At   int64  `json:"at"`
	}
	mux.Handle("GET "+screenPath, httpapi.HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
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
