-- name: AddCode :exec
INSERT INTO identity_code (code_hash, kind, app_id, org_id, app_name, consumer_id, created_at, expires_at, used_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0);

-- name: UseCode :one
UPDATE identity_code SET used_at = sqlc.arg(now)
WHERE code_hash = sqlc.arg(code_hash) AND kind = sqlc.arg(kind) AND app_id = sqlc.arg(app_id) AND used_at = 0 AND expires_at > sqlc.arg(now)
RETURNING org_id, app_name, consumer_id;

-- name: Code :one
SELECT app_id, expires_at, used_at FROM identity_code WHERE code_hash = $1 AND kind = $2;

-- name: DropCodes :execrows
DELETE FROM identity_code WHERE consumer_id = $1 AND used_at = 0;

-- name: DropCodesOfApp :execrows
DELETE FROM identity_code WHERE consumer_id = $1 AND app_id = $2 AND used_at = 0;

-- name: DropCodesOfKind :execrows
DELETE FROM identity_code WHERE consumer_id = $1 AND app_id = $2 AND kind = $3 AND used_at = 0;

-- name: SweepCodes :execrows
DELETE FROM identity_code WHERE expires_at <= $1;

-- name: User :one
SELECT * FROM identity_user WHERE app_id = $1 AND consumer_id = $2;

-- name: UserByOpenID :one
SELECT * FROM identity_user WHERE app_id = $1 AND openid = $2;

-- name: AddUser :exec
INSERT INTO identity_user (app_id, consumer_id, openid, session_key, used_at, logins, first_at, last_at, app_name, forgotten_at)
VALUES ($1, $2, $3, '', 0, 0, 0, 0, $4, 0);

-- name: LogUserIn :exec
UPDATE identity_user SET session_key = sqlc.arg(session_key), used_at = sqlc.arg(now), logins = logins + 1,
  first_at = CASE WHEN first_at = 0 THEN sqlc.arg(now) ELSE first_at END, last_at = sqlc.arg(now), app_name = sqlc.arg(app_name), forgotten_at = 0
WHERE app_id = sqlc.arg(app_id) AND consumer_id = sqlc.arg(consumer_id);

-- name: SetSessionKey :exec
UPDATE identity_user SET session_key = $3 WHERE app_id = $1 AND consumer_id = $2;

-- name: TouchUser :exec
UPDATE identity_user SET used_at = $3 WHERE app_id = $1 AND consumer_id = $2;

-- name: EndUserSessions :execrows
UPDATE identity_user SET session_key = '' WHERE consumer_id = $1;

-- name: ForgetUser :execrows
UPDATE identity_user SET session_key = '', forgotten_at = $3 WHERE app_id = $1 AND consumer_id = $2;

-- name: UsersOf :many
SELECT app_id, app_name, first_at, last_at FROM identity_user
WHERE consumer_id = sqlc.arg(consumer_id) AND app_id > CAST(sqlc.arg(after) AS TEXT) AND forgotten_at = 0 AND first_at > 0
ORDER BY app_id LIMIT sqlc.arg(most);

-- name: Union :one
SELECT unionid FROM identity_union WHERE org_id = $1 AND consumer_id = $2;

-- name: AddUnion :exec
INSERT INTO identity_union (org_id, consumer_id, unionid) VALUES ($1, $2, $3);
