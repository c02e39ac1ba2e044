package jos

import (
	"strings"
	"time"

	"minimart/platform/fault"
)

// check is what can be said of a call before its key is known. until is when its timestamp will be too old.
func (s *Service) check(params map[string]string) (m method, until time.Time, err error) {
	for _, required := range []struct {
		name    string
		missing refusal
	}{{"method", missingMethod}, {"app_key", missingKey}, {"v", missingVersion}, {"timestamp", missingTime}, {"sign", missingSign}} {
		if params[required.name] == "" {
			return m, until, required.missing.is()
		}
	}
	name := params["method"]
	m, there := s.methods[name]
	if !there {
		return m, until, badMethod.because(fault.NotFound(notOffered, printable(name), s.Methods()))
	}
	if v := params["v"]; v != "2.0" && v != "1.0" {
		return m, until, badVersion.because(fault.Invalid("", onlyVersions))
	}
	if how := params["sign_method"]; how != "" && !strings.EqualFold(how, "md5") {
		return m, until, badSign.because(fault.Invalid("", onlyMD5))
	}
	if format := params["format"]; format != "" && !strings.EqualFold(format, "json") {
		return m, until, badFormat.because(fault.Invalid("", onlyJSON))
	}
	if key := params["app_key"]; len(key) > 64 || printable(key) != key {
		return m, until, badKey.is()
	}
	if len(params["sign"]) != 32 {
		return m, until, badSign.is()
	}
	at, ok := parseTime(params["timestamp"])
	if !ok {
		return m, until, badTime.because(fault.Invalid("", timeForm))
	}
	now := s.clock.Now()
	if off := now.Sub(at).Abs(); off > Window {
		return m, until, badTime.because(fault.Invalid("", timeOff, int64(off/time.Second), now.In(china).Format(time.DateTime), int64(Window/time.Second)))
	}
	return m, at.Add(Window + time.Minute), nil // a minute more, for processes whose clocks differ
}
