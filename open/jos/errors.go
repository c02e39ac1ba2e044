package jos

import (
	"context"
	"fmt"

	"minimart/platform/fault"
	"minimart/platform/httpapi"
)

// refusal is an error_response. The codes and the words they begin with are those JD publishes.
type refusal struct {
	Code string `json:"code"`
	Zh   string `json:"zh_desc"`
	En   string `json:"en_desc"`
}

func (r *refusal) Error() string { return r.Code + " " + r.En }

// The refusals there are.
var (
	callLimited     = refusal{"2", "限制时间内调用失败次数", "App Call Limited"}
	missingVersion  = refusal{"4", "缺少版本参数", "Missing Version"}
	badVersion      = refusal{"5", "不支持的版本号", "Unsupported Version"}
	missingTime     = refusal{"7", "缺少时间戳参数", "Missing Timestamp"}
	badTime         = refusal{"8", "非法的时间戳参数", "Invalid Timestamp"}
	missingSign     = refusal{"11", "缺少签名参数", "Missing Signature"}
	badSign         = refusal{"12", "无效签名", "Invalid Signature"}
	badFormat       = refusal{"13", "无效数据格式", "Invalid Format"}
	missingMethod   = refusal{"14", "缺少方法名参数", "Missing Method"}
	badMethod       = refusal{"15", "不存在的方法名", "Invalid Method"}
	badToken        = refusal{"19", "无效access_token", "Invalid Access Token"}
	missingKey      = refusal{"20", "缺少app_key参数", "Missing App Key"}
	badKey          = refusal{"21", "无效app_key", "Invalid App Key"}
	systemError     = refusal{"43", "系统处理错误", "Platform System Error"}
	badCall         = refusal{"50", "无效调用", "Invalid Call"}
	badValue        = refusal{"61", "参数值不合法，请参照帮助文档确认", "Invalid Parameter Value"}
	badJSON         = refusal{"63", "json格式不合法", "Invalid JSON"}
	partUnavailable = refusal{"66", "平台连接后端服务不可用", "Backend Service Unavailable"}
	badAddress      = refusal{"80", "调用的IP不在APP设置的IP白名单中", "IP Not In White List"}
	notPermitted    = refusal{"88", "没有调用该接口权限", "Permission Denied"}
)

// is r as an error.
func (r refusal) is() *refusal { return &r }

// because is r with the reason behind it, for the person who reads the log of the server that called.
func (r refusal) because(f *fault.Fault) *refusal {
	r.Zh += "：" + f.In(fault.Zh)
	r.En += ": " + f.In(fault.En)
	return &r
}

// with is because, for a reason that is not a fault.
func (r refusal) with(zh, en string) *refusal {
	r.Zh += "：" + zh
	r.En += ": " + en
	return &r
}

// ofProof is why Keys.Verify did not let a caller in.
func ofProof(err error) error {
	f := fault.Of(err)
	switch f.Code {
	case fault.CodeNotFound:
		return badKey.because(f)
	case fault.CodeUnauthenticated:
		return badSign.because(f)
	case fault.CodeDenied:
		return badAddress.because(f)
	}
	return ofAny(f)
}

// ofAny is a missing scope or capability, a quota, and what went wrong here.
func ofAny(err error) error {
	f := fault.Of(err)
	switch f.Code {
	case fault.CodeDenied:
		return notPermitted.because(f)
	case fault.CodeExhausted:
		return callLimited.because(f)
	case fault.CodeInvalid:
		return badValue.because(f)
	}
	return f
}

// answerOf is the refusal that an error is. What went wrong here goes to the log, without a word of what the caller sent.
func answerOf(ctx context.Context, err error) refusal {
	if r, ok := err.(*refusal); ok { //nolint:errorlint // made by this room and never wrapped
		return *r
	}
	f := fault.Of(err)
	httpapi.Log(ctx).ErrorContext(ctx, "jos: a call failed", "fault", f)
	if f.Code == fault.CodeUnavailable {
		return partUnavailable
	}
	r := systemError
	if id := httpapi.RequestID(ctx); id != "" {
		r = *r.with("请求编号 "+id, "request id "+id)
	}
	return r
}

// result is how a method tells what became of a call: its code is "0", or the error's.
type result map[string]any

// unsuccessful is a fault of the room behind a method as a result. The numbers are those of HTTP for the kinds of faults; JD
// publishes none for these.
func unsuccessful(err error) (any, error) {
	f := fault.Of(err)
	code, known := map[fault.Code]int{
		fault.CodeInvalid: 422, fault.CodeDenied: 403, fault.CodeNotFound: 404, fault.CodeConflict: 409, fault.CodeExhausted: 429,
	}[f.Code]
	if !known {
		return nil, f
	}
	return result{"code": fmt.Sprint(code), "error": f.In(fault.Zh), "errorEn": f.In(fault.En)}, nil
}
