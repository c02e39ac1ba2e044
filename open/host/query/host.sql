-- name: AddHost :execrows
INSERT INTO host_app (id, name, kind, origins, publishable_key, builtin, all_programs, suspended_at, reason, created_by, created_at, changed_at, revision)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '', $8, $9, $9, 1)
ON CONFLICT DO NOTHING;

-- name: Host :one
SELECT * FROM host_app WHERE id = $1;

-- name: HostByKey :one
SELECT * FROM host_app WHERE publishable_key = $1;

-- name: BuiltinHost :one
SELECT * FROM host_app WHERE builtin = TRUE;

-- name: Hosts :many
SELECT * FROM host_app
WHERE (CAST(sqlc.arg(before) AS TEXT) = '' OR id < CAST(sqlc.arg(before) AS TEXT))
ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: CountHosts :one
SELECT COUNT(*) FROM host_app;

-- name: OriginsOfAll :many
SELECT origins FROM host_app WHERE suspended_at = 0 AND origins <> '[]';

-- name: ChangeHost :one
UPDATE host_app SET name = sqlc.arg(name), origins = sqlc.arg(origins), changed_at = sqlc.arg(now), revision = revision + 1
WHERE id = sqlc.arg(id)
RETURNING *;

-- name: ReleaseToHost :one
UPDATE host_app SET all_programs = sqlc.arg(all_programs), changed_at = sqlc.arg(now), revision = revision + 1
WHERE id = sqlc.arg(id)
RETURNING *;

-- name: SuspendHost :one
UPDATE host_app SET suspended_at = sqlc.arg(now), reason = sqlc.arg(reason), changed_at = sqlc.arg(now), revision = revision + 1
WHERE id = sqlc.arg(id) AND suspended_at = 0
RETURNING *;

-- name: ResumeHost :one
UPDATE host_app SET suspended_at = 0, reason = '', changed_at = sqlc.arg(now), revision = revision + 1
WHERE id = sqlc.arg(id) AND suspended_at <> 0
RETURNING *;

-- name: TouchHost :one
UPDATE host_app SET changed_at = sqlc.arg(now), revision = revision + 1
WHERE id = sqlc.arg(id)
RETURNING *;

-- name: AddSecret :exec
INSERT INTO host_secret (id, host_id, secret, created_at, expires_at) VALUES ($1, $2, $3, $4, 0);

-- name: EndSecrets :exec
UPDATE host_secret SET expires_at = sqlc.arg(expires_at)
WHERE host_id = sqlc.arg(host_id) AND (expires_at = 0 OR expires_at > sqlc.arg(expires_at));

-- name: DropDeadSecrets :exec
DELETE FROM host_secret WHERE host_id = sqlc.arg(host_id) AND expires_at <> 0 AND expires_at <= sqlc.arg(now);

-- name: LiveSecrets :many
SELECT id, host_id, secret, created_at, expires_at FROM host_secret
WHERE host_id = sqlc.arg(host_id) AND (expires_at = 0 OR expires_at > sqlc.arg(now))
ORDER BY id DESC LIMIT 10;

-- name: DropPrograms :exec
DELETE FROM host_program WHERE host_id = $1;

-- name: AddProgram :exec
INSERT INTO host_program (host_id, app_id) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: Programs :many
SELECT app_id FROM host_program WHERE host_id = $1 ORDER BY app_id LIMIT 500;

-- name: UseAssertion :execrows
INSERT INTO host_assertion (host_id, jti_hash, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: SweepAssertions :execrows
DELETE FROM host_assertion WHERE expires_at < sqlc.arg(now);
