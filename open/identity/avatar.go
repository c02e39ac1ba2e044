package identity

import (
	"embed"
	"net/http"
	"slices"
	"strings"
)

//go:embed avatars/*.svg
var avatarFiles embed.FS

// avatarKeys are the pictures a consumer may show, in the order a chooser lists them.
var avatarKeys = []string{"fox", "panda", "owl", "whale", "cat", "frog", "leaf", "moon", "sun", "mountain", "cup", "kite"}

// AvatarKeys are the pictures a consumer may show: the names of files below /avatars/, without .svg.
func AvatarKeys() []string { return slices.Clone(avatarKeys) }

const avatarPath = "/avatars/"

// avatarURL is the address of a picture. It says nothing of who shows it.
func (s *Service) avatarURL(key string) string {
	return strings.TrimSuffix(s.PublicURL, "/") + avatarPath + key + ".svg"
}

// Avatars serves the pictures at GET /avatars/{key}.svg, also to programs in their sandbox, which are of another origin.
func Avatars() http.Handler {
	files := map[string][]byte{}
	for _, k := range avatarKeys {
		b, err := avatarFiles.ReadFile("avatars/" + k + ".svg")
		if err != nil {
			panic("identity: " + err.Error()) // it is not in the program
		}
		files[avatarPath+k+".svg"] = b
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "image/svg+xml")
		h.Set("Cache-Control", "public, max-age=604800")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Access-Control-Allow-Origin", "*")
		_, _ = w.Write(b) // the reader may be gone
	})
}
