-- name: definition
CREATE TABLE supervision_watch (
    watch_id     text PRIMARY KEY,
    subject_kind text NOT NULL,
    subject_id   text NOT NULL,
    organ        text NOT NULL,
    assigned_to  text NOT NULL,
    points       text[] NOT NULL,
    attended     integer[] NOT NULL,
    opened_on    date NOT NULL,
    due_on       date,
    overdue      boolean NOT NULL,
    outcome      text,
    concluded_on date,
    position     bigint NOT NULL
);
CREATE TABLE supervision_watch_person (
    watch_id text NOT NULL,
    person   text NOT NULL,
    PRIMARY KEY (watch_id, person)
);

-- name: indexes
CREATE INDEX supervision_watch_recent ON supervision_watch (position DESC);
CREATE INDEX supervision_watch_about ON supervision_watch_person (person);

-- name: opened
INSERT INTO supervision_watch VALUES ($1, $2, $3, $4, $5, $6, '{}', $7, $8, false, NULL, NULL, $9)
ON CONFLICT DO NOTHING;

-- name: about
INSERT INTO supervision_watch_person SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING;

-- name: attended
UPDATE supervision_watch SET attended = array_append(attended, $2::integer) WHERE watch_id = $1;

-- name: overdue
UPDATE supervision_watch SET overdue = true WHERE watch_id = $1;

-- name: concluded
UPDATE supervision_watch SET outcome = $2, concluded_on = $3 WHERE watch_id = $1;

-- name: page
SELECT w.* FROM read_model.supervision_watch w
WHERE position < $1 AND ($2::boolean IS NULL OR (outcome IS NULL) = $2)
    AND NOT EXISTS (SELECT FROM read_model.supervision_watch_person p
                    WHERE p.watch_id = w.watch_id AND p.person = ANY ($3::text[]))
ORDER BY position DESC LIMIT $4;
