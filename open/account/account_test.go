package account_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/open/account"
	"minimart/platform/allowance"
	"minimart/platform/blob"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/testkit"
)

var opening = time.Date(2026, 6, 18, 9, 0, 0, 0, time.UTC)

// goodPassword is everybody's here.
const goodPassword = "seven herons at dusk"

// diary is an outbox that notes events. It refuses two different events with one id, as the real one does.
type diary struct {
	mu     sync.Mutex
	events []db.Event
}

func (d *diary) Append(_ context.Context, _ db.Tx, e db.Event) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, had := range d.events {
		if had.ID == e.ID && !bytes.Equal(had.Payload, e.Payload) {
			return fault.Conflict("two events %s", e.ID)
		}
	}
	d.events = append(d.events, e)
	return nil
}
func (d *diary) Committed() {}

func (d *diary) topics() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []string
	for _, e := range d.events {
		out = append(out, e.Topic)
	}
	return out
}

// letterbox is a courier whose letters the test reads.
type letterbox struct {
	mu      sync.Mutex
	letters []account.Message
	broken  bool
}

func (l *letterbox) Deliver(_ context.Context, m account.Message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken {
		return errors.New("dial smtp: refused")
	}
	l.letters = append(l.letters, m)
	return nil
}

func (l *letterbox) last(t *testing.T, to string) account.Message {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range slices.Backward(l.letters) {
		if string(m.To) == to {
			return m
		}
	}
	t.Fatalf("no letter to %s", to)
	return account.Message{}
}

type house struct {
	*account.Service
	db      *db.DB
	blobs   *blob.Store
	clock   *clock.Fake
	diary   *diary
	letters *letterbox
}

func newHouse(t *testing.T, e testkit.Engine) *house {
	t.Helper()
	h := &house{db: e.Open(t), clock: clock.NewFake(opening), diary: &diary{}, letters: &letterbox{}}
	testkit.Migrate(t, h.db, map[string]fs.FS{"account": account.Schema, "allowance": allowance.Schema})
	h.db.AttachOutbox(h.diary)
	var err error
	if h.blobs, err = blob.Open(t.Context(), "file:"+filepath.Join(t.TempDir(), "blobs")); err != nil {
		t.Fatal(err)
	}
	h.Service = h.service(account.PasswordCost{Memory: 8, Passes: 1, Threads: 1}) // tests guess a lot
	return h
}

func (h *house) service(cost account.PasswordCost) *account.Service {
	return account.New(account.Config{DB: h.db, Blobs: h.blobs, Courier: h.letters, Clock: h.clock, PasswordCost: cost})
}

func onEveryEngine(t *testing.T, test func(*testing.T, *house)) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) { test(t, newHouse(t, e)) })
	}
}

func onSQLite(t *testing.T) *house { return newHouse(t, testkit.Engines(t)[0]) }

var fromOffice = account.Visitor{Address: "203.0.113.7", Agent: "test"}

// enter makes a person and signs it in.
func (h *house) enter(t *testing.T, login string) account.Session {
	t.Helper()
	must[account.Person](t)(h.Enrol(t.Context(), account.NewPerson{Login: login, Name: "Person " + login, Password: goodPassword}))
	return must[account.Begun](t)(h.SignIn(t.Context(), login, goodPassword, fromOffice)).Session
}

// operator makes the operator and signs its owner in.
func (h *house) operator(t *testing.T) account.Session {
	t.Helper()
	_, made, err := h.Bootstrap(t.Context(), "运营中心", account.NewPerson{Login: "root@platform.example", Name: "Root", Password: goodPassword})
	if err != nil || !made {
		t.Fatal(made, err)
	}
	return must[account.Begun](t)(h.SignIn(t.Context(), "root@platform.example", goodPassword, fromOffice)).Session
}

func (h *house) organisation(t *testing.T, owner account.Session) account.Organisation {
	t.Helper()
	return must[account.Organisation](t)(h.CreateOrganisation(t.Context(), owner, account.NewOrganisation{Name: "拾光家居", Kind: account.Merchant}))
}

// join makes the person of a session a member, by invitation.
func (h *house) join(t *testing.T, owner, who account.Session, org string, role account.Role) {
	t.Helper()
	p, _, err := h.Me(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	in := must[account.Invited](t)(h.Invite(t.Context(), owner, org, string(p.Login), role))
	if got := must[string](t)(h.Accept(t.Context(), who, in.Token)); got != org {
		t.Fatalf("joined %s", got)
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

var (
	pdf  = []byte("%PDF-1.7\n%licence")
	png  = []byte("\x89PNG\r\n\x1a\n........")
	jpeg = []byte("\xff\xd8\xff\xe0....JFIF")
)

func TestAMerchantSignsUpAndIsVerified(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		operator := h.operator(t)

		c := must[account.Challenge](t)(h.StartSignUp(ctx, " Li@Shop.Example ", fault.Zh, fromOffice))
		letter := h.letters.last(t, "li@shop.example")
		if letter.Purpose != account.SignUpCode || len(letter.Code) != 8 || !strings.Contains(letter.Text(), letter.Code) || !strings.Contains(letter.Text(), "验证码") {
			t.Errorf("%+v", letter)
		}
		begun := must[account.Begun](t)(h.FinishSignUp(ctx, account.Answer{Challenge: c.ID, Code: letter.Code, Name: "李雷", Password: goodPassword}, fromOffice))
		li := must[account.Session](t)(h.Resume(ctx, begun.Token, fromOffice))
		me, of, err := h.Me(ctx, li)
		if err != nil || me.Login != "li@shop.example" || me.Name != "李雷" || me.Language != fault.Zh || len(of) != 0 {
			t.Errorf("%+v %+v %v", me, of, err)
		}

		o := h.organisation(t, li)
		if o.State != account.StateNew || must[account.Organisation](t)(h.Organisation(ctx, li, o.ID)) != o {
			t.Errorf("%+v", o)
		}
		_, err = h.Submit(ctx, li, o.ID)
		wants(t, "submitting without a licence", err, fault.CodeConflict)
		licence := must[account.Document](t)(h.AddDocument(ctx, li, o.ID, account.NewDocument{Kind: account.BusinessLicence, Name: `C:\scan\执照.html`, Bytes: pdf}))
		if licence.Name != "执照.html.pdf" || licence.ContentType != "application/pdf" {
			t.Errorf("%+v", licence)
		}
		spare := must[account.Document](t)(h.AddDocument(ctx, li, o.ID, account.NewDocument{Kind: account.OtherDocument, Name: "a.PNG", Bytes: png}))
		check(t, h.DropDocument(ctx, li, o.ID, spare.ID))
		if d := must[[]account.Document](t)(h.Documents(ctx, li, o.ID)); len(d) != 1 || d[0] != licence {
			t.Errorf("%+v", d)
		}
		o = must[account.Organisation](t)(h.Submit(ctx, li, o.ID))
		_, err = h.Rename(ctx, li, o.ID, "Another Name")
		wants(t, "renaming while it is looked at", err, fault.CodeConflict)
		wants(t, "deleting while it is looked at", h.DropDocument(ctx, li, o.ID, licence.ID), fault.CodeConflict)
		_, err = h.AddDocument(ctx, li, o.ID, account.NewDocument{Kind: account.OtherDocument, Name: "b.png", Bytes: png})
		wants(t, "adding while it is looked at", err, fault.CodeConflict)

		queue, next, err := h.Organisations(ctx, operator, account.Filter{State: account.StateSubmitted, Query: "拾光"}, "", 10)
		if err != nil || len(queue) != 1 || queue[0].ID != o.ID || next != "" {
			t.Fatalf("%+v %q %v", queue, next, err)
		}
		q := must[account.Qualification](t)(h.Qualification(ctx, operator, o.ID))
		if len(q.Documents) != 1 || len(q.Members) != 1 || q.Members[0].Role != account.Owner {
			t.Errorf("%+v", q)
		}
		if _, b, err := h.ReviewDocument(ctx, operator, o.ID, licence.ID); err != nil || !bytes.Equal(b, pdf) {
			t.Errorf("%q %v", b, err)
		}
		_, err = h.Decide(ctx, operator, o.ID, account.Decision{Submission: 1, Verdict: account.StateRejected})
		wants(t, "rejecting without a reason", err, fault.CodeInvalid)
		o = must[account.Organisation](t)(h.Decide(ctx, operator, o.ID, account.Decision{Submission: 1, Verdict: account.StateRejected, Reason: "the scan\nis unreadable"}))
		if got := must[account.Organisation](t)(h.Organisation(ctx, li, o.ID)); got.State != account.StateRejected || got.Reason != "the scan\nis unreadable" {
			t.Errorf("%+v", got)
		}
		_, err = h.Decide(ctx, operator, o.ID, account.Decision{Submission: 1, Verdict: account.StateVerified})
		wants(t, "deciding twice", err, fault.CodeConflict)

		must[account.Organisation](t)(h.Rename(ctx, li, o.ID, "拾光家居旗舰店"))
		must[account.Organisation](t)(h.Submit(ctx, li, o.ID))
		_, err = h.Decide(ctx, operator, o.ID, account.Decision{Submission: 1, Verdict: account.StateVerified})
		wants(t, "deciding on what was looked at before", err, fault.CodeConflict)
		o = must[account.Organisation](t)(h.Decide(ctx, operator, o.ID, account.Decision{Submission: 2, Verdict: account.StateVerified, Reason: "ignored"}))
		if o.State != account.StateVerified || o.Reason != "" {
			t.Errorf("%+v", o)
		}
		o = must[account.Organisation](t)(h.Decide(ctx, operator, o.ID, account.Decision{Submission: 2, Verdict: account.StateRejected, Reason: "the licence ran out"}))

		want := []string{"member.joined", "member.joined", "organisation.submitted", "organisation.rejected", "organisation.submitted", "organisation.verified", "organisation.rejected"}
		if got := h.diary.topics(); !slices.Equal(got, want) {
			t.Errorf("told %v", got)
		}
		var actions []string
		cursor := ""
		for {
			page, next, err := h.Audit(ctx, li, o.ID, cursor, 4)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page {
				if e.IP != fromOffice.Address || e.Org != o.ID || e.ActorName == "" {
					t.Errorf("%+v", e)
				}
				actions = append(actions, e.Action)
			}
			if cursor = next; cursor == "" {
				break
			}
		}
		slices.Reverse(actions)
		wantActions := []string{
			"organisation.created", "member.joined", "document.added", "document.added", "document.deleted", "organisation.submitted", "document.reviewed", "organisation.rejected",
			"organisation.renamed", "organisation.submitted", "organisation.verified", "organisation.rejected",
		}
		if !slices.Equal(actions, wantActions) {
			t.Errorf("recorded %v", actions)
		}
	})
}

func TestTheOperatorIsMadeOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		_, _, err := h.Bootstrap(t.Context(), "x", account.NewPerson{Password: "short"})
		f := fault.Of(err)
		var fields []string
		for _, field := range f.Fields {
			fields = append(fields, field.Name)
		}
		if !slices.Equal(fields, []string{"name", "owner.login", "owner.name", "owner.password"}) {
			t.Errorf("%v", err)
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		var made int
		ids := map[string]bool{}
		for i := range 4 {
			wg.Go(func() {
				o, first, err := h.Bootstrap(t.Context(), "Center", account.NewPerson{Login: fmt.Sprintf("root%d@platform.example", i), Name: "Root", Password: goodPassword})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				ids[o.ID] = true
				if first {
					made++
				}
			})
		}
		wg.Wait()
		if made != 1 || len(ids) != 1 {
			t.Errorf("made %d, %v", made, ids)
		}
		_, err = h.CreateOrganisation(t.Context(), h.enter(t, "evil@shop.example"), account.NewOrganisation{Name: "Fake operator", Kind: account.Operator})
		wants(t, "a stranger's operator", err, fault.CodeInvalid)
	})
}

func TestBadInputIsNamedFieldByField(t *testing.T) {
	h := onSQLite(t)
	ctx := t.Context()
	li := h.enter(t, "li@shop.example")
	o := h.organisation(t, li)
	create := func(name string) error {
		_, err := h.CreateOrganisation(ctx, li, account.NewOrganisation{Name: name, Kind: account.ISV})
		return err
	}
	upload := func(d account.NewDocument) error { _, err := h.AddDocument(ctx, li, o.ID, d); return err }
	tests := []struct {
		name   string
		err    error
		fields []string
		says   string
	}{
		{"a name with a line end", create("a\r\nSet-Cookie: x=y"), []string{"name"}, "U+000D"},
		{"a name written backwards", create("abc\u202egpj.exe"), []string{"name"}, "U+202E"},
		{"a name without width", create("\u200b\u200b\u200b"), []string{"name"}, "U+200B"},
		{"a name of fillers", create("\u3164\u3164"), []string{"name"}, "U+3164"},
		{"a name with a zero byte", create("a\x00b"), []string{"name"}, "U+0000"},
		{"a name that is no text", create("ab\xff"), []string{"name"}, "UTF-8"},
		{"a name that is too long", create(strings.Repeat("字", 61)), []string{"name"}, "61 characters"},
		{"a name that is too short", create(" 字 "), []string{"name"}, "two characters"},
		{"no organisation at all", func() error { _, err := h.CreateOrganisation(ctx, li, account.NewOrganisation{}); return err }(), []string{"name", "kind"}, "no kind"},
		{"a profile without anything", h.SetProfile(ctx, li, "", "fr"), []string{"name", "language"}, "zh or en"},
		{"a file of another type", upload(account.NewDocument{Kind: account.OtherDocument, Name: "a.pdf", Bytes: []byte("<html><script>")}), []string{"file"}, "neither PDF"},
		{"an empty file without a name", upload(account.NewDocument{Kind: "passport"}), []string{"kind", "name", "file"}, "the file is empty"},
		{"a file that is too large", upload(account.NewDocument{Kind: account.OtherDocument, Name: "a.pdf", Bytes: append(bytes.Clone(pdf), make([]byte, account.MaxDocument)...)}), []string{"file"}, "at most 10485760"},
		{"a file whose name is a header", upload(account.NewDocument{Kind: account.OtherDocument, Name: "a\r\nX: y.pdf", Bytes: pdf}), []string{"name"}, "U+000D"},
		{"a role nobody has", h.SetRole(ctx, li, o.ID, li.Person, "god"), []string{"role"}, "no role"},
		{"an invitation without anything", func() error { _, err := h.Invite(ctx, li, o.ID, "", ""); return err }(), []string{"login", "role"}, "give an e-mail"},
		{"a decision without anything", func() error { _, err := h.Decide(ctx, li, o.ID, account.Decision{}); return err }(), []string{"verdict"}, "no verdict"},
		{"a reason that is too long", func() error {
			_, err := h.Decide(ctx, li, o.ID, account.Decision{Verdict: account.StateRejected, Reason: strings.Repeat("x", 501)})
			return err
		}(), []string{"reason"}, "501 characters"},
		{"a cursor of another list", func() error { _, _, err := h.Audit(ctx, li, o.ID, "x' OR 1=1", 5); return err }(), []string{"cursor"}, "no cursor"},
		{"a state nobody knows", func() error { _, _, err := h.Organisations(ctx, li, account.Filter{State: "x"}, "", 5); return err }(), []string{"state"}, "no state"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := fault.Of(tt.err)
			if f == nil || f.Code != fault.CodeInvalid || !strings.Contains(f.Message, tt.says) {
				t.Fatalf("%v", tt.err)
			}
			var fields []string
			for _, w := range f.Fields {
				fields = append(fields, w.Name)
			}
			if !slices.Equal(fields, tt.fields) {
				t.Errorf("fields %v, want %v", fields, tt.fields)
			}
			if f.In(fault.Zh) == f.Message {
				t.Errorf("no Chinese: %s", f.Message)
			}
		})
	}
}

// brokenStore takes nothing.
type brokenStore struct{ *blob.Store }

func (brokenStore) Put(context.Context, string, []byte, string) error {
	return fault.Unavailable("full")
}

func TestNoDocumentWithoutItsFileAndNoFileWithoutItsDocument(t *testing.T) {
	h := onSQLite(t)
	li := h.enter(t, "li@shop.example")
	o := h.organisation(t, li)
	broken := account.New(account.Config{DB: h.db, Blobs: brokenStore{h.blobs}, Courier: h.letters, Clock: h.clock})
	_, err := broken.AddDocument(t.Context(), li, o.ID, account.NewDocument{Kind: account.OtherDocument, Name: "a.jpg", Bytes: jpeg})
	wants(t, "a full store", err, fault.CodeUnavailable)
	if d := must[[]account.Document](t)(h.Documents(t.Context(), li, o.ID)); len(d) != 0 {
		t.Errorf("%+v", d)
	}
	d := must[account.Document](t)(h.AddDocument(t.Context(), li, o.ID, account.NewDocument{Kind: account.OtherDocument, Name: "a.jpg", Bytes: jpeg}))
	check(t, h.DropDocument(t.Context(), li, o.ID, d.ID))
	for e, err := range h.blobs.List(t.Context(), "") {
		t.Errorf("left behind: %s %v", e.Key, err)
	}
	for i := range 20 {
		must[account.Document](t)(h.AddDocument(t.Context(), li, o.ID, account.NewDocument{Kind: account.OtherDocument, Name: fmt.Sprint(i, ".jpg"), Bytes: jpeg}))
	}
	_, err = h.AddDocument(t.Context(), li, o.ID, account.NewDocument{Kind: account.OtherDocument, Name: "21.jpg", Bytes: jpeg})
	wants(t, "one document too many", err, fault.CodeExhausted)
}

func TestAnEntryThatCannotBeReadLaterIsNotWritten(t *testing.T) {
	h := onSQLite(t)
	for name, e := range map[string]account.Entry{
		"an action of words":  {Action: "Removed a member"},
		"no action":           {},
		"an action with a nl": {Action: "member\nremoved"},
		"a target too long":   {Action: "a.b", Target: strings.Repeat("x", 201)},
		"a detail too long":   {Action: "a.b", Detail: map[string]string{"x": strings.Repeat("x", 9000)}},
	} {
		if err := h.db.Update(t.Context(), func(tx db.Tx) error { return h.Record(t.Context(), tx, e) }); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	li := h.enter(t, "li@shop.example")
	check(t, h.db.Update(t.Context(), func(tx db.Tx) error {
		return h.Record(t.Context(), tx, account.Entry{Actor: li.Person, Action: "a.b", IP: "1.2.3.4\nforged: line"})
	}))
	page, _, err := h.OwnAudit(t.Context(), li, "", 1)
	if err != nil || len(page) != 1 || page[0].Action != "a.b" || page[0].IP != "" {
		t.Errorf("%+v %v", page, err)
	}
}

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }
