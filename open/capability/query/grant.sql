-- name: AddGrant :exec
INSERT INTO capability_grant (id, app_id, org_id, capability, limits, from_at, until_at, granted_by, granted_at, revoked_by, revoked_at, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 0, '');

-- name: EndGrants :exec
UPDATE capability_grant SET until_at = sqlc.arg(until_at)
WHERE app_id = sqlc.arg(app_id) AND capability = sqlc.arg(capability) AND revoked_at = 0 AND (until_at = 0 OR until_at > sqlc.arg(until_at));

-- name: RevokeGrants :many
UPDATE capability_grant SET revoked_at = sqlc.arg(now), revoked_by = sqlc.arg(by), reason = sqlc.arg(reason)
WHERE app_id = sqlc.arg(app_id) AND capability = sqlc.arg(capability) AND revoked_at = 0 AND (until_at = 0 OR until_at > sqlc.arg(now))
RETURNING *;

-- name: StandingGrants :many
SELECT * FROM capability_grant
WHERE app_id = sqlc.arg(app_id) AND revoked_at = 0 AND (until_at = 0 OR until_at > sqlc.arg(now))
ORDER BY id LIMIT 500;

-- name: GrantNow :one
SELECT * FROM capability_grant
WHERE app_id = sqlc.arg(app_id) AND capability = sqlc.arg(capability) AND revoked_at = 0
  AND from_at <= sqlc.arg(now) AND (until_at = 0 OR until_at > sqlc.arg(now))
ORDER BY id DESC LIMIT 1;

-- name: LatestGrants :many
SELECT * FROM capability_grant o
WHERE o.app_id = sqlc.arg(app_id) AND o.id IN (SELECT MAX(g.id) FROM capability_grant g WHERE g.app_id = sqlc.arg(app_id) GROUP BY g.capability);

-- name: Grants :many
SELECT * FROM capability_grant
WHERE (CAST(sqlc.arg(before) AS TEXT) = '' OR id < CAST(sqlc.arg(before) AS TEXT))
  AND (CAST(sqlc.arg(app_id) AS TEXT) = '' OR app_id = CAST(sqlc.arg(app_id) AS TEXT))
  AND (CAST(sqlc.arg(capability) AS TEXT) = '' OR capability = CAST(sqlc.arg(capability) AS TEXT))
ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: CountStanding :many
SELECT capability, COUNT(DISTINCT app_id) AS n FROM capability_grant
WHERE revoked_at = 0 AND from_at <= sqlc.arg(now) AND (until_at = 0 OR until_at > sqlc.arg(now)) GROUP BY capability;

-- name: SeeConsumer :execrows
INSERT INTO capability_consumer (app_id, capability, day, consumer_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: BeginDay :exec
INSERT INTO capability_day (app_id, capability, day, consumers) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING;

-- name: CountConsumer :execrows
UPDATE capability_day SET consumers = consumers + 1
WHERE app_id = sqlc.arg(app_id) AND capability = sqlc.arg(capability) AND day = sqlc.arg(day) AND consumers < sqlc.arg(most);

-- name: SweepConsumers :execrows
DELETE FROM capability_consumer WHERE day < sqlc.arg(day);

-- name: SweepDays :execrows
DELETE FROM capability_day WHERE day < sqlc.arg(day);
