-- name: AddConsumer :exec
INSERT INTO identity_consumer (id, phone, nickname, avatar, state, reason, changes, created_at, changed_at)
VALUES ($1, $2, $3, $4, 'active', '', 0, $5, $5);

-- name: Consumer :one
SELECT * FROM identity_consumer WHERE id = $1;

-- name: ConsumerByPhone :one
SELECT * FROM identity_consumer WHERE phone = sqlc.arg(phone) AND phone <> '';

-- name: Consumers :many
SELECT * FROM identity_consumer
WHERE (CAST(sqlc.arg(before) AS TEXT) = '' OR id < CAST(sqlc.arg(before) AS TEXT))
ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: SetProfile :execrows
UPDATE identity_consumer SET nickname = $2, avatar = $3, changed_at = $4 WHERE id = $1;

-- name: SetPhone :execrows
UPDATE identity_consumer SET phone = $2, changed_at = $3 WHERE id = $1 AND phone = '';

-- name: MoveConsumer :one
UPDATE identity_consumer SET state = sqlc.arg(state), reason = sqlc.arg(reason), changes = changes + 1, changed_at = sqlc.arg(changed_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(from_state)
RETURNING *;

-- name: Link :one
SELECT consumer_id FROM identity_link WHERE host_id = $1 AND subject = $2;

-- name: AddLink :exec
INSERT INTO identity_link (host_id, subject, consumer_id, created_at) VALUES ($1, $2, $3, $4);

-- name: LinksOf :many
SELECT host_id, subject, created_at FROM identity_link WHERE consumer_id = $1 ORDER BY created_at, host_id LIMIT 100;
