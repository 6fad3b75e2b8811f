-- name: definition
CREATE TABLE exception_register (
    case_id      text NOT NULL,
    entry_id     text NOT NULL,
    position     bigint NOT NULL,
    kind         text NOT NULL,
    code         text NOT NULL,
    rule         text NOT NULL,
    reason       text,
    candidate_id text,
    entered_on   date NOT NULL,
    state        text NOT NULL,
    organ        text,
    pack_id      text NOT NULL,
    pack_version integer NOT NULL,
    pack_digest  text NOT NULL,
    PRIMARY KEY (case_id, entry_id)
);

-- name: indexes
CREATE INDEX exception_register_recent ON exception_register (position DESC, entry_id);
CREATE INDEX exception_register_kind ON exception_register (kind, position DESC);

-- name: enter
INSERT INTO exception_register VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (case_id, entry_id) DO UPDATE SET state = excluded.state, organ = excluded.organ;

-- name: change
UPDATE exception_register SET state = $3, organ = coalesce($4, organ) WHERE case_id = $1 AND entry_id = $2;

-- name: use_deviation
UPDATE exception_register SET state = 'used' WHERE case_id = $1 AND kind = 'deviation' AND rule = $2;

-- name: state_delay
UPDATE exception_register SET state = 'stated' WHERE case_id = $1 AND kind = 'delay' AND code = $2;

-- name: page
SELECT r.*, b.unit, b.post_title
FROM read_model.exception_register r LEFT JOIN read_model.case_board b ON b.case_id = r.case_id
WHERE r.position < $1
    AND ($2::text IS NULL OR r.kind = $2) AND ($3::text IS NULL OR b.unit = $3) AND ($4::text IS NULL OR r.case_id = $4)
    AND ($5::date IS NULL OR r.entered_on >= $5) AND ($6::date IS NULL OR r.entered_on <= $6)
ORDER BY r.position DESC LIMIT $7;

-- name: counts
SELECT extract(year FROM entered_on)::integer AS year, kind, code, count(*) AS entries
FROM read_model.exception_register GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3 OFFSET $1 LIMIT $2;
