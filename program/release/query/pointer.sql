-- name: Pointer :one
SELECT app_id, version_id, sequence, released_at FROM release_pointer WHERE app_id = $1;

-- name: SetPointer :exec
INSERT INTO release_pointer (app_id, version_id, sequence, released_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (app_id) DO UPDATE
SET version_id = excluded.version_id, sequence = excluded.sequence, released_at = excluded.released_at;

-- name: ListOut :many
SELECT a.id, a.name, a.icon, a.summary,
  CAST(COALESCE(p.released_at, 0) AS BIGINT) AS released_at, CAST(COALESCE(v.id, '') AS TEXT) AS version_id,
  CAST(COALESCE(v.number, 0) AS BIGINT) AS number, CAST(COALESCE(v.label, '') AS TEXT) AS label,
  CAST(COALESCE(r.id, '') AS TEXT) AS rollout_id, CAST(COALESCE(r.share, 0) AS BIGINT) AS share, CAST(COALESCE(r.created_at, 0) AS BIGINT) AS staged_at,
  CAST(COALESCE(n.id, '') AS TEXT) AS next_id, CAST(COALESCE(n.number, 0) AS BIGINT) AS next_number, CAST(COALESCE(n.label, '') AS TEXT) AS next_label
FROM release_app a
LEFT JOIN release_pointer p ON p.app_id = a.id
LEFT JOIN release_version v ON v.id = p.version_id
LEFT JOIN release_rollout r ON r.app_id = a.id AND r.state = 'active'
LEFT JOIN release_version n ON n.id = r.version_id
WHERE a.suspended_at = 0 AND (p.app_id IS NOT NULL OR r.id IS NOT NULL)
  AND (CAST(sqlc.arg(before) AS TEXT) = '' OR a.id < CAST(sqlc.arg(before) AS TEXT))
  AND a.search_name LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\'
  -- "|app_1|app_2|": a list that both engines take
  AND (CAST(sqlc.arg(among) AS TEXT) = '' OR CAST(sqlc.arg(among) AS TEXT) LIKE '%|' || a.id || '|%')
ORDER BY a.id DESC LIMIT sqlc.arg(most);

-- name: Reachable :one
SELECT domains FROM release_app a
WHERE a.id = sqlc.arg(id) AND a.suspended_at = 0 AND (a.trial_version <> ''
  OR EXISTS (SELECT 1 FROM release_pointer p WHERE p.app_id = a.id)
  OR EXISTS (SELECT 1 FROM release_rollout r WHERE r.app_id = a.id AND r.state = 'active')
  OR EXISTS (SELECT 1 FROM release_ticket t WHERE t.app_id = a.id AND t.expires_at > CAST(sqlc.arg(now) AS BIGINT)));
