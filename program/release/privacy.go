package release

import (
	"maps"
	"slices"
	"strings"

	"minimart/platform/fault"
)

// PrivacyKind is something about a consumer that a program may only touch when its developer has stated what for.
type PrivacyKind struct {
	Kind           string
	Title, TitleZh string
	APIs           []string // JavaScript APIs that need the statement, without jd. and wx.
	Components     []string // built-in components that do: "camera", "button.open-type=getPhoneNumber" for one value of an attribute
}

// privacyKinds is the table, and the only one.
var privacyKinds = []PrivacyKind{
	{"profile", "Nickname and picture", "昵称头像", []string{"getUserProfile", "getUserInfo"},
		[]string{"button.open-type=getUserInfo", "button.open-type=getUserProfile", "button.open-type=chooseAvatar", "input.type=nickname", "open-data"}},
	{"phone-number", "Phone number", "手机号", []string{"getPhoneNumber"}, []string{"button.open-type=getPhoneNumber", "button.open-type=getRealtimePhoneNumber"}},
	{"membership", "PLUS membership", "PLUS 会员状态", []string{"getPlusStatus"}, nil},
	{"location", "Location", "位置信息",
		[]string{"getLocation", "getFuzzyLocation", "chooseLocation", "choosePoi", "startLocationUpdate", "startLocationUpdateBackground", "onLocationChange"},
		[]string{"map.show-location"}},
	{"clipboard", "Reading the clipboard", "读取剪贴板", []string{"getClipboardData"}, nil},
	{"album", "Pictures and films", "相册",
		[]string{"chooseImage", "chooseMedia", "chooseVideo", "saveImageToPhotosAlbum", "saveVideoToPhotosAlbum"}, nil},
	{"camera", "Camera", "摄像头", []string{"scanCode", "createCameraContext"}, []string{"camera", "live-pusher"}},
	{"record", "Microphone", "麦克风", []string{"startRecord", "getRecorderManager", "joinVoIPChat"}, []string{"live-pusher"}},
	{"address", "Postal address", "收货地址", []string{"chooseAddress", "chooseInvoiceTitle"}, nil},
}

// maxStatement is how long a privacy statement may be, in characters.
const maxStatement = 200

// PrivacyKinds are all kinds. They are the caller's to change.
func PrivacyKinds() []PrivacyKind {
	out := slices.Clone(privacyKinds)
	for i := range out {
		out[i].APIs, out[i].Components = slices.Clone(out[i].APIs), slices.Clone(out[i].Components)
	}
	return out
}

// PrivacyOfAPI are the kinds that a JavaScript API touches, "getLocation", with or without "jd." and "wx.".
func PrivacyOfAPI(api string) []string {
	api = strings.TrimPrefix(strings.TrimPrefix(api, "jd."), "wx.")
	return kindsWith(func(k PrivacyKind) bool { return slices.Contains(k.APIs, api) })
}

// PrivacyOfComponent are the kinds that a component touches when its attribute has a value. An attribute of "" asks about
// the component however it is used.
func PrivacyOfComponent(component, attribute, value string) []string {
	name := component
	if attribute != "" {
		name += "." + attribute
	}
	return kindsWith(func(k PrivacyKind) bool {
		return slices.Contains(k.Components, name) || attribute != "" && slices.Contains(k.Components, name+"="+value)
	})
}

func kindsWith(has func(PrivacyKind) bool) []string {
	var out []string
	for _, k := range privacyKinds {
		if has(k) {
			out = append(out, k.Kind)
		}
	}
	return out
}

// checkPrivacy answers the statements as they are kept; an empty one is none.
func checkPrivacy(c *fault.Checks, statements map[string]string) map[string]string {
	out := map[string]string{}
	for _, kind := range slices.Sorted(maps.Keys(statements)) {
		text := statements[kind]
		field := "privacy." + fault.Cut(kind, 60)
		if !slices.ContainsFunc(privacyKinds, func(k PrivacyKind) bool { return k.Kind == kind }) {
			c.Add(field, noPrivacyKind, fault.Cut(kind, 60))
			continue
		}
		if text = c.Text(field, text, maxStatement); text != "" {
			out[kind] = text
		}
	}
	return out
}
