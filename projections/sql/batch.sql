-- name: definition
CREATE TABLE batch (
    batch_id     text PRIMARY KEY,
    action       text NOT NULL,
    lines        integer NOT NULL,
    received_at  timestamptz NOT NULL,
    officer      text NOT NULL,
    organ        text NOT NULL,
    completed_at timestamptz,
    recorded     integer,
    refused      integer,
    invalid      integer
);
CREATE TABLE batch_case (
    batch_id text NOT NULL,
    position bigint NOT NULL,
    case_id  text NOT NULL,
    PRIMARY KEY (batch_id, case_id)
);

-- name: received
INSERT INTO batch (batch_id, action, lines, received_at, officer, organ) VALUES ($1, $2, $3, $4, $5, $6);

-- name: completed
UPDATE batch SET completed_at = $2, recorded = $3, refused = $4, invalid = $5 WHERE batch_id = $1;

-- name: touched
INSERT INTO batch_case SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[]) ON CONFLICT DO NOTHING;

-- name: by_id
SELECT b.*, o.name AS officer_name,
    ARRAY(SELECT case_id FROM read_model.batch_case c WHERE c.batch_id = b.batch_id ORDER BY position) AS cases
FROM read_model.batch b LEFT JOIN read_model.officer o ON o.officer = b.officer
WHERE b.batch_id = $1;
