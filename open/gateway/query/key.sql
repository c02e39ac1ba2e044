-- name: CreateKey :exec
INSERT INTO gateway_key (id, app_id, org_id, name, secret, scopes, networks, revision, replaced_by, created_by, created_at, expires_at, revoked_at, last_used_at, last_used_from)
VALUES ($1, $2, $3, $4, $5, $6, $7, 1, '', $8, $9, $10, 0, 0, '');

-- name: KeyByID :one
SELECT * FROM gateway_key WHERE id = $1;

-- name: Key :one
SELECT * FROM gateway_key WHERE app_id = $1 AND id = $2;

-- name: Keys :many
SELECT * FROM gateway_key WHERE app_id = $1 ORDER BY id DESC LIMIT 500;

-- name: LiveKeys :one
SELECT COUNT(*) FROM gateway_key WHERE app_id = $1 AND revoked_at = 0 AND (expires_at = 0 OR expires_at > sqlc.arg(now));

-- name: ChangeKey :one
UPDATE gateway_key SET name = sqlc.arg(name), scopes = sqlc.arg(scopes), networks = sqlc.arg(networks), revision = revision + 1
WHERE app_id = sqlc.arg(app_id) AND id = sqlc.arg(id) AND revoked_at = 0 RETURNING *;

-- name: RevokeKey :one
UPDATE gateway_key SET revoked_at = sqlc.arg(now), revision = revision + 1
WHERE app_id = sqlc.arg(app_id) AND id = sqlc.arg(id) AND revoked_at = 0 RETURNING *;

-- name: ReplaceKey :one
UPDATE gateway_key SET replaced_by = sqlc.arg(replaced_by), expires_at = sqlc.arg(expires_at), revision = revision + 1
WHERE app_id = sqlc.arg(app_id) AND id = sqlc.arg(id) AND revoked_at = 0 AND replaced_by = '' RETURNING *;

-- name: KeyRevision :one
SELECT revision, last_used_at FROM gateway_key WHERE id = $1;

-- name: KeyUsed :exec
UPDATE gateway_key SET last_used_at = sqlc.arg(now), last_used_from = sqlc.arg(used_from) WHERE id = sqlc.arg(id);

-- name: UsableKeys :many
SELECT id, revision FROM gateway_key WHERE app_id = sqlc.arg(app_id) AND revoked_at = 0 AND (expires_at = 0 OR expires_at > sqlc.arg(now)) ORDER BY id DESC;

-- name: AppHasKeys :one
SELECT COUNT(*) FROM gateway_key WHERE app_id = $1;

-- name: Guesses :one
SELECT full_at FROM gateway_guess WHERE bucket = $1;

-- name: SetGuesses :exec
INSERT INTO gateway_guess (bucket, full_at) VALUES ($1, $2) ON CONFLICT (bucket) DO UPDATE SET full_at = excluded.full_at;

-- name: ForgetGuesses :execrows
DELETE FROM gateway_guess WHERE full_at < $1;
