-- name: See :execrows
INSERT INTO jos_seen (hash, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: ForgetSeen :exec
DELETE FROM jos_seen WHERE expires_at < $1;

-- name: Redirects :many
SELECT uri FROM jos_redirect WHERE key_id = $1 ORDER BY uri;

-- name: HasRedirect :one
SELECT COUNT(*) FROM jos_redirect WHERE key_id = $1 AND uri = $2;

-- name: ClearRedirects :exec
DELETE FROM jos_redirect WHERE key_id = $1;

-- name: AddRedirect :exec
INSERT INTO jos_redirect (key_id, uri, app_id) VALUES ($1, $2, $3);

-- name: Authorize :one
INSERT INTO jos_authorization (id, app_id, org_id, key_id, key_app_id, key_org_id, scopes, given_by, given_at, used_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)
ON CONFLICT (app_id, key_id) DO UPDATE SET scopes = excluded.scopes, given_by = excluded.given_by, given_at = excluded.given_at RETURNING *;

-- name: Authorization :one
SELECT * FROM jos_authorization WHERE id = $1;

-- name: Authorizations :many
SELECT * FROM jos_authorization WHERE app_id = $1 ORDER BY id DESC LIMIT 200;

-- name: CountAuthorizations :one
SELECT COUNT(*) FROM jos_authorization WHERE app_id = $1;

-- name: Withdraw :one
DELETE FROM jos_authorization WHERE app_id = $1 AND id = $2 RETURNING *;

-- name: AuthorizationUsed :exec
UPDATE jos_authorization SET used_at = $2 WHERE id = $1;

-- name: AddToken :exec
INSERT INTO jos_token (hash, authorization_id, key_id, kind, redirect_uri, expires_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, 0);

-- name: Token :one
SELECT * FROM jos_token WHERE hash = $1 AND kind = $2;

-- name: UseToken :execrows
UPDATE jos_token SET used_at = $2 WHERE hash = $1 AND used_at = 0;

-- name: DropTokens :exec
DELETE FROM jos_token WHERE authorization_id = $1;

-- name: DropKind :exec
DELETE FROM jos_token WHERE authorization_id = $1 AND kind = $2;

-- name: OldTokens :many
SELECT hash FROM jos_token WHERE expires_at < $1 ORDER BY expires_at LIMIT $2;

-- name: DropToken :exec
DELETE FROM jos_token WHERE hash = $1;
