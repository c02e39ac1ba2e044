-- name: Apply :execrows
INSERT INTO capability_application (id, app_id, org_id, capability, state, special, answers, applied_by, applied_at, decided_by, decided_at, reason)
VALUES ($1, $2, $3, $4, 'applied', $5, $6, $7, $8, '', 0, '')
ON CONFLICT DO NOTHING;

-- name: Application :one
SELECT * FROM capability_application WHERE id = $1;

-- name: CountApplications :one
SELECT COUNT(*) FROM capability_application WHERE app_id = $1 AND capability = $2 AND applied_at > $3;

-- name: LatestApplications :many
SELECT * FROM capability_application o
WHERE o.app_id = sqlc.arg(app_id) AND o.id IN (SELECT MAX(a.id) FROM capability_application a WHERE a.app_id = sqlc.arg(app_id) GROUP BY a.capability);

-- name: OldestFirst :many
SELECT * FROM capability_application
WHERE id > CAST(sqlc.arg(after) AS TEXT) AND state = CAST(sqlc.arg(state) AS TEXT)
  AND (CAST(sqlc.arg(capability) AS TEXT) = '' OR capability = CAST(sqlc.arg(capability) AS TEXT))
ORDER BY id LIMIT sqlc.arg(most);

-- name: NewestFirst :many
SELECT * FROM capability_application
WHERE (CAST(sqlc.arg(before) AS TEXT) = '' OR id < CAST(sqlc.arg(before) AS TEXT))
  AND (CAST(sqlc.arg(state) AS TEXT) = '' OR state = CAST(sqlc.arg(state) AS TEXT))
  AND (CAST(sqlc.arg(capability) AS TEXT) = '' OR capability = CAST(sqlc.arg(capability) AS TEXT))
ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: Withdraw :one
UPDATE capability_application SET state = 'withdrawn', decided_by = sqlc.arg(by), decided_at = sqlc.arg(now)
WHERE app_id = sqlc.arg(app_id) AND capability = sqlc.arg(capability) AND state = 'applied'
RETURNING *;

-- name: Decide :one
UPDATE capability_application SET state = sqlc.arg(verdict), decided_by = sqlc.arg(by), decided_at = sqlc.arg(now), reason = sqlc.arg(reason)
WHERE id = sqlc.arg(id) AND state = 'applied'
RETURNING *;

-- name: CountOpen :many
SELECT capability, COUNT(*) AS n FROM capability_application WHERE state = 'applied' GROUP BY capability;

-- name: Invite :execrows
INSERT INTO capability_invitation (app_id, capability, id, invited_by, invited_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: Uninvite :one
DELETE FROM capability_invitation WHERE app_id = $1 AND capability = $2 RETURNING id;

-- name: Invitations :many
SELECT capability FROM capability_invitation WHERE app_id = $1;

-- name: Invited :one
SELECT COUNT(*) FROM capability_invitation WHERE app_id = $1 AND capability = $2;
