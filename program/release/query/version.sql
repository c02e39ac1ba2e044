-- name: AddVersion :exec
INSERT INTO release_version (id, app_id, number, label, notes, content_hash, manifest, bytes, state, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: Version :one
SELECT id, app_id, number, label, notes, content_hash, bytes, state, created_at
FROM release_version WHERE app_id = $1 AND id = $2;

-- name: VersionByContent :one
SELECT id, app_id, number, label, notes, content_hash, bytes, state, created_at
FROM release_version WHERE app_id = $1 AND content_hash = $2;

-- name: Versions :many
SELECT id, app_id, number, label, notes, content_hash, bytes, state, created_at
FROM release_version WHERE app_id = sqlc.arg(app_id) AND number < CAST(sqlc.arg(before) AS BIGINT)
ORDER BY number DESC LIMIT sqlc.arg(most);

-- name: Manifest :one
SELECT manifest FROM release_version WHERE id = $1;
