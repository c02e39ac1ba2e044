-- name: FullAt :one
SELECT full_at FROM allowance WHERE bucket_key = $1;

-- name: SetFullAt :exec
INSERT INTO allowance (bucket_key, full_at) VALUES ($1, $2)
ON CONFLICT (bucket_key) DO UPDATE SET full_at = excluded.full_at;

-- name: Drop :exec
DELETE FROM allowance WHERE bucket_key = $1;

-- name: Sweep :execrows
DELETE FROM allowance WHERE full_at <= $1;
