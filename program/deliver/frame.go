package deliver

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"minimart/platform/fault"
	"minimart/program/release"
)

// frameDocument is the page a program is drawn in. The host loads it into an iframe with sandbox="allow-scripts", so its
// origin is opaque; the header says sandbox as well, for whoever opens it by its address. The runtime in it says hello to
// the host, gets its ports, and is sent everything else (FrameHello and FrameBoot in web/runtime/src/shared/protocol.ts).
const frameDocument = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title></title>
<body><script>%s</script></body>
</html>
`

// avatarBase is where the pictures of consumers are (open/identity). A program is given their addresses by jd.getUserProfile
// and may show them; what it asks for there tells nobody anything.
const avatarBase = "/avatars/"

// permissions closes what a browser could ask the consumer for on behalf of the sandbox. What a program may use, it asks
// the host for, and the host asks the consumer.
// Only features that browsers know are named: each other one would be a complaint in every program's console.
const permissions = "accelerometer=(), camera=(), clipboard-read=(), display-capture=(), encrypted-media=(), " +
	"geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), " +
	"payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()"

// frame is the sandbox document: its text, and the hash under which its script may run.
type frame struct {
	document []byte
	script   string
}

// newFrame panics when the runtime cannot stand in a script element: it is compiled into the program.
func newFrame(runtime string) frame {
	lower := strings.ToLower(runtime)
	for _, end := range []string{"</script", "<!--", "<script"} {
		if strings.Contains(lower, end) {
			panic(fmt.Sprintf("deliver: the view runtime contains %q and would end its own script element; escape it in the bundle", end))
		}
	}
	sum := sha256.Sum256([]byte(runtime))
	return frame{
		document: fmt.Appendf(nil, frameDocument, runtime),
		script:   "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'",
	}
}

// policy is the Content-Security-Policy of the sandbox of a program. What it lets through, it lets out: a program could put
// what it knows into the address of a picture. So pictures come from the platform and from domains the app has declared,
// and nothing else goes anywhere: requests go through the host (program/relay).
func (f frame) policy(origin string, domains release.Domains) string {
	sources := []string{"data:", "blob:", origin + fileBase}
	for _, o := range slices.Concat(domains.Media, domains.Request) {
		// Checked when they were stored; once more, because they end up in a header.
		if o, err := release.ParseOrigin(o); err == nil && !slices.Contains(sources, o) {
			sources = append(sources, o)
		}
	}
	media := strings.Join(sources, " ")
	images := strings.Join(slices.Insert(slices.Clone(sources), 3, origin+avatarBase), " ")
	fonts := strings.ReplaceAll(media, "blob: ", "") // icon libraries fetch theirs from a domain, like pictures
	return strings.Join([]string{
		"default-src 'none'",
		"script-src " + f.script + " blob:",
		"worker-src blob:",
		"style-src 'unsafe-inline'",
		"img-src " + images,
		"media-src " + media,
		"font-src " + fonts,
		"connect-src 'none'",
		"form-action 'none'",
		"base-uri 'none'",
		"frame-ancestors 'self'",
		"sandbox allow-scripts",
	}, "; ")
}

// serveFrame serves GET /run/{app}/{version}/frame.
func (d *Delivery) serveFrame(w http.ResponseWriter, r *http.Request) error {
	domains, err := d.programs.Domains(r.Context(), r.PathValue("app"), r.PathValue("version"))
	if err != nil {
		return err
	}
	origin := d.publicOrigin
	if origin == "" {
		if origin, err = requestOrigin(r); err != nil {
			return err
		}
	}
	policy := d.frame.policy(origin, domains)
	tag := contentTag([]byte(policy + d.frameTag))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Permissions-Policy", permissions)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	// Asked again each time, because a domain may be taken away from an app; the answer is mostly "as before".
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", tag)
	if sameTag(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	_, _ = w.Write(d.frame.document) // the reader may be gone
	return nil
}

// requestOrigin is the origin the request was sent to, as far as we can see: behind a proxy that ends TLS it is plain http,
// which in a policy allows https of the same host as well.
func requestOrigin(r *http.Request) (string, error) {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	if !validHost(r.Host) {
		return "", fault.Invalid("Host", badHost, short(r.Host))
	}
	return scheme + "://" + strings.ToLower(r.Host), nil
}

// validHost says whether host, from a request, is a name or an address with or without a port. It ends up in a header, so
// nothing else may be in it.
func validHost(host string) bool {
	if len(host) > 300 {
		return false
	}
	name := host
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		if n, err := strconv.ParseUint(host[i+1:], 10, 16); err != nil || n == 0 {
			return false
		}
		name = host[:i]
	}
	if inner, ok := strings.CutPrefix(name, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		a, err := netip.ParseAddr(inner)
		return ok && err == nil && a.Is6() && a.Zone() == ""
	}
	if name == "" {
		return false
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		plain := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_'
		if !plain {
			return false
		}
	}
	return true
}

// publicOrigin is the origin of the URL the operator has set.
func publicOrigin(publicURL string) (string, error) {
	u, err := url.Parse(publicURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !validHost(u.Host) || u.User != nil {
		return "", fmt.Errorf("the public URL %q is no address of a site: want something like https://minimart.example", publicURL)
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}
