-- name: AddTester :execrows
INSERT INTO release_tester (id, app_id, phone, name, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (app_id, phone) DO NOTHING;

-- name: Testers :many
SELECT id, app_id, phone, name, created_at FROM release_tester WHERE app_id = $1 ORDER BY id;

-- name: CountTesters :one
SELECT COUNT(*) FROM release_tester WHERE app_id = $1;

-- name: RemoveTester :execrows
DELETE FROM release_tester WHERE app_id = $1 AND id = $2;

-- name: TesterByPhone :one
SELECT id, app_id, phone, name, created_at FROM release_tester WHERE app_id = $1 AND phone = $2;

-- name: AddTicket :exec
INSERT INTO release_ticket (hash, app_id, version_id, operator, made_by, created_at, used_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7);

-- name: Ticket :one
SELECT hash, app_id, version_id, operator, made_by, created_at, used_at, expires_at FROM release_ticket WHERE hash = $1 AND app_id = $2;

-- name: UseTicket :exec
UPDATE release_ticket SET used_at = $2 WHERE hash = $1;

-- name: CountTickets :one
SELECT COUNT(*) FROM release_ticket WHERE app_id = $1 AND version_id <> '' AND expires_at > $2;

-- name: ForgetTickets :exec
DELETE FROM release_ticket WHERE expires_at <> 0 AND expires_at < $1;

-- name: WithdrawLinks :exec
DELETE FROM release_ticket WHERE app_id = $1 AND version_id = '';

-- name: PruneLinks :exec
DELETE FROM release_ticket WHERE hash IN (
  SELECT t.hash FROM release_ticket t WHERE t.app_id = $1 AND t.version_id = '' ORDER BY t.used_at DESC, t.created_at DESC, t.hash LIMIT 1000 OFFSET 200);
