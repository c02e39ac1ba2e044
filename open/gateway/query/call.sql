-- name: Admit :execrows
INSERT INTO gateway_nonce (signed_at, digest) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: OldestNonce :one
SELECT CAST(COALESCE(MIN(signed_at), 0) AS BIGINT) FROM gateway_nonce;

-- name: ForgetNonces :execrows
DELETE FROM gateway_nonce WHERE signed_at < $1;

-- name: Quota :one
SELECT full_at FROM gateway_quota WHERE app_id = $1 AND scope = $2;

-- name: SetQuota :exec
INSERT INTO gateway_quota (app_id, scope, full_at) VALUES ($1, $2, $3)
ON CONFLICT (app_id, scope) DO UPDATE SET full_at = excluded.full_at;

-- name: BeginIdempotent :execrows
INSERT INTO gateway_idempotency (app_id, idem_key, fingerprint, attempt, busy_until, status, header, body, expires_at)
VALUES ($1, $2, $3, $4, $5, 0, '', '', $6)
ON CONFLICT (app_id, idem_key) DO NOTHING;

-- name: Idempotent :one
SELECT * FROM gateway_idempotency WHERE app_id = $1 AND idem_key = $2;

-- name: TakeIdempotent :exec
UPDATE gateway_idempotency SET fingerprint = sqlc.arg(fingerprint), attempt = sqlc.arg(attempt), busy_until = sqlc.arg(busy_until),
  status = 0, header = '', body = '', expires_at = sqlc.arg(expires_at)
WHERE app_id = sqlc.arg(app_id) AND idem_key = sqlc.arg(idem_key);

-- name: FinishIdempotent :execrows
UPDATE gateway_idempotency SET busy_until = 0, status = sqlc.arg(status), header = sqlc.arg(header), body = sqlc.arg(body), expires_at = sqlc.arg(expires_at)
WHERE app_id = sqlc.arg(app_id) AND idem_key = sqlc.arg(idem_key) AND attempt = sqlc.arg(attempt);

-- name: DropIdempotent :exec
DELETE FROM gateway_idempotency WHERE app_id = $1 AND idem_key = $2 AND attempt = $3;

-- name: OldIdempotent :many
SELECT app_id, idem_key, expires_at FROM gateway_idempotency WHERE expires_at < $1 ORDER BY expires_at LIMIT $2;

-- name: ForgetIdempotent :execrows
DELETE FROM gateway_idempotency WHERE app_id = $1 AND idem_key = $2 AND expires_at = $3;
