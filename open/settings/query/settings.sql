-- name: Settings :one
SELECT * FROM settings_platform WHERE id = 'platform';

-- name: AddSettings :execrows
INSERT INTO settings_platform (id, name, name_en, support, terms_url, privacy_url, self_sign_up, revision, changed_at)
VALUES ('platform', sqlc.arg(name), sqlc.arg(name_en), sqlc.arg(support), sqlc.arg(terms_url), sqlc.arg(privacy_url), sqlc.arg(self_sign_up), 1, sqlc.arg(changed_at))
ON CONFLICT (id) DO NOTHING;

-- name: SetSettings :execrows
UPDATE settings_platform SET name = sqlc.arg(name), name_en = sqlc.arg(name_en), support = sqlc.arg(support), terms_url = sqlc.arg(terms_url),
  privacy_url = sqlc.arg(privacy_url), self_sign_up = sqlc.arg(self_sign_up), revision = revision + 1, changed_at = sqlc.arg(changed_at)
WHERE id = 'platform' AND revision = sqlc.arg(revision);
