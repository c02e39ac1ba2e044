-- name: Token :one
SELECT * FROM wechat_token WHERE hash = $1;

-- name: AddToken :exec
INSERT INTO wechat_token (hash, app_id, key_id, kind, salt, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: NewestToken :one
SELECT * FROM wechat_token WHERE key_id = $1 AND kind = $2 ORDER BY issued_at DESC, hash LIMIT 1;

-- name: ShortenTokens :exec
UPDATE wechat_token SET expires_at = sqlc.arg(until) WHERE key_id = sqlc.arg(key_id) AND kind = sqlc.arg(kind) AND expires_at > sqlc.arg(until);

-- name: Issued :one
SELECT day, times, last_at FROM wechat_issued WHERE key_id = $1 AND kind = $2;

-- name: SetIssued :exec
INSERT INTO wechat_issued (key_id, kind, app_id, day, times, last_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (key_id, kind) DO UPDATE SET day = excluded.day, times = excluded.times, last_at = excluded.last_at;

-- name: OldTokens :many
SELECT hash FROM wechat_token WHERE expires_at < $1 ORDER BY expires_at LIMIT $2;

-- name: DropToken :exec
DELETE FROM wechat_token WHERE hash = $1;

-- name: ForgetIssued :exec
DELETE FROM wechat_issued WHERE last_at < $1;
