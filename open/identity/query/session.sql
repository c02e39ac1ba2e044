-- name: AddSession :exec
INSERT INTO identity_session (id, token_hash, consumer_id, host_id, address, agent, created_at, seen_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7);

-- name: SessionByToken :one
SELECT id, consumer_id, host_id, address, agent, created_at, seen_at FROM identity_session WHERE token_hash = $1;

-- name: Sessions :many
SELECT id, consumer_id, host_id, address, agent, created_at, seen_at FROM identity_session
WHERE consumer_id = sqlc.arg(consumer_id) ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: TouchSession :exec
UPDATE identity_session SET seen_at = $2 WHERE id = $1;

-- name: EndSession :execrows
DELETE FROM identity_session WHERE id = $1 AND consumer_id = $2;

-- name: EndSessions :execrows
DELETE FROM identity_session WHERE consumer_id = $1;

-- name: EndOtherSessions :execrows
DELETE FROM identity_session WHERE consumer_id = sqlc.arg(consumer_id) AND id <> sqlc.arg(keep);

-- name: EndOldSessions :execrows
DELETE FROM identity_session WHERE identity_session.consumer_id = sqlc.arg(consumer_id) AND identity_session.id NOT IN (
  SELECT s.id FROM identity_session s WHERE s.consumer_id = sqlc.arg(consumer_id) ORDER BY s.id DESC LIMIT sqlc.arg(most));

-- name: SweepSessions :execrows
DELETE FROM identity_session WHERE seen_at <= $1;

-- name: AddChallenge :exec
INSERT INTO identity_challenge (id, host_id, phone, code_hash, attempts, created_at, expires_at)
VALUES ($1, $2, $3, $4, 0, $5, $6);

-- name: TryChallenge :one
UPDATE identity_challenge SET attempts = attempts + 1
WHERE id = sqlc.arg(id) AND host_id = sqlc.arg(host_id) AND attempts < sqlc.arg(most) AND expires_at > sqlc.arg(now)
RETURNING phone, code_hash;

-- name: DropChallenge :exec
DELETE FROM identity_challenge WHERE id = $1;

-- name: SweepChallenges :execrows
DELETE FROM identity_challenge WHERE expires_at <= $1;
