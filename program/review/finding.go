package review

import (
	"cmp"
	"fmt"
	"slices"

	"minimart/program/safety"
)

// Severity is how much a finding matters: high for what must be settled before a version goes out, medium for what the reviewer
// should weigh, low for what the developer should know.
type Severity = safety.Severity

// Code is the kind of a finding, for programs. The set is closed.
type Code string

// The codes.
const (
	CapabilityMissing Code = "capability-missing" // an API or component whose capability the app has not been granted
	PrivacyUndeclared Code = "privacy-undeclared" // one that touches what the app's privacy statements do not name
	ContentSafety     Code = "content-safety"     // a text a safety rule hits
	AddressOutside    Code = "address-outside"    // an address outside the app's domains
	AddressInsecure   Code = "address-insecure"   // http: or ws:
	AddressLocal      Code = "address-local"      // of a developer's machine or network
	PackageLarge      Code = "package-large"
	FileLarge         Code = "file-large"
	ImageLarge        Code = "image-large"
	ConstantLarge     Code = "constant-large" // a value of more than 256 KiB written down
	PageUnused        Code = "page-unused"    // listed, but nothing leads there
	FileUnused        Code = "file-unused"
	DebugLogs         Code = "debug-logs"
	DebugStatement    Code = "debug-statement"
	APIComputed       Code = "api-computed"  // jd[name]: which API is only known when it runs
	ScriptUnread      Code = "script-unread" // what could not be looked into
	PackageUnread     Code = "package-unread"
)

// Words are a sentence in both languages.
type Words struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Finding is something automatic that a reviewer should look at. It decides nothing.
type Finding struct {
	Code     Code     `json:"code" enum:"capability-missing,privacy-undeclared,content-safety,address-outside,address-insecure,address-local,package-large,file-large,image-large,constant-large,page-unused,file-unused,debug-logs,debug-statement,api-computed,script-unread,package-unread"`
	Severity Severity `json:"severity" enum:"high,medium,low"`
	File     string   `json:"file" doc:"Path in the package, empty for what is about the program as a whole"`
	Line     int      `json:"line" doc:"1-based, 0 for the file as a whole"`
	Column   int      `json:"column" doc:"1-based, in characters"`
	Subject  string   `json:"subject" doc:"What it is about: an API, an address, a word, a size"`
	// Sure is false where it was inferred: something().getLocation(), as bundlers write jd.getLocation().
	Sure     bool            `json:"sure" doc:"False where it was inferred from how frameworks write things"`
	Rule     string          `json:"rule" doc:"Id of the safety rule that hit, empty otherwise"`
	Category safety.Category `json:"category" doc:"Of that rule"`
	Quote    string          `json:"quote" doc:"The place as written, with a few characters around it"`
	Message  Words           `json:"message" doc:"What is wrong"`
	Way      Words           `json:"way" doc:"The way out"`
	Also     []Place         `json:"also" nullable:"false" doc:"Further places, up to 19"`
}

// Findings are those of one version.
type Findings struct {
	Items []Finding    `json:"items" nullable:"false"`
	More  map[Code]int `json:"more" nullable:"false" doc:"How many of a code are not shown"`
}

// Limits of what is told. The rest is counted.
const (
	maxPerCode = 100
	maxQuote   = 80
)

// saying is what a code says. The verbs stand for subject and detail.
type saying struct{ zh, en, wayZh, wayEn string }

var sayings = map[Code]saying{
	CapabilityMissing: {
		"%[1]s 需要能力“%[2]s”，该小程序尚未开通", "%[1]s needs the capability %[2]s, which the program has not been granted",
		"在能力中心申请并通过后再提交，或移除此调用", "apply for it in the capability centre and submit again when it is granted, or leave the call out",
	},
	PrivacyUndeclared: {
		"%[1]s 会接触“%[2]s”，但隐私声明中没有说明用途", "%[1]s touches %[2]s, and no privacy statement says what for",
		"在小程序设置中补充此项隐私声明，或移除此调用", "add the statement in the program's settings, or leave the call out",
	},
	ContentSafety: {
		"含有“%[1]s”：%[2]s", "holds “%[1]s”: %[3]s",
		"修改文案；确有依据的，在提交说明中写明", "change the wording; where it can be proved, say how in the note of the submission",
	},
	AddressOutside: {
		"%[1]s 不在该小程序的服务器域名中，请求会被拒绝", "%[1]s is outside the program's domains; requests there are refused",
		"在小程序设置中添加此域名，或移除此地址", "add the domain in the program's settings, or leave the address out",
	},
	AddressInsecure: {
		"%[1]s 未使用加密连接", "%[1]s is not encrypted",
		"改用 https 或 wss", "use https or wss",
	},
	AddressLocal: {
		"%[1]s 是开发环境的地址，消费者无法访问", "%[1]s is an address of a developer's machine, which consumers cannot reach",
		"换成正式环境的域名", "use the domain of the real server",
	},
	PackageLarge: {
		"%[2]s共 %[1]s，首次打开会很慢", "%[3]s has %[1]s; it opens slowly the first time",
		"拆分为分包，或把大文件放到服务器上", "split it into subpackages, or put large files on a server",
	},
	FileLarge: {
		"此文件有 %[1]s", "the file has %[1]s",
		"拆分、压缩或按需加载", "split it, compress it or load it when it is needed",
	},
	ImageLarge: {
		"此图片有 %[1]s，建议不超过 200 KiB", "the picture has %[1]s; 200 KiB should do",
		"压缩或改用 WebP，或放到服务器上", "compress it, use WebP, or put it on a server",
	},
	ConstantLarge: {
		"写入了 %[1]s 的常量数据，每次启动都要解析，传给 setData 时会卡顿", "%[1]s of constant data are written down here; they are parsed on each start and stall setData",
		"改为按需请求，或分页加载", "fetch it when it is needed, or page by page",
	},
	PageUnused: {
		"没有找到通往页面 %[1]s 的跳转", "nothing was found that leads to the page %[1]s",
		"确认是否需要；不需要就从 app.json 中移除。由代码拼接的路径无法识别", "take it out of app.json if it is not needed; paths put together at run time cannot be seen",
	},
	FileUnused: {
		"文件夹 %[1]s 中有文件未被引用", "nothing was found that refers to some files in %[1]s",
		"确认是否需要；不需要就移除。由代码拼接的名称无法识别", "remove them if they are not needed; names put together at run time cannot be seen",
	},
	DebugLogs: {
		"共有 %[1]s 处 console.log 等调试输出", "there are %[1]s calls of console.log and the like",
		"发布前移除调试输出，尤其是含个人信息的", "remove what is there for debugging, above all what prints personal data",
	},
	DebugStatement: {
		"含有 debugger 语句", "holds a debugger statement",
		"移除它", "remove it",
	},
	APIComputed: {
		"通过 %[1]s 按名称取用接口，取到哪个接口要到运行时才知道", "takes APIs by name, %[1]s; which ones is only known when it runs",
		"直接写出接口名称；框架自身的代码可以忽略", "write the name of the API down; in a framework's own code this is common",
	},
	ScriptUnread: {
		"未能完整读取此文件，其中的接口、地址和文案可能未被检查", "the file could not be read as a whole; APIs, addresses and texts in it may have been missed",
		"请人工查看此文件，或要求开发者提供可解析的代码", "read it yourself, or ask the developer for code that parses",
	},
	PackageUnread: {
		"没有保留此版本的源码包，无法检查", "the source of this version was not kept; it could not be looked over",
		"请开发者重新上传", "ask the developer to upload it again",
	},
}

// findings collects what is found, one finding for each subject of a code; further places are added to it.
type findings struct {
	list  []Finding
	index map[string]int
}

// add enters a finding; subject and details fill the code's sentences.
func (f *findings) add(code Code, severity Severity, at Place, subject string, details ...any) *Finding {
	subject = shorten(subject, 160)
	key := string(code) + "\x00" + subject
	if len(details) > 0 {
		key += "\x00" + fmt.Sprint(details[0])
	}
	if i, ok := f.index[key]; ok && code != FileLarge && code != ImageLarge && code != ConstantLarge {
		found := &f.list[i]
		if found.File != at.File || found.Line != at.Line || found.Column != at.Column {
			if len(found.Also) < maxPlaces-1 && !slices.Contains(found.Also, at) {
				found.Also = append(found.Also, at)
			}
		}
		return found
	}
	say := sayings[code]
	args := append([]any{subject}, details...)
	if f.index == nil {
		f.index = map[string]int{}
	}
	f.index[key] = len(f.list)
	f.list = append(f.list, Finding{
		Code: code, Severity: severity, File: at.File, Line: at.Line, Column: at.Column, Subject: subject, Sure: true, Also: []Place{},
		Message: Words{Zh: fill(say.zh, args), En: fill(say.en, args)}, Way: Words{Zh: say.wayZh, En: say.wayEn},
	})
	return &f.list[len(f.list)-1]
}

// fill puts arguments into a sentence that need not use all of them: what is behind it uses one by its number, and then fmt
// does not mind those that are left over.
func fill(sentence string, args []any) string {
	s := fmt.Sprintf(sentence+"%[1]s", args...)
	return s[:len(s)-len(fmt.Sprint(args[0]))]
}

func weight(s Severity) int {
	switch s {
	case safety.High:
		return 0
	case safety.Medium:
		return 1
	}
	return 2
}

// sorted are the findings as they are told: the gravest first, so many of each code.
func (f *findings) sorted() Findings {
	slices.SortStableFunc(f.list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(weight(a.Severity), weight(b.Severity)), cmp.Compare(a.Code, b.Code),
			comparePlaces(Place{a.File, a.Line, a.Column}, Place{b.File, b.Line, b.Column}), cmp.Compare(a.Subject, b.Subject))
	})
	out := Findings{Items: []Finding{}, More: map[Code]int{}}
	told := map[Code]int{}
	for _, one := range f.list {
		if told[one.Code]++; told[one.Code] > maxPerCode {
			out.More[one.Code]++
			continue
		}
		out.Items = append(out.Items, one)
	}
	return out
}

// sizeOf renders a number of bytes for people.
func sizeOf(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.0f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}
