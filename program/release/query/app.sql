-- name: CreateApp :execrows
INSERT INTO release_app (id, org_id, name, search_name, icon, summary, domains, last_number, created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $8)
ON CONFLICT (id) DO NOTHING;

-- name: App :one
SELECT id, org_id, name, icon, summary, domains, privacy, trial_version, suspended_at, suspension_reason, created_at, changed_at
FROM release_app WHERE id = $1;

-- name: OrgOf :one
SELECT org_id FROM release_app WHERE id = $1;

-- name: Adopt :execrows
UPDATE release_app SET org_id = $2, changed_at = $3 WHERE id = $1 AND org_id = '';

-- name: CountApps :one
SELECT COUNT(*) FROM release_app WHERE org_id = $1;

-- name: AppsOf :many
SELECT id, org_id, name, icon, summary, domains, privacy, trial_version, suspended_at, suspension_reason, created_at, changed_at
FROM release_app WHERE org_id = $1 ORDER BY id DESC;

-- name: SetDomains :execrows
UPDATE release_app SET domains = $2, changed_at = $3 WHERE id = $1;

-- name: Describe :execrows
UPDATE release_app SET name = $2, search_name = $3, summary = $4, privacy = $5, changed_at = $6 WHERE id = $1;

-- name: SetIcon :execrows
UPDATE release_app SET icon = $2, changed_at = $3 WHERE id = $1;

-- name: NextNumber :one
UPDATE release_app SET last_number = last_number + 1 WHERE id = $1 RETURNING last_number;

-- name: NextRecord :one
UPDATE release_app SET last_record = last_record + 1 WHERE id = $1 RETURNING last_record;

-- name: Suspend :execrows
UPDATE release_app SET suspended_at = $2, suspension_reason = $3, changed_at = $2 WHERE id = $1 AND suspended_at = 0;

-- name: Resume :execrows
UPDATE release_app SET suspended_at = 0, suspension_reason = '', changed_at = $2 WHERE id = $1 AND suspended_at <> 0;

-- name: SetTrial :execrows
UPDATE release_app SET trial_version = $2, changed_at = $3 WHERE id = $1;

-- name: AllApps :many
SELECT a.id, a.org_id, a.name, a.icon, a.summary, a.suspended_at, a.created_at,
  CAST(COALESCE(v.number, 0) AS BIGINT) AS number, CAST(COALESCE(v.label, '') AS TEXT) AS label, CAST(COALESCE(p.released_at, 0) AS BIGINT) AS released_at
FROM release_app a
LEFT JOIN release_pointer p ON p.app_id = a.id
LEFT JOIN release_version v ON v.id = p.version_id
WHERE (CAST(sqlc.arg(before) AS TEXT) = '' OR a.id < CAST(sqlc.arg(before) AS TEXT))
  AND (a.id = CAST(sqlc.arg(exact) AS TEXT) OR a.org_id = CAST(sqlc.arg(exact) AS TEXT) OR a.search_name LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
  AND (CAST(sqlc.arg(state) AS TEXT) = ''
    OR CAST(sqlc.arg(state) AS TEXT) = 'suspended' AND a.suspended_at <> 0
    OR CAST(sqlc.arg(state) AS TEXT) = 'out' AND a.suspended_at = 0 AND p.app_id IS NOT NULL
    OR CAST(sqlc.arg(state) AS TEXT) = 'unreleased' AND a.suspended_at = 0 AND p.app_id IS NULL)
ORDER BY a.id DESC LIMIT sqlc.arg(most);
