-- name: AddAudit :exec
INSERT INTO account_audit (id, org_id, person_id, action, target, detail, address, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: AuditOfOrganisation :many
SELECT a.id, a.org_id, a.person_id, a.action, a.target, a.detail, a.address, a.at, COALESCE(p.name, '') AS person_name
FROM account_audit a LEFT JOIN account_person p ON p.id = a.person_id
WHERE a.org_id = sqlc.arg(org_id) AND a.id < CAST(sqlc.arg(before) AS TEXT)
ORDER BY a.id DESC LIMIT sqlc.arg(most);

-- name: AuditOfPerson :many
SELECT a.id, a.org_id, a.person_id, a.action, a.target, a.detail, a.address, a.at, COALESCE(p.name, '') AS person_name
FROM account_audit a LEFT JOIN account_person p ON p.id = a.person_id
WHERE a.person_id = sqlc.arg(person_id) AND a.id < CAST(sqlc.arg(before) AS TEXT)
ORDER BY a.id DESC LIMIT sqlc.arg(most);

-- name: AuditOfAll :many
SELECT a.id, a.org_id, a.person_id, a.action, a.target, a.detail, a.address, a.at, COALESCE(p.name, '') AS person_name
FROM account_audit a LEFT JOIN account_person p ON p.id = a.person_id
WHERE a.id < CAST(sqlc.arg(before) AS TEXT)
ORDER BY a.id DESC LIMIT sqlc.arg(most);
