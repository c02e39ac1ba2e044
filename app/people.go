package app

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"minimart/open/account"
	"minimart/platform/fault"
)

// The people of a demo: somebody who runs the platform, and somebody who owns the official cases.
const (
	demoOperator = "operator@minimart.example"
	demoMerchant = "merchant@minimart.example"
)

// demoPeople are in the demo from its first start on.
type demoPeople struct {
	password string // of both, "" when it is no longer known
	merchant string // the merchant's organisation
}

// settle makes the demo's people where there are none yet: the operator, and a merchant with a verified organisation. Their
// password is made at the first start and kept in a file in the data folder, so that a demo that others can reach has none
// that everybody knows.
func settle(ctx context.Context, accounts *account.Service, dataDir string) (demoPeople, error) {
	file := filepath.Join(dataDir, "demo-password")
	known, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return demoPeople{}, err
	}
	p := demoPeople{password: strings.TrimSpace(string(known))}
	there, err := accounts.HasOperator(ctx)
	if err != nil {
		return demoPeople{}, err
	}
	if !there {
		if p.password == "" {
			p.password = newPassword()
			if err := os.WriteFile(file, []byte(p.password+"\n"), 0o600); err != nil {
				return demoPeople{}, err
			}
		}
		owner := account.NewPerson{Login: demoOperator, Name: "小集运营", Password: p.password}
		if _, _, err := accounts.Bootstrap(ctx, "小集平台运营中心", owner); err != nil {
			return demoPeople{}, err
		}
	}
	if p.password == "" {
		return p, nil // somebody removed the file: the people are there, and their passwords are theirs
	}
	p.merchant, err = settleMerchant(ctx, accounts, p.password)
	return p, err
}

// settleMerchant makes the merchant with its organisation, and has the operator verify it: step by step, as people would.
func settleMerchant(ctx context.Context, accounts *account.Service, password string) (org string, err error) {
	if _, err := accounts.Enrol(ctx, account.NewPerson{Login: demoMerchant, Name: "林砚", Password: password}); err != nil && !fault.Is(err, fault.CodeConflict) {
		return "", err
	}
	from := account.Visitor{Agent: "minimart demo"}
	merchant, err := accounts.SignIn(ctx, demoMerchant, password, from)
	if fault.Is(err, fault.CodeUnauthenticated) {
		return "", nil // the merchant has another password by now, and the organisation
	}
	if err != nil {
		return "", err
	}
	_, belongs, err := accounts.Me(ctx, merchant.Session)
	if err != nil {
		return "", err
	}
	for _, m := range belongs {
		return m.Organisation, accounts.SignOut(ctx, merchant.Session)
	}
	o, err := accounts.CreateOrganisation(ctx, merchant.Session, account.NewOrganisation{Name: "砚光文化（演示商家）", Kind: account.Merchant})
	if err != nil {
		return "", err
	}
	licence := account.NewDocument{Kind: account.BusinessLicence, Name: "演示营业执照.pdf", Bytes: []byte(demoLicence)}
	if _, err := accounts.AddDocument(ctx, merchant.Session, o.ID, licence); err != nil {
		return "", err
	}
	if o, err = accounts.Submit(ctx, merchant.Session, o.ID); err != nil {
		return "", err
	}
	operator, err := accounts.SignIn(ctx, demoOperator, password, from)
	if err != nil {
		return "", fmt.Errorf("verifying the demo's merchant: %w", err)
	}
	if _, err := accounts.Decide(ctx, operator.Session, o.ID, account.Decision{Submission: o.Submission, Verdict: account.StateVerified}); err != nil {
		return "", err
	}
	return o.ID, errors.Join(accounts.SignOut(ctx, merchant.Session), accounts.SignOut(ctx, operator.Session))
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
