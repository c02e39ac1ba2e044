package jos

import (
	"context"
	"slices"
	"strings"

	"minimart/platform/access"
	"minimart/platform/fault"
)

// method is one that can be called.
type method struct {
	scope   string
	changes bool // what changes something is taken once
	// do answers a call for the app of c. by is whose key it is: the same, unless an app has let the key of another one in.
	do func(ctx context.Context, c, by access.Caller, in fields) (any, error)
}

// methods are those whose parts are there.
func methods(p Parts) map[string]method {
	all := map[string]method{}
	if p.Sessions != nil {
		// Its answer takes a code, which is good once: that is its protection against replay.
		all["jingdong.miniapp.mixUserInfo"] = method{ScopeIdentity, false, p.mixUserInfo}
	}
	if p.Versions != nil {
		all["jingdong.miniapp.isv.commitMiniAppDevVersion"] = method{ScopeUpload, true, p.commitDevVersion}
		all["jingdong.miniapp.isv.createdMiniAppExperVersion"] = method{ScopeUpload, true, p.createTrial}
	}
	if p.Reviews != nil {
		all["jingdong.miniapp.isv.commitMiniAppCheckVersion"] = method{ScopeUpload, true, p.submit}
		all["jingdong.miniapp.isv.revokeMiniAppCheckVersion"] = method{ScopeUpload, true, p.withdraw}
	}
	return all
}

// offered are the names of methods, for those who ask for another one.
func offered(all map[string]method) string {
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// suffix ends the name an answer is under. JD spells it with a c; it is in two parts for the sake of spelling checkers.
const suffix = "_respon" + "ce"

// envelope is the name an answer is under.
func envelope(method string) string { return strings.ReplaceAll(method, ".", "_") + suffix }

// codeExpired is what JD answers for a login code that is good for nothing. Its clients compare the number as it is.
const codeExpired = 10102

func (p Parts) mixUserInfo(ctx context.Context, c, _ access.Caller, in fields) (any, error) {
	code, err := in.id("code")
	if err != nil {
		return nil, err
	}
	l, err := p.Sessions.ExchangeLogin(ctx, c.App, code)
	switch f := fault.Of(err); {
	case err == nil:
	case f.Code == fault.CodeInvalid, f.Code == fault.CodeNotFound, f.Code == fault.CodeConflict:
		return result{"code": codeExpired, "error": "code已过期", "errorEn": f.In(fault.En)}, nil
	default:
		return unsuccessful(err)
	}
	return result{"code": "0", "mixUserInfo": map[string]string{"xId": l.UnionID, "openId": l.OpenID}}, nil
}

// own says whether a call is about the app it may act for.
func own(c access.Caller, in fields, name string) error {
	app, err := in.id(name)
	if err != nil {
		return err
	}
	if app != c.App {
		return badValue.because(fault.NotFound(notThisApp, printable(app), c.App))
	}
	return nil
}

func (p Parts) commitDevVersion(ctx context.Context, c, by access.Caller, in fields) (any, error) {
	if err := own(c, in, "appId"); err != nil {
		return nil, err
	}
	pkg, err := in.id("packageId")
	if err != nil {
		return nil, err
	}
	of := Package{App: c.App, Org: c.Org, Version: pkg}
	if in["IsvAppId"] != "" {
		if of.App, err = in.id("IsvAppId"); err != nil {
			return nil, err
		}
	}
	if of.App != c.App {
		of.Org = by.Org // the template of whoever builds programs for others
	}
	version, err := p.Versions.Commit(ctx, c, of, in["versionName"], in["description"])
	if err != nil {
		return unsuccessful(err)
	}
	return result{"code": "0", "devId": version}, nil
}

func (p Parts) createTrial(ctx context.Context, c, _ access.Caller, in fields) (any, error) {
	version, err := about(c, in)
	if err != nil {
		return nil, err
	}
	path, err := p.Versions.Try(ctx, c, version)
	if err != nil {
		return unsuccessful(err)
	}
	return result{"code": "0", "devId": version, "path": path}, nil
}

// about is the version a call names, of the app it may act for.
func about(c access.Caller, in fields) (version string, err error) {
	if err := own(c, in, "miniAppId"); err != nil {
		return "", err
	}
	return in.id("devId")
}

func (p Parts) submit(ctx context.Context, c, _ access.Caller, in fields) (any, error) {
	version, err := about(c, in)
	if err != nil {
		return nil, err
	}
	if err := p.Reviews.Submit(ctx, c, version); err != nil {
		return unsuccessful(err)
	}
	return result{"code": "0", "devId": version}, nil
}

func (p Parts) withdraw(ctx context.Context, c, _ access.Caller, in fields) (any, error) {
	if err := own(c, in, "miniAppId"); err != nil {
		return nil, err
	}
	if err := p.Reviews.Withdraw(ctx, c); err != nil {
		return unsuccessful(err)
	}
	return result{"code": "0"}, nil
}
