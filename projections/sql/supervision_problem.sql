-- name: definition
CREATE TABLE supervision_problem (
    problem_id        text PRIMARY KEY,
    type              text NOT NULL,
    severity          text NOT NULL,
    subject_kind      text NOT NULL,
    subject_id        text NOT NULL,
    finding           text NOT NULL,
    evidence          bigint[] NOT NULL,
    owner             text NOT NULL,
    accepting         text NOT NULL,
    origin_kind       text,
    origin_id         text,
    opened_on         date NOT NULL,
    opened_by         text NOT NULL,
    due_on            date NOT NULL,
    awaits_acceptance boolean NOT NULL DEFAULT false,
    overdue           boolean NOT NULL DEFAULT false,
    escalated         boolean NOT NULL DEFAULT false,
    mended_on         date,
    state             text NOT NULL GENERATED ALWAYS AS (
        CASE
            WHEN mended_on IS NOT NULL THEN 'mended'
            WHEN awaits_acceptance THEN 'awaits_acceptance'
            WHEN escalated THEN 'escalated'
            WHEN overdue THEN 'overdue'
            ELSE 'open'
        END) STORED,
    remedies          jsonb NOT NULL DEFAULT '[]',
    times_overdue     integer NOT NULL DEFAULT 0,
    reopened          jsonb NOT NULL DEFAULT '[]',
    opened_position   bigint NOT NULL,
    last_position     bigint NOT NULL
);

-- name: indexes
CREATE INDEX supervision_problem_recent ON supervision_problem (opened_position DESC);
CREATE INDEX supervision_problem_due ON supervision_problem (due_on, opened_position) WHERE mended_on IS NULL;

-- name: open
INSERT INTO supervision_problem (problem_id, type, severity, subject_kind, subject_id, finding, evidence, owner,
    accepting, origin_kind, origin_id, opened_on, opened_by, due_on, opened_position, last_position)
VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $2, $2) ON CONFLICT DO NOTHING;

-- name: report
UPDATE supervision_problem SET awaits_acceptance = true, remedies = remedies || $3::jsonb, last_position = $2
WHERE problem_id = $1;

-- name: answer
UPDATE supervision_problem SET awaits_acceptance = false, last_position = $2,
    remedies = jsonb_set(remedies, ARRAY[($3::integer - 1)::text], remedies -> ($3::integer - 1) || $4::jsonb)
WHERE problem_id = $1;

-- name: mend
UPDATE supervision_problem SET mended_on = $2 WHERE problem_id = $1;

-- name: due_anew
UPDATE supervision_problem SET due_on = $3, overdue = false, escalated = false, mended_on = NULL, last_position = $2
WHERE problem_id = $1;

-- name: reopen
UPDATE supervision_problem SET reopened = reopened || $2::jsonb WHERE problem_id = $1;

-- name: overdue
UPDATE supervision_problem SET overdue = true, times_overdue = times_overdue + 1, last_position = $2
WHERE problem_id = $1;

-- name: escalate
UPDATE supervision_problem SET escalated = true, last_position = $2 WHERE problem_id = $1;

-- name: page
SELECT * FROM read_model.supervision_problem
WHERE opened_position < $1
    AND ($3::text IS NULL OR owner = $3)
    AND ($4::text IS NULL OR state = $4) AND ($5::text IS NULL OR owner = $5) AND ($6::text IS NULL OR accepting = $6)
    AND ($7::text IS NULL OR type = $7) AND ($8::text IS NULL OR severity = $8)
    AND ($9::text IS NULL OR subject_kind = $9) AND ($10::text IS NULL OR subject_id = $10)
    AND ($11::text IS NULL OR origin_kind = $11) AND ($12::text IS NULL OR origin_id = $12)
    AND ($13::date IS NULL OR opened_on >= $13) AND ($14::date IS NULL OR opened_on <= $14)
    AND ($15::boolean IS NULL OR overdue = $15)
ORDER BY opened_position DESC LIMIT $2;

-- name: due_first
SELECT * FROM read_model.supervision_problem
WHERE ($3::text IS NULL OR owner = $3)
    AND ($4::text IS NULL OR state = $4) AND ($5::text IS NULL OR owner = $5) AND ($6::text IS NULL OR accepting = $6)
    AND ($7::text IS NULL OR type = $7) AND ($8::text IS NULL OR severity = $8)
    AND ($9::text IS NULL OR subject_kind = $9) AND ($10::text IS NULL OR subject_id = $10)
    AND ($11::text IS NULL OR origin_kind = $11) AND ($12::text IS NULL OR origin_id = $12)
    AND ($13::date IS NULL OR opened_on >= $13) AND ($14::date IS NULL OR opened_on <= $14)
    AND ($15::boolean IS NULL OR overdue = $15)
ORDER BY mended_on IS NOT NULL, CASE WHEN mended_on IS NULL THEN due_on END, mended_on DESC, opened_position
OFFSET $1 LIMIT $2;

-- name: by_id
SELECT * FROM read_model.supervision_problem WHERE problem_id = $1;

-- name: by_state
SELECT state, count(*) AS problems FROM read_model.supervision_problem
WHERE ($1::date IS NULL OR opened_on >= $1) AND ($2::date IS NULL OR opened_on <= $2)
GROUP BY state ORDER BY state;

-- name: by_type
SELECT type, severity, count(*) AS problems FROM read_model.supervision_problem
WHERE ($1::date IS NULL OR opened_on >= $1) AND ($2::date IS NULL OR opened_on <= $2)
GROUP BY type, severity ORDER BY type, severity;

-- name: by_owner
SELECT owner, count(*) AS problems, count(*) FILTER (WHERE mended_on IS NULL) AS still_open,
    count(*) FILTER (WHERE mended_on IS NULL AND overdue) AS overdue, sum(times_overdue)::integer AS times_overdue
FROM read_model.supervision_problem
WHERE ($1::date IS NULL OR opened_on >= $1) AND ($2::date IS NULL OR opened_on <= $2)
GROUP BY owner ORDER BY owner;

-- name: by_quarter
SELECT extract(year FROM happened_on)::integer AS year, extract(quarter FROM happened_on)::integer AS quarter,
    count(*) FILTER (WHERE what = 'opened') AS opened, count(*) FILTER (WHERE what = 'mended') AS mended
FROM (
    SELECT 'opened' AS what, opened_on AS happened_on FROM read_model.supervision_problem
    UNION ALL
    SELECT 'mended', mended_on FROM read_model.supervision_problem WHERE mended_on IS NOT NULL
) AS moments
WHERE ($1::date IS NULL OR happened_on >= $1) AND ($2::date IS NULL OR happened_on <= $2)
GROUP BY 1, 2 ORDER BY 1, 2;
