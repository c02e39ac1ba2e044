package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// accounts is the part of contract v1 that has to do with consumers, as open/host, open/identity and open/membership speak it:
// one consumer, with the phone 13800138000, whose code is always 246810.
type accounts struct {
	signedIn  bool
	nickname  string
	avatar    string
	plus      bool
	renews    bool
	until     int64
	consents  map[string]bool // app/kind
	given     []string        // consents and disclosures in order: "consent shop/profile"
	suspended map[string]bool
	tester    bool
	demo      bool
	asked     []string // what came to the platform's API: "POST /session"
	forgot    []string
	strangers []string // requests that a door would refuse
	session   int
}

const (
	hostKey   = "hpk_0000000000000000000000test"
	rightCode = "246810"
)

func newAccounts() *accounts {
	return &accounts{nickname: "小满", avatar: "panda", consents: map[string]bool{}, suspended: map[string]bool{}, demo: true}
}

// newPlatform is a server with accounts.
func newPlatform(t *testing.T, programs ...program) *server {
	t.Helper()
	return serve(t, newAccounts(), programs)
}

// door is what stands before the platform's API: the host's key, its device, and no page but its own.
func (s *server) door(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a := s.accounts; a != nil && strings.HasPrefix(r.URL.Path, "/api/host/v1/") {
			s.mu.Lock()
			a.asked = append(a.asked, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api/host/v1"))
			stranger := r.Header.Get("Minimart-Host") != hostKey || len(r.Header.Get("Minimart-Device")) != 22 || r.Header.Get("Sec-Fetch-Site") != "same-origin"
			if stranger {
				a.strangers = append(a.strangers, fmt.Sprintf("%s %s host=%q device=%q site=%q", r.Method, r.URL.Path, r.Header.Get("Minimart-Host"), r.Header.Get("Minimart-Device"), r.Header.Get("Sec-Fetch-Site")))
			}
			s.mu.Unlock()
			if stranger {
				problem(w, http.StatusForbidden, "this page may not ask")
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// problem answers as platform/httpapi does; fields are pairs of a field and what is wrong with it.
func problem(w http.ResponseWriter, status int, detail string, fields ...string) {
	errs := []map[string]string{}
	for i := 0; i+1 < len(fields); i += 2 {
		errs = append(errs, map[string]string{"field": fields[i], "in": "body", "message": fields[i+1]})
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"status": status, "code": "x", "detail": detail, "errors": errs})
}

func (a *accounts) mayLaunch(w http.ResponseWriter, r *http.Request, p program) bool {
	switch {
	case a.suspended[p.id]:
		problem(w, http.StatusForbidden, "平台已暂停此程序：销售违禁品")
	case p.ticket == "":
		return true
	case r.URL.Query().Get("ticket") != p.ticket:
		problem(w, http.StatusNotFound, "此链接无效或已失效，请向开发者索取新链接")
	case !a.signedIn:
		problem(w, http.StatusUnauthorized, "这是试用版，请用试用者的手机号登录")
	case !a.tester:
		problem(w, http.StatusForbidden, "你不是这个程序的试用者")
	default:
		return true
	}
	return false
}

func (a *accounts) me() map[string]any {
	return map[string]any{"id": "csm_test", "phone": "138****8000", "nickname": a.nickname, "avatar": a.avatar, "avatarUrl": "/avatars/" + a.avatar + ".svg", "plus": a.membership()}
}

func (a *accounts) membership() map[string]any {
	if !a.plus {
		return map[string]any{"level": "none", "until": 0, "state": "none", "auto": false}
	}
	return map[string]any{"level": "plus", "until": a.until, "state": "active", "auto": a.renews}
}

// routes; everything but signing in is for who has signed in.
func (a *accounts) routes(mux *http.ServeMux, s *server) {
	signedIn := func(pattern string, handle func(w http.ResponseWriter, r *http.Request, in map[string]any)) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" /api/host/v1"+path, func(w http.ResponseWriter, r *http.Request) {
			var in map[string]any
			_ = json.NewDecoder(r.Body).Decode(&in) // most have no body
			s.mu.Lock()
			defer s.mu.Unlock()
			c, err := r.Cookie("minimart_consumer")
			if err != nil || !a.signedIn || c.Value != fmt.Sprint("token", a.session) {
				problem(w, http.StatusUnauthorized, "请先登录")
				return
			}
			handle(w, r, in)
		})
	}
	mux.HandleFunc("GET /api/host/v1/host", func(w http.ResponseWriter, r *http.Request) {
		host := map[string]any{"id": "hst_test", "name": "小集"}
		if a.demo {
			host["codesAt"] = "/api/demo/messages"
		}
		answer(w, host)
	})
	mux.HandleFunc("GET /api/demo/messages", func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]any{"items": []map[string]any{{"to": r.URL.Query().Get("to"), "text": "您的验证码是 " + rightCode + "，五分钟内有效", "at": 2}, {"text": "您的验证码是 111111", "at": 1}}})
	})
	mux.HandleFunc("POST /api/host/v1/sign-in/codes", func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Phone, Language string }
		json.NewDecoder(r.Body).Decode(&in)
		if len(in.Phone) != 11 {
			problem(w, http.StatusUnprocessableEntity, "有字段不对", "body.phone", "不是手机号；请写成 13800138000")
			return
		}
		answer(w, map[string]any{"challenge": "chl_test", "expiresAt": time.Now().Add(5 * time.Minute).UnixMilli()})
	})
	mux.HandleFunc("POST /api/host/v1/session", func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Challenge, Code string }
		json.NewDecoder(r.Body).Decode(&in)
		if in.Code != rightCode {
			problem(w, http.StatusUnprocessableEntity, "有字段不对", "code", "验证码错误、已失效或已过期；请重新获取")
			return
		}
		s.mu.Lock()
		a.signedIn = true
		a.session++
		http.SetCookie(w, &http.Cookie{Name: "minimart_consumer", Value: fmt.Sprint("token", a.session), Path: "/api/host/v1", HttpOnly: true, SameSite: http.SameSiteStrictMode})
		s.mu.Unlock()
		answer(w, map[string]any{"consumer": "csm_test"})
	})
	signedIn("DELETE /session", func(w http.ResponseWriter, _ *http.Request, _ map[string]any) {
		a.signedIn = false
		w.WriteHeader(http.StatusNoContent)
	})
	signedIn("GET /me", func(w http.ResponseWriter, _ *http.Request, _ map[string]any) { answer(w, a.me()) })
	mux.HandleFunc("GET /api/host/v1/avatars", func(w http.ResponseWriter, _ *http.Request) {
		items := []map[string]string{}
		for _, key := range []string{"fox", "panda", "owl", "whale", "cat", "frog", "leaf", "moon", "sun", "mountain", "cup", "kite"} {
			items = append(items, map[string]string{"key": key, "url": "/avatars/" + key + ".svg"})
		}
		answer(w, map[string]any{"items": items, "next": ""})
	})
	signedIn("PATCH /me", func(w http.ResponseWriter, _ *http.Request, in map[string]any) {
		if in["nickname"] == "管理员" {
			problem(w, http.StatusUnprocessableEntity, "有字段不对", "body.nickname", "不能叫这个名字")
			return
		}
		a.nickname, a.avatar = fmt.Sprint(in["nickname"]), fmt.Sprint(in["avatar"])
		answer(w, a.me())
	})
	signedIn("GET /me/consents", func(w http.ResponseWriter, _ *http.Request, _ map[string]any) {
		items := []map[string]any{}
		for key, given := range a.consents {
			if app, kind, _ := strings.Cut(key, "/"); given {
				p, _ := s.find(app)
				items = append(items, map[string]any{"app": app, "appName": p.name, "icon": "", "kind": kind, "purpose": p.privacy[kind], "givenAt": time.Now().UnixMilli(), "lastUsedAt": time.Now().UnixMilli()})
			}
		}
		answer(w, map[string]any{"items": items, "next": ""})
	})
	signedIn("DELETE /me/consents/{app}/{kind}", func(w http.ResponseWriter, r *http.Request, _ map[string]any) {
		delete(a.consents, r.PathValue("app")+"/"+r.PathValue("kind"))
		w.WriteHeader(http.StatusNoContent)
	})
	signedIn("GET /me/disclosures", func(w http.ResponseWriter, r *http.Request, _ map[string]any) {
		items := []map[string]any{}
		for i, line := range a.given {
			what, of, _ := strings.Cut(line, " ")
			app, kind, _ := strings.Cut(of, "/")
			if what == "login" {
				kind = "login"
			}
			if want := r.URL.Query().Get("app"); want != "" && want != app {
				continue
			}
			p, _ := s.find(app)
			items = append(items, map[string]any{"id": fmt.Sprint(i), "app": app, "appName": p.name, "icon": "", "kind": kind, "at": time.Now().UnixMilli(), "lastAt": time.Now().UnixMilli(), "times": i + 1})
		}
		slices.Reverse(items)
		answer(w, map[string]any{"items": items, "next": ""})
	})
	signedIn("DELETE /me/apps/{app}", func(w http.ResponseWriter, r *http.Request, _ map[string]any) {
		a.forgot = append(a.forgot, r.PathValue("app"))
		for key := range a.consents {
			if strings.HasPrefix(key, r.PathValue("app")+"/") {
				delete(a.consents, key)
			}
		}
		w.WriteHeader(http.StatusNoContent)
	})
	signedIn("GET /me/sessions", func(w http.ResponseWriter, r *http.Request, _ map[string]any) {
		answer(w, map[string]any{"items": []map[string]any{
			{"id": "ses_here", "agent": r.UserAgent(), "address": "127.0.0.1", "current": true, "seenAt": time.Now().UnixMilli()},
			{"id": "ses_there", "agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "address": "203.0.113.7", "current": false, "seenAt": time.Now().Add(-48 * time.Hour).UnixMilli()},
		}})
	})
	signedIn("GET /membership/plans", func(w http.ResponseWriter, _ *http.Request, _ map[string]any) {
		answer(w, map[string]any{"items": []map[string]any{
			{"code": "plus-month", "name": map[string]string{"zh": "连续包月", "en": "By the month"}, "days": 31, "price": 0, "joinable": true},
			{"code": "plus-year", "name": map[string]string{"zh": "年卡", "en": "By the year"}, "days": 365, "price": 14800, "joinable": false, "note": "此方案售价 148.00 元，收银台上线后可开通"},
		}})
	})
	signedIn("GET /membership", func(w http.ResponseWriter, _ *http.Request, _ map[string]any) { answer(w, a.membership()) })
	signedIn("POST /membership", func(w http.ResponseWriter, _ *http.Request, in map[string]any) {
		if in["plan"] != "plus-month" || a.plus {
			problem(w, http.StatusConflict, "不能开通")
			return
		}
		a.plus, a.renews, a.until = true, in["auto"] == true, time.Now().AddDate(0, 0, 31).UnixMilli()
		answer(w, a.membership())
	})
	signedIn("POST /membership/renewal", func(w http.ResponseWriter, _ *http.Request, in map[string]any) {
		if in["until"] != float64(a.until) {
			problem(w, http.StatusConflict, "会员已有变化")
			return
		}
		a.until += 31 * 24 * time.Hour.Milliseconds()
		answer(w, a.membership())
	})
	signedIn("PUT /membership/renewal", func(w http.ResponseWriter, _ *http.Request, in map[string]any) {
		a.renews = in["auto"] == true
		answer(w, a.membership())
	})
	signedIn("POST /programs/{app}/login", func(w http.ResponseWriter, r *http.Request, _ map[string]any) {
		a.given = append(a.given, "login "+r.PathValue("app"))
		answer(w, map[string]any{"code": "login-code-1"})
	})
	signedIn("GET /programs/{app}/login", func(w http.ResponseWriter, r *http.Request, _ map[string]any) {
		answer(w, map[string]any{"valid": slices.Contains(a.given, "login "+r.PathValue("app"))})
	})
	// may says no as the server does, whatever the host thought.
	may := func(w http.ResponseWriter, r *http.Request) (program, string, bool) {
		p, kind := program{}, r.PathValue("kind")
		for _, known := range s.programs {
			if known.id == r.PathValue("app") {
				p = known
			}
		}
		needs := map[string]string{"phone-number": "phone-number", "membership": "plus-membership"}[kind]
		if needs != "" && !slices.Contains(p.capabilities, needs) {
			problem(w, http.StatusForbidden, "程序没有能力 "+needs)
			return p, kind, false
		}
		return p, kind, true
	}
	disclose := func(w http.ResponseWriter, app, kind string) {
		switch kind {
		case "profile":
			answer(w, map[string]any{"nickName": a.nickname, "avatarUrl": "/avatars/" + a.avatar + ".svg"})
		case "phone-number":
			answer(w, map[string]any{"code": "phone-code-1"})
		case "membership":
			answer(w, a.membership())
		}
	}
	signedIn("GET /programs/{app}/consents/{kind}", func(w http.ResponseWriter, r *http.Request, _ map[string]any) {
		p, kind, ok := may(w, r)
		if ok {
			answer(w, map[string]any{"given": a.consents[p.id+"/"+kind] && kind != "phone-number", "purpose": p.privacy[kind], "allowed": true})
		}
	})
	signedIn("POST /programs/{app}/consents/{kind}", func(w http.ResponseWriter, r *http.Request, in map[string]any) {
		if p, kind, ok := may(w, r); ok {
			if in["purpose"] != p.privacy[kind] {
				problem(w, http.StatusConflict, "用途已更改")
				return
			}
			a.consents[p.id+"/"+kind] = true
			a.given = append(a.given, "consent "+p.id+"/"+kind)
			disclose(w, p.id, kind)
		}
	})
	signedIn("POST /programs/{app}/disclosures/{kind}", func(w http.ResponseWriter, r *http.Request, _ map[string]any) {
		p, kind, ok := may(w, r)
		if ok && !a.consents[p.id+"/"+kind] {
			problem(w, http.StatusForbidden, "消费者没有同意")
			return
		}
		if ok {
			a.given = append(a.given, "disclosure "+p.id+"/"+kind)
			disclose(w, p.id, kind)
		}
	})
	mux.HandleFunc("GET /avatars/{file}", func(w http.ResponseWriter, r *http.Request) {
		key := strings.TrimSuffix(r.PathValue("file"), ".svg")
		hue := 0
		for _, c := range key {
			hue = (hue*31 + int(c)) % 360
		}
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 60"><rect width="60" height="60" fill="hsl(%d 45%% 80%%)"/><circle cx="30" cy="26" r="12" fill="hsl(%d 45%% 45%%)"/><path d="M10 60a20 20 0 0 1 40 0" fill="hsl(%d 45%% 45%%)"/></svg>`, hue, hue, hue)
	})
}
