package pkgfile

import (
	"path"
	"strings"

	"minimart/program/diag"
	"minimart/program/pkgfile/jsonc"
)

// Project is what the project file says (project.jd.json, project.config.json).
type Project struct {
	File  string // "" when there is none
	AppID string
	Name  string
	Root  string // miniprogramRoot, cleaned; "." when not given
}

// findRoot finds the folder that holds app.json: the base itself, or the folder
// a project file in it names. Project files are tried in the order JD, WeChat;
// the first that leads to an app.json wins.
func findRoot(src source, base string, list *diag.List) (root string, project Project, ok bool) {
	if base == "" {
		base = "."
	}
	var first Project
	for _, name := range []string{JD.Project, WeChat.Project} {
		p, found := readProject(src, path.Join(base, name), list)
		if !found {
			continue
		}
		if first.File == "" {
			first = p
		}
		if p.Root != "." && src.has(path.Join(base, p.Root, "app.json")) {
			return path.Join(base, p.Root), p, true
		}
	}
	missing := first.File != "" && first.Root != "."
	if src.has(path.Join(base, "app.json")) {
		if missing {
			list.Add(diag.Diagnostic{
				File: path.Base(first.File), Severity: diag.SeverityWarning,
				Message: "miniprogramRoot is " + first.Root + ", but there is no app.json in it; the folder of this file is taken",
			})
		}
		return base, first, true
	}
	d := diag.Diagnostic{File: "app.json", Message: "is missing", Hint: src.rootHint()}
	if missing {
		d.Message = "is missing in " + first.Root + "/, which " + path.Base(first.File) + " names as miniprogramRoot"
		if d.Hint == "" {
			d.Hint = "build the program first"
		}
	}
	list.Add(d)
	return "", first, false
}

// largestProjectFile bounds a project file; real ones have a few kilobytes.
const largestProjectFile = 1 << 20

// readProject reads one project file, if it is there. A broken one is told and
// then treated as absent: it steers, but a program runs without it.
func readProject(src source, name string, list *diag.List) (Project, bool) {
	if !src.has(name) {
		return Project{}, false
	}
	data, err := src.read(name, largestProjectFile)
	if err != nil {
		list.Add(diag.Diagnostic{File: path.Base(name), Message: "cannot be read: " + err.Error(), Severity: diag.SeverityWarning})
		return Project{}, false
	}
	r := newReader(path.Base(name), data, list)
	v := r.parse()
	if v == nil {
		return Project{}, false
	}
	p := Project{File: name, AppID: r.text(v, "appid"), Name: r.text(v, "projectname"), Root: "."}
	if at := v.Get("miniprogramRoot"); at.Is(jsonc.String) {
		clean := path.Clean("./" + strings.TrimLeft(strings.ReplaceAll(at.Text, `\`, "/"), "/"))
		if clean == ".." || strings.HasPrefix(clean, "../") {
			r.fail(at, "name a folder inside the project", "miniprogramRoot %q points outside the project", at.Text)
		} else {
			p.Root = clean
		}
	}
	return p, true
}
