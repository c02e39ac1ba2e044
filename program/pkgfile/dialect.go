package pkgfile

import (
	"path"
	"strings"

	"minimart/program/diag"
)

// Dialect is a way to write mini programs: the endings of its files, the global
// object of its API and the prefix of its template directives.
type Dialect struct {
	Name     string // "jd" or "wechat"
	Template string // ending of templates, with the dot
	Style    string // ending of styles, with the dot
	Script   string // ending of template scripts (JDS, WXS), with the dot
	Global   string // the API object: jd, wx
	Prefix   string // of directives: "jd:", "wx:"
	Tag      string // the tag of inline template scripts: jds, wxs
	Project  string // the project file
}

// The two dialects. They differ in names only; everything after this package
// works on one tree.
var (
	JD     = Dialect{Name: "jd", Template: ".jxml", Style: ".jxss", Script: ".jds", Global: "jd", Prefix: "jd:", Tag: "jds", Project: "project.jd.json"}
	WeChat = Dialect{Name: "wechat", Template: ".wxml", Style: ".wxss", Script: ".wxs", Global: "wx", Prefix: "wx:", Tag: "wxs", Project: "project.config.json"}
)

// owns reports whether a file ending belongs to this dialect alone.
func (d Dialect) owns(ending string) bool {
	return ending == d.Template || ending == d.Style || ending == d.Script
}

// detectDialect decides by file endings. names are sorted. Without any telling
// file the project file decides, and without that JD is assumed.
func detectDialect(names []string, project string, list *diag.List) Dialect {
	var jd, wechat string // first witness of each
	for _, n := range names {
		switch ending := path.Ext(n); {
		case jd == "" && JD.owns(ending):
			jd = n
		case wechat == "" && WeChat.owns(ending):
			wechat = n
		}
	}
	switch {
	case jd != "" && wechat != "":
		list.Add(diag.Diagnostic{
			Message: "the package mixes two dialects: " + jd + " is JD, " + wechat + " is WeChat",
			Hint:    "use either .jxml .jxss .jds or .wxml .wxss .wxs in all files",
		})
		return JD
	case wechat != "":
		return WeChat
	case jd == "" && strings.HasSuffix(project, WeChat.Project):
		return WeChat
	}
	return JD
}
