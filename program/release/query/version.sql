-- name: AddVersion :exec
INSERT INTO release_version (id, app_id, number, label, notes, content_hash, manifest, bytes, state, uploaded_by, source_bytes, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: Version :one
SELECT id, app_id, number, label, notes, content_hash, bytes, state, uploaded_by, source_bytes, moves, out_at, created_at
FROM release_version WHERE app_id = $1 AND id = $2;

-- name: VersionByContent :one
SELECT id, app_id, number, label, notes, content_hash, bytes, state, uploaded_by, source_bytes, moves, out_at, created_at
FROM release_version WHERE app_id = $1 AND content_hash = $2;

-- name: Versions :many
SELECT id, app_id, number, label, notes, content_hash, bytes, state, uploaded_by, source_bytes, moves, out_at, created_at
FROM release_version WHERE app_id = sqlc.arg(app_id) AND number < CAST(sqlc.arg(before) AS BIGINT)
ORDER BY number DESC LIMIT sqlc.arg(most);

-- name: MoveVersion :one
UPDATE release_version SET state = sqlc.arg(next), moves = moves + 1 WHERE app_id = sqlc.arg(app_id) AND id = sqlc.arg(id) AND state = sqlc.arg(state)
RETURNING id, app_id, number, label, notes, content_hash, bytes, state, uploaded_by, source_bytes, moves, out_at, created_at;

-- name: WentOut :exec
UPDATE release_version SET out_at = $3 WHERE app_id = $1 AND id = $2 AND out_at = 0;

-- name: KeepSource :exec
UPDATE release_version SET source_bytes = $3 WHERE app_id = $1 AND id = $2 AND source_bytes = 0;

-- name: Manifest :one
SELECT manifest FROM release_version WHERE id = $1;
