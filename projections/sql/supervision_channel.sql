-- name: definition
CREATE TABLE supervision_input (
    input_id    text PRIMARY KEY,
    secrecy     text NOT NULL,
    status      text NOT NULL,
    organ       text NOT NULL,
    recorded_on date NOT NULL,
    settled_on  date,
    membership  text,
    voice       text,
    source      text,
    position    bigint NOT NULL,
    person      text
);
CREATE TABLE opinion_asking (
    asking_id    text PRIMARY KEY,
    subject_kind text NOT NULL,
    subject_id   text NOT NULL,
    organ        text NOT NULL,
    asked        jsonb NOT NULL,
    counted      text[] NOT NULL,
    asked_on     date NOT NULL,
    position     bigint NOT NULL
);

-- name: indexes
CREATE INDEX supervision_input_recent ON supervision_input (position DESC);
CREATE INDEX supervision_input_person ON supervision_input (person) WHERE person IS NOT NULL;
CREATE INDEX supervision_input_day ON supervision_input (recorded_on);
CREATE INDEX opinion_asking_recent ON opinion_asking (position DESC);

-- name: recorded
INSERT INTO supervision_input VALUES ($1, $2, 'recorded', $3, $4, NULL, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING;

-- name: moved
UPDATE supervision_input SET status = $2, settled_on = $3 WHERE input_id = $1;

-- name: asked
INSERT INTO opinion_asking VALUES ($1, $2, $3, $4, $5, '{}', $6, $7) ON CONFLICT DO NOTHING;

-- name: counted
UPDATE opinion_asking SET counted = array_append(counted, $2::text) WHERE asking_id = $1;

-- name: inputs
SELECT input_id, secrecy, status, organ, recorded_on, settled_on, membership, voice, source, position
FROM read_model.supervision_input
WHERE position < $1 AND ($2::text IS NULL OR status = $2) ORDER BY position DESC LIMIT $3;

-- name: askings
SELECT asking_id, subject_kind, subject_id, organ, asked, counted, position FROM read_model.opinion_asking
WHERE position < $1 ORDER BY position DESC LIMIT $2;

-- name: of_quarter
-- As it stood on the last day, so that the report of a quarter never changes.
SELECT membership, voice, source, CASE WHEN settled_on <= $2 THEN status ELSE 'open' END AS outcome,
    count(*)::integer AS number
FROM read_model.supervision_input
WHERE recorded_on BETWEEN $1 AND $2 AND membership IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;

-- name: restricted
SELECT count(*)::integer FROM read_model.supervision_input
WHERE recorded_on BETWEEN $1 AND $2 AND secrecy = 'restricted';

-- name: of_the_public
SELECT count(*)::integer FROM read_model.taking_part_entry WHERE received_on BETWEEN $1 AND $2;

-- name: directions
SELECT a.key AS direction, count(*)::integer AS askings, sum(a.value::integer)::integer AS asked
FROM read_model.opinion_asking o, jsonb_each_text(o.asked) a
WHERE o.asked_on BETWEEN $1 AND $2 GROUP BY 1 ORDER BY 1;
