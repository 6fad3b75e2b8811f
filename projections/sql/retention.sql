-- name: definition
CREATE TABLE case_file (
    case_id      text PRIMARY KEY,
    kept_until   date NOT NULL,
    rule         text NOT NULL,
    destroyed_on date,
    sealed_parts integer
);

-- name: expired
INSERT INTO case_file (case_id, kept_until, rule) VALUES ($1, $2, $3) ON CONFLICT (case_id) DO NOTHING;

-- name: destroyed
UPDATE case_file SET destroyed_on = $2, sealed_parts = $3 WHERE case_id = $1;

-- name: kept
SELECT b.case_id FROM read_model.case_board b LEFT JOIN read_model.case_file f USING (case_id)
WHERE b.closed_on IS NOT NULL AND f.destroyed_on IS NULL AND b.pack_id = $1 AND b.pack_version = $2 AND b.closed_on < $3
ORDER BY b.closed_on, b.case_id;

-- name: packs
SELECT DISTINCT pack_id, pack_version FROM read_model.case_board WHERE closed_on IS NOT NULL ORDER BY 1, 2;
