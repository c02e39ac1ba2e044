-- name: Store :execrows
INSERT INTO outbox (id, seq, topic, event_key, payload, emitted_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO NOTHING;

-- name: Payload :one
SELECT payload FROM outbox WHERE id = $1;

-- name: Pending :many
SELECT id, topic, event_key, payload, emitted_at FROM outbox
WHERE sent_at IS NULL ORDER BY seq, id LIMIT $1;

-- name: MarkSent :exec
UPDATE outbox SET sent_at = CAST(sqlc.arg(sent_at) AS BIGINT) WHERE id = sqlc.arg(id) AND sent_at IS NULL;

-- name: SendAgainSince :execrows
UPDATE outbox SET sent_at = NULL WHERE sent_at >= CAST(sqlc.arg(since) AS BIGINT);

-- name: LastSent :one
SELECT CAST(COALESCE(MAX(sent_at), 0) AS BIGINT) AS sent_at FROM outbox WHERE sent_at IS NOT NULL;

-- name: SentBefore :many
SELECT id FROM outbox WHERE sent_at < CAST(sqlc.arg(before) AS BIGINT) ORDER BY sent_at LIMIT sqlc.arg(most);

-- name: Remove :exec
DELETE FROM outbox WHERE id = $1 AND sent_at IS NOT NULL;

-- name: Backlog :one
SELECT COUNT(*) AS waiting, CAST(COALESCE(MIN(emitted_at), 0) AS BIGINT) AS oldest FROM outbox WHERE sent_at IS NULL;

-- name: TakeLease :one
INSERT INTO outbox_lease (name, holder, held_until)
VALUES (sqlc.arg(name), sqlc.arg(holder), sqlc.arg(held_until))
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
WHERE outbox_lease.holder = excluded.holder OR outbox_lease.held_until <= CAST(sqlc.arg(at) AS BIGINT)
RETURNING holder;

-- name: DropLease :exec
DELETE FROM outbox_lease WHERE name = $1 AND holder = $2;
