-- name: AddOrganisation :exec
INSERT INTO account_organisation (id, name, search_name, kind, state, reason, submission, sequence, created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, '', 0, 0, $6, $6);

-- name: Organisation :one
SELECT id, name, kind, state, reason, submission, sequence, created_at, changed_at FROM account_organisation WHERE id = $1;

-- name: Operator :one
SELECT id, name, kind, state, reason, submission, sequence, created_at, changed_at FROM account_organisation WHERE kind = 'operator';

-- name: RenameOrganisation :exec
UPDATE account_organisation SET name = $2, search_name = $3, changed_at = $4 WHERE id = $1;

-- name: MoveOrganisation :one
UPDATE account_organisation
SET state = sqlc.arg(state), reason = sqlc.arg(reason), submission = submission + CAST(sqlc.arg(submitted) AS BIGINT),
    sequence = sequence + 1, changed_at = sqlc.arg(changed_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(before)
RETURNING submission, sequence;

-- name: Organisations :many
SELECT id, name, kind, state, reason, submission, sequence, created_at, changed_at FROM account_organisation
WHERE (CAST(sqlc.arg(before) AS TEXT) = '' OR id < CAST(sqlc.arg(before) AS TEXT))
  AND (CAST(sqlc.arg(state) AS TEXT) = '' OR state = CAST(sqlc.arg(state) AS TEXT))
  AND search_name LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\'
ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: AddDocument :exec
INSERT INTO account_document (id, org_id, kind, name, content_type, bytes, uploaded_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: Document :one
SELECT id, org_id, kind, name, content_type, bytes, uploaded_by, created_at FROM account_document WHERE org_id = $1 AND id = $2;

-- name: Documents :many
SELECT id, org_id, kind, name, content_type, bytes, uploaded_by, created_at FROM account_document WHERE org_id = $1 ORDER BY id;

-- name: CountDocuments :one
SELECT COUNT(*) FROM account_document WHERE org_id = $1;

-- name: DropDocument :execrows
DELETE FROM account_document WHERE org_id = $1 AND id = $2;
