-- name: StartRollout :execrows
INSERT INTO release_rollout (id, app_id, version_id, share, state, created_at, changed_at)
VALUES ($1, $2, $3, $4, 'active', $5, $5)
ON CONFLICT DO NOTHING;

-- name: ActiveRollout :one
SELECT id, app_id, version_id, share, state, created_at, changed_at FROM release_rollout WHERE app_id = $1 AND state = 'active';

-- name: RaiseRollout :execrows
UPDATE release_rollout SET share = $2, changed_at = $3 WHERE id = $1 AND state = 'active' AND share < $2;

-- name: EndRollout :execrows
UPDATE release_rollout SET state = $2, share = $3, changed_at = $4 WHERE id = $1 AND state = 'active';

-- name: AddRecord :exec
INSERT INTO release_record (id, app_id, number, step, version_id, previous_id, rollout_id, share, reason, actor, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: Records :many
SELECT r.id, r.app_id, r.number, r.step, r.version_id, r.previous_id, r.rollout_id, r.share, r.reason, r.actor, r.at,
  CAST(COALESCE(v.number, 0) AS BIGINT) AS version_number, CAST(COALESCE(v.label, '') AS TEXT) AS label,
  CAST(COALESCE(b.number, 0) AS BIGINT) AS previous_number
FROM release_record r
LEFT JOIN release_version v ON v.id = r.version_id
LEFT JOIN release_version b ON b.id = r.previous_id
WHERE r.app_id = sqlc.arg(app_id) AND r.number < CAST(sqlc.arg(before) AS BIGINT)
ORDER BY r.number DESC LIMIT sqlc.arg(most);
