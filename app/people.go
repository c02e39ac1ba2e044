package app

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"minimart/open/account"
	"minimart/open/membership"
	"minimart/platform/fault"
	"minimart/program/release"
)

// The people of a demo: somebody who runs the platform, and somebody who owns the official cases.
const (
	demoOperator = "operator@minimart.example"
	demoMerchant = "merchant@minimart.example"
)

// demoPeople are in the demo from its first start on.
type demoPeople struct {
	password string // of both, "" when it is no longer known
	operator account.Begun
	merchant account.Begun
	org      string // the merchant's organisation
}

// settle makes the demo's people where there are none yet, the operator and a merchant with a verified organisation, and signs
// them in. Their password is made at the first start and kept in a file in the data folder, so that a demo that others can
// reach has none that everybody knows. Who has changed it since is not signed in.
func settle(ctx context.Context, accounts *account.Service, dataDir string) (p demoPeople, err error) {
	file := filepath.Join(dataDir, "demo-password")
	known, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return p, err
	}
	p.password = strings.TrimSpace(string(known))
	there, err := accounts.HasOperator(ctx)
	if err != nil {
		return p, err
	}
	if !there {
		if p.password == "" {
			p.password = newPassword()
			if err := os.WriteFile(file, []byte(p.password+"\n"), 0o600); err != nil {
				return p, err
			}
		}
		owner := account.NewPerson{Login: demoOperator, Name: "小集运营", Password: p.password}
		if _, _, err := accounts.Bootstrap(ctx, "小集平台运营中心", owner); err != nil {
			return p, err
		}
	}
	if p.password == "" {
		return p, nil // somebody removed the file: the people are there, and their passwords are theirs
	}
	merchant := account.NewPerson{Login: demoMerchant, Name: "林砚", Password: p.password}
	if _, err := accounts.Enrol(ctx, merchant); err != nil && !fault.Is(err, fault.CodeConflict) {
		return p, err
	}
	for login, who := range map[string]*account.Begun{demoOperator: &p.operator, demoMerchant: &p.merchant} {
		*who, err = accounts.SignIn(ctx, login, p.password, account.Visitor{Agent: "minimart demo"})
		if fault.Is(err, fault.CodeUnauthenticated) {
			p.password = ""
			return p, nil
		}
		if err != nil {
			return p, err
		}
	}
	p.org, err = settleMerchant(ctx, accounts, p)
	return p, err
}

// leave signs the people out again.
func (p demoPeople) leave(ctx context.Context, accounts *account.Service) error {
	var errs []error
	for _, who := range []account.Begun{p.operator, p.merchant} {
		if who.Token != "" {
			errs = append(errs, accounts.SignOut(ctx, who.Session))
		}
	}
	return errors.Join(errs...)
}

// settleMerchant makes the merchant's organisation, unless there is one, and has the operator verify it: step by step, as
// people would.
func settleMerchant(ctx context.Context, accounts *account.Service, p demoPeople) (org string, err error) {
	_, belongs, err := accounts.Me(ctx, p.merchant.Session)
	if err != nil {
		return "", err
	}
	for _, m := range belongs {
		return m.Organisation, nil
	}
	o, err := accounts.CreateOrganisation(ctx, p.merchant.Session, account.NewOrganisation{Name: "砚光文化（演示商家）", Kind: account.Merchant})
	if err != nil {
		return "", err
	}
	licence := account.NewDocument{Kind: account.BusinessLicence, Name: "演示营业执照.pdf", Bytes: []byte(demoLicence)}
	if _, err := accounts.AddDocument(ctx, p.merchant.Session, o.ID, licence); err != nil {
		return "", err
	}
	if o, err = accounts.Submit(ctx, p.merchant.Session, o.ID); err != nil {
		return "", err
	}
	_, err = accounts.Decide(ctx, p.operator.Session, o.ID, account.Decision{Submission: o.Submission, Verdict: account.StateVerified})
	return o.ID, err
}

// introduce does what the people of a demo do before anybody comes: the operator offers PLUS, and the merchant says what its
// jeweller needs to know of consumers. It is done once; what people change afterwards stays.
func introduce(ctx context.Context, r *rooms, p demoPeople) error {
	if p.merchant.Token == "" {
		return nil
	}
	offered, err := r.members.Plans(ctx)
	if err != nil {
		return err
	}
	if len(offered) == 0 {
		plans := []membership.Plan{{Code: "plus-trial", Zh: "PLUS 体验 30 天", En: "PLUS, 30 days to try", Days: 30}, {Code: "plus-year", Zh: "PLUS 年卡", En: "PLUS, a year", Days: 365, Price: 14900}}
		if _, err := r.members.SetPlans(ctx, r.accounts.Actor(p.operator.Session, r.releases), plans); err != nil {
			return err
		}
	}
	app, err := r.releases.App(ctx, jewellery)
	if err != nil || len(app.Privacy) > 0 {
		return err
	}
	merchant := r.accounts.Actor(p.merchant.Session, r.releases)
	statements := map[string]string{"profile": "在会员卡上称呼您", "membership": "向 PLUS 会员展示会员礼遇"}
	if _, err := r.releases.Describe(ctx, merchant, jewellery, release.Described{Privacy: statements}); err != nil {
		return err
	}
	return r.capabilities.Endow(ctx, jewellery, membership.Plus.Name)
}

// demoLicence is a page that says that it is none.
const demoLicence = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 200]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n" +
	"4 0 obj<</Length 76>>stream\nBT /F 18 Tf 30 100 Td (Demo document. This is not a business licence.) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

// newPassword is twenty characters that are easy to type: 100 bits.
func newPassword() string {
	var b [13]byte
	_, _ = rand.Read(b[:]) // never fails
	text := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))[:20]
	return text[:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:]
}
