-- name: Pointer :one
SELECT app_id, version_id, sequence, released_at FROM release_pointer WHERE app_id = $1;

-- name: SetPointer :exec
INSERT INTO release_pointer (app_id, version_id, sequence, released_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (app_id) DO UPDATE
SET version_id = excluded.version_id, sequence = excluded.sequence, released_at = excluded.released_at;

-- name: Released :one
SELECT sqlc.embed(a), p.released_at, v.id AS version_id, v.number, v.label, v.notes, v.content_hash, v.bytes, v.state, v.created_at AS version_created_at
FROM release_pointer p
JOIN release_app a ON a.id = p.app_id
JOIN release_version v ON v.id = p.version_id
WHERE p.app_id = $1;

-- name: ListReleased :many
SELECT a.id, a.name, a.icon, a.summary, p.released_at, v.id AS version_id, v.number, v.label
FROM release_pointer p
JOIN release_app a ON a.id = p.app_id
JOIN release_version v ON v.id = p.version_id
WHERE (CAST(sqlc.arg(before) AS TEXT) = '' OR a.id < CAST(sqlc.arg(before) AS TEXT))
  AND a.search_name LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\'
ORDER BY a.id DESC LIMIT sqlc.arg(most);
