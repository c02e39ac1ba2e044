-- name: Submit :exec
INSERT INTO review_review (id, org_id, app_id, app_name, search_text, version_id, number, label, round, note, state, rules, high, medium, low, submitted_by, submitted_at, ended_by, ended_at, reasons)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', $11, $12, $13, $14, $15, $16, '', 0, '[]');

-- name: AddReport :exec
INSERT INTO review_report (review_id, app_id, settings, findings, diff) VALUES ($1, $2, $3, $4, $5);

-- name: Rounds :one
SELECT COUNT(*) FROM review_review WHERE app_id = $1 AND version_id = $2;

-- name: SubmittedSince :one
SELECT COUNT(*) FROM review_review WHERE app_id = $1 AND submitted_at > $2;

-- name: Review :one
SELECT id, org_id, app_id, app_name, search_text, version_id, number, label, round, note, state, rules, high, medium, low, submitted_by, submitted_at, ended_by, ended_at, reasons
FROM review_review WHERE id = $1;

-- name: Report :one
SELECT review_id, app_id, settings, findings, diff FROM review_report WHERE review_id = $1;

-- name: LatestOf :one
SELECT id, org_id, app_id, app_name, search_text, version_id, number, label, round, note, state, rules, high, medium, low, submitted_by, submitted_at, ended_by, ended_at, reasons
FROM review_review WHERE app_id = $1 AND version_id = $2 ORDER BY id DESC LIMIT 1;

-- name: ApprovedSettings :one
SELECT p.settings FROM review_review r JOIN review_report p ON p.review_id = r.id
WHERE r.app_id = $1 AND r.version_id = $2 AND r.state = 'approved' ORDER BY r.id DESC LIMIT 1;

-- name: End :one
UPDATE review_review SET state = $2, ended_by = $3, ended_at = $4, reasons = $5
WHERE id = $1 AND state = 'pending'
RETURNING id, org_id, app_id, app_name, search_text, version_id, number, label, round, note, state, rules, high, medium, low, submitted_by, submitted_at, ended_by, ended_at, reasons;

-- name: Oldest :many
SELECT id, org_id, app_id, app_name, search_text, version_id, number, label, round, note, state, rules, high, medium, low, submitted_by, submitted_at, ended_by, ended_at, reasons
FROM review_review
WHERE (CAST(sqlc.arg(state) AS TEXT) = '' OR state = CAST(sqlc.arg(state) AS TEXT))
  AND id > CAST(sqlc.arg(after) AS TEXT)
  AND (CAST(sqlc.arg(exact) AS TEXT) = '' OR app_id = CAST(sqlc.arg(exact) AS TEXT) OR version_id = CAST(sqlc.arg(exact) AS TEXT)
       OR org_id = CAST(sqlc.arg(exact) AS TEXT) OR search_text LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
ORDER BY id LIMIT sqlc.arg(most);

-- name: Newest :many
SELECT id, org_id, app_id, app_name, search_text, version_id, number, label, round, note, state, rules, high, medium, low, submitted_by, submitted_at, ended_by, ended_at, reasons
FROM review_review
WHERE (CAST(sqlc.arg(state) AS TEXT) = '' OR state = CAST(sqlc.arg(state) AS TEXT))
  AND (CAST(sqlc.arg(before) AS TEXT) = '' OR id < CAST(sqlc.arg(before) AS TEXT))
  AND (CAST(sqlc.arg(exact) AS TEXT) = '' OR app_id = CAST(sqlc.arg(exact) AS TEXT) OR version_id = CAST(sqlc.arg(exact) AS TEXT)
       OR org_id = CAST(sqlc.arg(exact) AS TEXT) OR search_text LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: CountPending :one
SELECT COUNT(*) AS pending, CAST(COALESCE(MIN(submitted_at), 0) AS BIGINT) AS oldest FROM review_review WHERE state = 'pending';
