-- name: version
SELECT version FROM read_model.projection WHERE name = $1;

-- name: position
SELECT position FROM read_model.projection WHERE name = $1;

-- name: begin
INSERT INTO read_model.projection (name, version, position) VALUES ($1, $2, -1) ON CONFLICT (name) DO NOTHING
RETURNING name;

-- name: fence
SELECT position FROM read_model.projection WHERE name = $1 AND position = $2 AND version = $3 FOR UPDATE;

-- name: move
UPDATE read_model.projection SET position = $2, problem = NULL, updated_at = now() WHERE name = $1;

-- name: hold
SELECT position FROM read_model.projection WHERE name = $1 FOR UPDATE;

-- name: swapped
INSERT INTO read_model.projection (name, version, position) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET version = $2, position = $3, problem = NULL, updated_at = now();

-- name: note_problem
UPDATE read_model.projection SET problem = $2, updated_at = now() WHERE name = $1 AND problem IS DISTINCT FROM $2;

-- name: rebuild_alone
SELECT pg_try_advisory_lock(hashtext('rebuild/' || $1));

-- name: rebuild_over
SELECT pg_advisory_unlock(hashtext('rebuild/' || $1));

-- name: behind
SELECT count(*) FROM unnest($1::text[]) AS n (name) LEFT JOIN read_model.projection p USING (name)
WHERE coalesce(p.position, -1) < $2;
