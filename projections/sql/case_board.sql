-- name: definition
CREATE TABLE case_board (
    case_id          text PRIMARY KEY,
    opened_position  bigint NOT NULL,
    pack_id          text NOT NULL,
    pack_version     integer NOT NULL,
    post_id          text NOT NULL,
    post_title       text NOT NULL,
    unit             text NOT NULL,
    rank             text NOT NULL,
    jurisdiction     text NOT NULL,
    status           text NOT NULL,
    stage            text NOT NULL,
    duty_holder      text,
    next_timer       text,
    due_on           date,
    provisional_by   text,
    candidates       integer NOT NULL,
    open_objections  integer NOT NULL,
    deviations       integer NOT NULL,
    outcome          text,
    closed_on        date,
    version          integer NOT NULL,
    position         bigint NOT NULL
);

-- name: indexes
CREATE INDEX case_board_recent ON case_board (opened_position DESC);
CREATE INDEX case_board_open ON case_board (status, due_on);
CREATE INDEX case_board_provisional ON case_board (provisional_by) WHERE provisional_by IS NOT NULL;

-- name: upsert
INSERT INTO case_board
SELECT * FROM unnest(
    $1::text[], $2::bigint[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::text[], $14::date[], $15::text[], $16::integer[], $17::integer[], $18::integer[],
    $19::text[], $20::date[], $21::integer[], $22::bigint[])
ON CONFLICT (case_id) DO UPDATE SET
    pack_version = excluded.pack_version, post_title = excluded.post_title, unit = excluded.unit, status = excluded.status, stage = excluded.stage, duty_holder = excluded.duty_holder,
    next_timer = excluded.next_timer, due_on = excluded.due_on, provisional_by = excluded.provisional_by,
    candidates = excluded.candidates,
    open_objections = excluded.open_objections, deviations = excluded.deviations, outcome = excluded.outcome,
    closed_on = excluded.closed_on, version = excluded.version, position = excluded.position
WHERE case_board.version <= excluded.version;

-- name: page
SELECT * FROM read_model.case_board
WHERE opened_position < $1
    AND ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR stage = $3)
    AND ($4::text IS NULL OR duty_holder = $4) AND ($5::text IS NULL OR pack_id = $5)
    AND ($6::date IS NULL OR due_on <= $6)
ORDER BY opened_position DESC LIMIT $7;

-- name: one
SELECT * FROM read_model.case_board WHERE case_id = $1;

-- name: open
SELECT case_id FROM read_model.case_board WHERE status <> 'closed' ORDER BY opened_position;

-- name: counted_otherwise
SELECT case_id, version FROM read_model.case_board
WHERE provisional_by IS NOT NULL AND provisional_by <> ALL($1::text[]) ORDER BY opened_position;
