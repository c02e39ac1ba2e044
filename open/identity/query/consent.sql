-- name: Consent :one
SELECT * FROM identity_consent WHERE app_id = $1 AND consumer_id = $2 AND kind = $3 AND withdrawn_at = 0;

-- name: AddConsent :exec
INSERT INTO identity_consent (id, app_id, consumer_id, kind, purpose, app_name, times, given_at, used_at, withdrawn_at)
VALUES ($1, $2, $3, $4, $5, $6, 1, $7, 0, 0);

-- name: GiveConsentAgain :one
UPDATE identity_consent SET times = times + 1, given_at = $2, purpose = $3, app_name = $4 WHERE id = $1
RETURNING times;

-- name: UseConsent :exec
UPDATE identity_consent SET used_at = $2 WHERE id = $1;

-- name: WithdrawConsent :one
UPDATE identity_consent SET withdrawn_at = sqlc.arg(now)
WHERE app_id = sqlc.arg(app_id) AND consumer_id = sqlc.arg(consumer_id) AND kind = sqlc.arg(kind) AND withdrawn_at = 0
RETURNING id;

-- name: WithdrawConsents :many
UPDATE identity_consent SET withdrawn_at = sqlc.arg(now)
WHERE app_id = sqlc.arg(app_id) AND consumer_id = sqlc.arg(consumer_id) AND withdrawn_at = 0
RETURNING id, kind;

-- name: ConsentsOf :many
SELECT * FROM identity_consent
WHERE consumer_id = sqlc.arg(consumer_id) AND withdrawn_at = 0 AND (CAST(sqlc.arg(before) AS TEXT) = '' OR id < CAST(sqlc.arg(before) AS TEXT))
ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: Disclose :exec
INSERT INTO identity_disclosure (id, consumer_id, app_id, app_name, kind, slot, fields, times, at, last_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)
ON CONFLICT (consumer_id, app_id, kind, slot) DO UPDATE SET times = identity_disclosure.times + 1, last_at = excluded.last_at;

-- name: DisclosuresOf :many
SELECT id, app_id, app_name, kind, fields, times, at, last_at FROM identity_disclosure
WHERE consumer_id = sqlc.arg(consumer_id)
  AND (CAST(sqlc.arg(app_id) AS TEXT) = '' OR app_id = CAST(sqlc.arg(app_id) AS TEXT))
  AND (CAST(sqlc.arg(before) AS TEXT) = '' OR id < CAST(sqlc.arg(before) AS TEXT))
ORDER BY id DESC LIMIT sqlc.arg(most);
