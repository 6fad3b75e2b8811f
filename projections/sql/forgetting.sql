-- name: definition
CREATE TABLE forgetting (
    person_id         text PRIMARY KEY,
    state             text NOT NULL,
    ground            text NOT NULL,
    proposed_on       date NOT NULL,
    proposed_by       text[] NOT NULL,
    since_on          date NOT NULL,
    approved_by       text[] NOT NULL DEFAULT '{}',
    sealed_parts      integer,
    proposed_position bigint NOT NULL
);

-- name: indexes
CREATE INDEX forgetting_recent ON forgetting (proposed_position DESC);
CREATE INDEX forgetting_state ON forgetting (state, proposed_position DESC);

-- name: propose
INSERT INTO forgetting (person_id, state, ground, proposed_on, proposed_by, since_on, proposed_position)
VALUES ($1, 'proposed', $2, $3, $4, $3, $5)
ON CONFLICT (person_id) DO UPDATE SET
    state = 'proposed', ground = excluded.ground, proposed_on = excluded.proposed_on, proposed_by = excluded.proposed_by,
    since_on = excluded.since_on, approved_by = '{}', proposed_position = excluded.proposed_position;

-- name: approve
UPDATE forgetting SET state = 'approved', since_on = $2, approved_by = $3 WHERE person_id = $1;

-- name: end
UPDATE forgetting SET state = $2, since_on = $3 WHERE person_id = $1;

-- name: forget
UPDATE forgetting SET state = 'forgotten', since_on = $2, sealed_parts = $3 WHERE person_id = $1;

-- name: page
SELECT * FROM read_model.forgetting
WHERE proposed_position < $1 AND ($2::text IS NULL OR state = $2) ORDER BY proposed_position DESC LIMIT $3;

-- name: waiting
SELECT person_id FROM read_model.forgetting WHERE state = 'approved' ORDER BY proposed_position;
