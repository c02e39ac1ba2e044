-- name: CreateEndpoint :exec
INSERT INTO gateway_endpoint (id, app_id, org_id, url, description, types, secret, previous_secret, previous_until, state, disabled_reason, disabled_count, failing_since, created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, '', 0, 'enabled', '', 0, 0, $8, $8);

-- name: Endpoint :one
SELECT * FROM gateway_endpoint WHERE app_id = $1 AND id = $2;

-- name: EndpointByID :one
SELECT * FROM gateway_endpoint WHERE id = $1;

-- name: Endpoints :many
SELECT * FROM gateway_endpoint WHERE app_id = $1 ORDER BY id;

-- name: CountEndpoints :one
SELECT COUNT(*) FROM gateway_endpoint WHERE app_id = $1;

-- name: ChangeEndpoint :one
UPDATE gateway_endpoint SET url = sqlc.arg(url), description = sqlc.arg(description), types = sqlc.arg(types), changed_at = sqlc.arg(now)
WHERE app_id = sqlc.arg(app_id) AND id = sqlc.arg(id) RETURNING *;

-- name: RotateEndpoint :one
UPDATE gateway_endpoint SET previous_secret = secret, previous_until = sqlc.arg(previous_until), secret = sqlc.arg(secret), changed_at = sqlc.arg(now)
WHERE app_id = sqlc.arg(app_id) AND id = sqlc.arg(id) RETURNING *;

-- name: EnableEndpoint :one
UPDATE gateway_endpoint SET state = 'enabled', disabled_reason = '', failing_since = 0, changed_at = sqlc.arg(now)
WHERE app_id = sqlc.arg(app_id) AND id = sqlc.arg(id) RETURNING *;

-- name: DisableEndpoint :one
UPDATE gateway_endpoint SET state = 'disabled', disabled_reason = sqlc.arg(reason), disabled_count = disabled_count + 1, changed_at = sqlc.arg(now)
WHERE app_id = sqlc.arg(app_id) AND id = sqlc.arg(id) AND state = 'enabled' RETURNING *;

-- name: EndpointFailing :exec
UPDATE gateway_endpoint SET failing_since = $2 WHERE id = $1 AND failing_since = 0;

-- name: EndpointWell :exec
UPDATE gateway_endpoint SET failing_since = 0 WHERE id = $1 AND failing_since > 0;

-- name: DeleteEndpoint :one
DELETE FROM gateway_endpoint WHERE app_id = $1 AND id = $2 RETURNING *;

-- name: CreateDelivery :execrows
INSERT INTO gateway_delivery (id, app_id, endpoint_id, event_id, type, payload, state, attempts, tries, next_at, last_status, last_error, created_at, done_at)
VALUES ($1, $2, $3, $4, $5, $6, 'pending', 0, 0, $7, 0, '', $7, 0)
ON CONFLICT (endpoint_id, event_id) DO NOTHING;

-- name: DeliveryByID :one
SELECT * FROM gateway_delivery WHERE id = $1;

-- name: Delivery :one
SELECT * FROM gateway_delivery WHERE app_id = $1 AND endpoint_id = $2 AND id = $3;

-- name: Deliveries :many
SELECT id, event_id, type, state, attempts, next_at, last_status, last_error, created_at, done_at FROM gateway_delivery
WHERE app_id = sqlc.arg(app_id) AND endpoint_id = sqlc.arg(endpoint_id)
  AND (CAST(sqlc.arg(before) AS TEXT) = '' OR id < CAST(sqlc.arg(before) AS TEXT))
  AND (CAST(sqlc.arg(state) AS TEXT) = '' OR state = CAST(sqlc.arg(state) AS TEXT))
ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: SettleDelivery :exec
UPDATE gateway_delivery SET state = $2, attempts = $3, tries = $4, next_at = $5, last_status = $6, last_error = $7, done_at = $8 WHERE id = $1;

-- name: AddAttempt :exec
INSERT INTO gateway_attempt (delivery_id, number, started_at, took, status, error, response) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: Attempts :many
SELECT * FROM gateway_attempt WHERE delivery_id = $1 ORDER BY number DESC LIMIT 100;

-- name: OldDeliveries :many
SELECT id FROM gateway_delivery WHERE created_at < $1 AND state <> 'pending' ORDER BY created_at LIMIT $2;

-- name: ForgetAttempts :exec
DELETE FROM gateway_attempt WHERE delivery_id = $1;

-- name: ForgetDelivery :exec
DELETE FROM gateway_delivery WHERE id = $1;
