-- name: definition
CREATE TABLE organ_request (
    request_id    text PRIMARY KEY,
    asked_by      text NOT NULL,
    asked         text NOT NULL,
    question      text NOT NULL,
    subject_kind  text NOT NULL,
    subject_id    text NOT NULL,
    case_id       text,
    asked_on      date NOT NULL,
    due_on        date NOT NULL,
    overdue       boolean NOT NULL DEFAULT false,
    state         text NOT NULL DEFAULT 'asked',
    answer        text,
    proof         bigint[] NOT NULL DEFAULT '{}',
    reason        text,
    settled_on    date,
    asked_position bigint NOT NULL,
    last_position bigint NOT NULL
);

-- name: indexes
CREATE INDEX organ_request_recent ON organ_request (asked_position DESC);
CREATE INDEX organ_request_open ON organ_request (due_on) WHERE settled_on IS NULL;

-- name: ask
INSERT INTO organ_request (request_id, asked_by, asked, question, subject_kind, subject_id, case_id, asked_on, due_on,
    asked_position, last_position)
VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $2, $2) ON CONFLICT DO NOTHING;

-- name: overdue
UPDATE organ_request SET overdue = true, state = 'overdue', last_position = $2 WHERE request_id = $1;

-- name: settle
UPDATE organ_request SET state = $3, settled_on = $4, answer = $5, proof = $6, reason = $7,
    overdue = overdue OR ($3 = 'answered' AND $4 > due_on), last_position = $2
WHERE request_id = $1;

-- name: page
SELECT * FROM read_model.organ_request
WHERE asked_position < $1
    AND ($3::text IS NULL OR $3 IN (asked, asked_by))
    AND ($4::text IS NULL OR state = $4) AND ($5::text IS NULL OR asked_by = $5) AND ($6::text IS NULL OR asked = $6)
    AND ($7::text IS NULL OR subject_kind = $7) AND ($8::text IS NULL OR subject_id = $8)
    AND ($9::text IS NULL OR case_id = $9)
    AND ($10::date IS NULL OR asked_on >= $10) AND ($11::date IS NULL OR asked_on <= $11)
    AND ($12::boolean IS NULL OR (settled_on IS NULL) = $12) AND ($13::boolean IS NULL OR overdue = $13)
ORDER BY asked_position DESC LIMIT $2;

-- name: unanswered
SELECT * FROM read_model.organ_request WHERE settled_on IS NULL ORDER BY due_on, asked_position;

-- name: figures_of
SELECT count(*)::integer AS asked, count(*) FILTER (WHERE state = 'answered')::integer AS answered,
    count(*) FILTER (WHERE settled_on IS NULL)::integer AS still_open, count(*) FILTER (WHERE overdue)::integer AS overdue,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY settled_on - asked_on) FILTER (WHERE state = 'answered') AS median_days,
    max(settled_on - asked_on) FILTER (WHERE state = 'answered') AS longest_days
FROM read_model.organ_request WHERE asked = $1 AND state <> 'withdrawn';

-- name: by_id
SELECT * FROM read_model.organ_request WHERE request_id = $1;
