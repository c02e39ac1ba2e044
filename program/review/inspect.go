package review

import (
	"maps"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"minimart/program/pkgfile"
	"minimart/program/release"
	"minimart/program/safety"
)

// Sizes from which a reviewer is told. The limits a package cannot pass are those of pkgfile.
const (
	largePackage = 2 << 20
	largeFile    = 1 << 20
	largeImage   = 200 << 10
	manyLogs     = 30
)

// inspection is what a version is held against.
type inspection struct {
	facts   *facts
	app     release.App
	safety  *safety.Checker
	gates   map[string]string // API or component to the capability it needs
	granted map[string]bool   // by capability
}

// inspect finds what a reviewer should look at.
func (in *inspection) inspect() Findings {
	found := &findings{}
	for _, group := range []map[string]*use{in.facts.apis, in.facts.components} {
		for _, name := range slices.Sorted(maps.Keys(group)) {
			in.gated(found, group[name])
			in.private(found, group[name])
		}
	}
	in.texts(found)
	in.sizes(found)
	in.unused(found)
	in.leftovers(found)
	return found.sorted()
}

// gated finds what needs a capability the app does not have. What only a framework's template holds, the program may never
// use: it weighs less.
func (in *inspection) gated(found *findings, u *use) {
	capability, ok := in.gates[u.name]
	if !ok || in.granted[capability] {
		return
	}
	tell(found, CapabilityMissing, u, capability)
}

func tell(found *findings, code Code, u *use, details ...any) {
	severity := safety.High
	if !u.sure {
		severity = safety.Medium
	}
	for _, p := range u.places {
		found.add(code, severity, p, u.name, details...).Sure = u.sure
	}
}

// private finds what touches something about a consumer that no statement names.
func (in *inspection) private(found *findings, u *use) {
	for _, kind := range privacyKindsOf(u.name) {
		if in.app.Privacy[kind] == "" {
			tell(found, PrivacyUndeclared, u, kind)
		}
	}
}

// privacyKindsOf an API "getLocation", a component "camera" or one with an attribute "button.open-type=getPhoneNumber".
func privacyKindsOf(name string) []string {
	component, rest, dotted := strings.Cut(name, ".")
	kinds := release.PrivacyOfAPI(name)
	if dotted {
		attribute, value, _ := strings.Cut(rest, "=")
		kinds = append(kinds, release.PrivacyOfComponent(component, attribute, value)...)
	} else {
		kinds = append(kinds, release.PrivacyOfComponent(name, "", "")...)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

func (in *inspection) texts(found *findings) {
	for field, value := range map[string]string{"name": in.app.Name, "summary": in.app.Summary} {
		in.safe(found, text{value: value, key: field})
	}
	for _, t := range in.facts.texts {
		in.safe(found, t)
		if strings.Contains(t.value, "://") {
			in.addresses(found, t)
		}
	}
}

func (in *inspection) safe(found *findings, t text) {
	for _, h := range in.safety.Check(t.value).Hits {
		rule, _ := in.safety.Rule(h.Rule)
		at := t.place
		if h.Line > 1 && at.Line > 0 {
			at.Line, at.Column = at.Line+h.Line-1, 0
		}
		f := found.add(ContentSafety, h.Severity, at, plain(h.Written), rule.Zh, rule.En)
		if f.Rule == "" {
			f.Rule, f.Category, f.Quote = h.Rule, h.Category, quote(t.value, h.Start, h.End)
		}
	}
}

// plain is a text on one line.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// quote is what stands at a place of a text, with a few characters around it.
func quote(s string, start, end int) string {
	const around = 20
	before, after := []rune(s[:start]), []rune(s[end:])
	cut := func(r []rune, n int) bool { return len(r) > n }
	var out string
	if cut(before, around) {
		before, out = before[len(before)-around:], "…"
	}
	out += string(before) + s[start:end]
	if cut(after, around) {
		out += string(after[:around]) + "…"
	} else {
		out += string(after)
	}
	return shorten(plain(out), maxQuote)
}

var addressPattern = regexp.MustCompile("(?i)\\b(?:https?|wss?)://[^\\s\"'<>\\\\`^{|}，。；、）】》”’]+")

// documentation are hosts that libraries name in messages and comments, not to be asked for anything.
var documentation = map[string]bool{
	"www.w3.org": true, "w3.org": true, "reactjs.org": true, "react.dev": true, "legacy.reactjs.org": true, "fb.me": true, "github.com": true,
	"developer.mozilla.org": true, "mths.be": true, "lodash.com": true, "feross.org": true, "vuejs.org": true, "v3.vuejs.org": true, "cn.vuejs.org": true,
	"docs.taro.zone": true, "taro-docs.jd.com": true, "nervjs.github.io": true, "taro.jd.com": true, "taro.com": true, "webpack.js.org": true, "npms.io": true,
	"developers.weixin.qq.com": true, "mp.jd.com": true, "bit.ly": true, "git.io": true, "momentjs.com": true, "tools.ietf.org": true, "datatracker.ietf.org": true,
	"tc39.es": true, "stackoverflow.com": true, "en.wikipedia.org": true, "json-schema.org": true, "opensource.org": true, "www.apache.org": true, "bugs.chromium.org": true,
}

// addressKeys are what the address of a server is usually called.
var addressKeys = regexp.MustCompile(`(?i)^(?:.*(?:url|uri|host|domain|server|endpoint|origin|api)|base|root|src|poster|action|gateway)$`)

func (in *inspection) addresses(found *findings, t text) {
	for _, address := range addressPattern.FindAllString(t.value, 50) {
		u, err := url.Parse(strings.TrimRight(address, ".,;:!?)]"))
		if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Host, "$%*") {
			continue
		}
		host := strings.ToLower(u.Hostname())
		used := addressKeys.MatchString(t.key) || strings.HasPrefix(t.value, address)
		if documentation[host] && !addressKeys.MatchString(t.key) {
			continue
		}
		origin := strings.ToLower(u.Scheme) + "://" + strings.ToLower(u.Host)
		secure := strings.EqualFold(u.Scheme, "https") || strings.EqualFold(u.Scheme, "wss")
		severity := safety.Low
		if used {
			severity = safety.Medium
		}
		switch {
		case localHost(host):
			found.add(AddressLocal, severity, t.place, origin).Quote = shorten(address, maxQuote)
			continue
		case !secure:
			found.add(AddressInsecure, severity, t.place, origin).Quote = shorten(address, maxQuote)
		}
		if !in.inside(u, t) {
			found.add(AddressOutside, severity, t.place, origin).Quote = shorten(address, maxQuote)
		}
	}
}

// inside says whether an address lies in the app's domains. What a template shows must lie in those for media; in scripts it
// cannot be told what an address is for, so either list will do.
func (in *inspection) inside(u *url.URL, t text) bool {
	origin, err := release.ParseOrigin("https://" + u.Host)
	if err != nil {
		return false
	}
	if slices.Contains(in.app.Domains.Media, origin) {
		return true
	}
	return t.from != inTemplate && slices.Contains(in.app.Domains.Request, origin)
}

func localHost(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".local") || !strings.Contains(host, ".") && !strings.Contains(host, ":") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && (a.IsLoopback() || a.IsPrivate() || a.IsUnspecified() || a.IsLinkLocalUnicast())
}

var imageEndings = map[string]bool{".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".webp": true, ".svg": true, ".avif": true, ".bmp": true, ".ico": true}
var mediaEndings = map[string]bool{".mp3": true, ".m4a": true, ".aac": true, ".wav": true, ".ogg": true, ".mp4": true, ".webm": true, ".ttf": true, ".otf": true, ".woff": true, ".woff2": true}

func image(name string) bool { return imageEndings[strings.ToLower(path.Ext(name))] }

// packageSizes are the bytes of the main package, "", and of each subpackage, without source maps.
func packageSizes(pkg *pkgfile.Package) map[string]int64 {
	out := map[string]int64{"": 0}
	for _, s := range pkg.App.Subpackages {
		out[s.Root] = 0
	}
	for _, name := range pkg.Names {
		if path.Ext(name) != ".map" {
			out[pkg.SubpackageOf(name)] += int64(len(pkg.Files[name]))
		}
	}
	return out
}

func (in *inspection) sizes(found *findings) {
	pkg := in.facts.pkg
	for root, n := range packageSizes(pkg) {
		if n > largePackage {
			zh, en := "主包", "the main package"
			if root != "" {
				zh, en = "分包 "+root+" ", "the subpackage "+root
			}
			found.add(PackageLarge, safety.Medium, Place{File: root}, sizeOf(n), zh, en)
		}
	}
	for _, name := range pkg.Names {
		n := len(pkg.Files[name])
		switch {
		case image(name) && n > largeImage:
			found.add(ImageLarge, safety.Low, Place{File: name}, sizeOf(int64(n)))
		case n > largeFile && path.Ext(name) != ".map":
			found.add(FileLarge, safety.Low, Place{File: name}, sizeOf(int64(n)))
		}
	}
	for _, c := range in.facts.constants {
		found.add(ConstantLarge, safety.Medium, c.place, sizeOf(int64(c.bytes)))
	}
}

// tail is the last two parts of a path, which is what relative and absolute spellings of it share.
func tail(p string) string {
	p, _, _ = strings.Cut(p, "?")
	p, _, _ = strings.Cut(p, "#")
	parts := strings.Split(strings.Trim(path.Clean("/"+p), "/"), "/")
	return strings.Join(parts[max(0, len(parts)-2):], "/")
}

var assetPattern = regexp.MustCompile(`[^\s"'()/\\=:,;<>]+\.[A-Za-z0-9]{2,5}`)

// unused finds pages nothing leads to, and files nothing refers to.
func (in *inspection) unused(found *findings) {
	pkg := in.facts.pkg
	led, folders, bases := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, name := range pkg.Names {
		bases[path.Base(name)] = true
	}
	for _, t := range in.facts.texts {
		if t.place.File == "app.json" || len(t.value) > 1000 || !strings.Contains(t.value, "/") {
			continue
		}
		led[tail(t.value)] = true
		// "/art/" + name + ".svg": what lies in the folder may be meant.
		if dir, base := path.Split(t.value); !bases[base] {
			folders[tail(dir)] = true
		}
	}
	for _, page := range pkg.Pages {
		if page.Path == pkg.App.EntryPage || led[tail(page.Path)] || pkg.Component(page.Path) != nil || folders[tail(path.Dir(path.Dir(page.Path)))] ||
			pkg.App.TabBar != nil && slices.ContainsFunc(pkg.App.TabBar.Tabs, func(t pkgfile.Tab) bool { return t.Page == page.Path }) {
			continue
		}
		at := Place{File: page.Template}
		if at.File == "" {
			at.File = page.Path
		}
		found.add(PageUnused, safety.Low, at, page.Path)
	}
	named := in.named()
	reached := in.reached()
	for _, name := range pkg.Names {
		ext := strings.ToLower(path.Ext(name))
		unused := false
		switch {
		case imageEndings[ext] || mediaEndings[ext]:
			unused = !named[path.Base(name)] && !folders[tail(path.Dir(name))]
		case ext == ".js" || ext == ".ts":
			unused = reached != nil && !reached[name]
		}
		if unused {
			found.add(FileUnused, safety.Low, Place{File: name}, path.Dir(name))
		}
	}
}

// named are the names of files that stand anywhere in code, styles and configuration.
func (in *inspection) named() map[string]bool {
	pkg, named := in.facts.pkg, map[string]bool{}
	for _, name := range pkg.Names {
		switch path.Ext(name) {
		case ".js", ".ts", ".json", pkg.Dialect.Template, pkg.Dialect.Style, pkg.Dialect.Script:
			for _, m := range assetPattern.FindAllString(string(pkg.Files[name]), 20_000) {
				named[path.Base(m)] = true
			}
		}
	}
	return named
}

// reached are the scripts the app's start and its units lead to; nil where some are named at run time, which may be any.
func (in *inspection) reached() map[string]bool {
	if in.facts.computed || len(in.facts.unread) > 0 {
		return nil
	}
	pkg := in.facts.pkg
	queue := []string{"app.js"}
	for _, u := range slices.Concat(pkg.Pages, pkg.Components) {
		queue = append(queue, u.Script)
	}
	reached := map[string]bool{}
	for len(queue) > 0 {
		file := queue[0]
		queue = queue[1:]
		if file == "" || reached[file] {
			continue
		}
		reached[file] = true
		for _, spec := range in.facts.requires[file] {
			if next, ok := pkg.Lookup(file, spec, "", ".js", ".ts", ".json"); ok {
				queue = append(queue, next)
			}
		}
	}
	return reached
}

func (in *inspection) leftovers(found *findings) {
	if n := len(in.facts.logs); n >= manyLogs {
		found.add(DebugLogs, safety.Low, in.facts.logs[0], strconv.Itoa(n))
	}
	for _, p := range in.facts.debuggers {
		found.add(DebugStatement, safety.Low, p, "debugger")
	}
	for _, p := range in.facts.byName {
		found.add(APIComputed, safety.Low, p, in.facts.pkg.Dialect.Global+"[…]")
	}
	for _, p := range in.facts.unread {
		found.add(ScriptUnread, safety.Medium, p, p.File)
	}
}
