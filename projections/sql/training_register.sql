-- name: definition
CREATE TABLE training_entry (
    person_id      text NOT NULL,
    entry          integer NOT NULL,
    school         text NOT NULL,
    number         text NOT NULL,
    title          text NOT NULL,
    kind           text NOT NULL,
    method         text NOT NULL,
    began_on       date NOT NULL,
    ended_on       date NOT NULL,
    hours          integer NOT NULL,
    attended_hours integer NOT NULL,
    leave_hours    integer NOT NULL,
    days           integer NOT NULL,
    score          integer,
    passed         boolean NOT NULL,
    course_id      text,
    corrected      boolean NOT NULL,
    position       bigint NOT NULL,
    PRIMARY KEY (person_id, entry)
);
-- The planner keeps samples of columns where no vacuum of ours reaches: of what names people it gets none.
ALTER TABLE training_entry ALTER COLUMN number SET STATISTICS 0, ALTER COLUMN title SET STATISTICS 0;
CREATE TABLE in_service (
    person_id        text NOT NULL,
    unit             text NOT NULL,
    pack             text NOT NULL,
    rank             text NOT NULL,
    since_on         date NOT NULL,
    in_service_since date NOT NULL,
    until_on         date,
    PRIMARY KEY (person_id, since_on)
);
CREATE TABLE training_verdict (
    case_id        text NOT NULL,
    candidate_id   text NOT NULL,
    person_id      text NOT NULL,
    result         text,
    hours          integer,
    required_hours integer,
    verified_on    date,
    appointed_on   date,
    hours_owed     integer NOT NULL DEFAULT 0,
    make_up_due_on date,
    make_up        text,
    PRIMARY KEY (case_id, candidate_id)
);

-- name: indexes
CREATE INDEX ON training_entry (ended_on);
CREATE INDEX ON in_service (unit);
CREATE INDEX ON training_verdict (person_id);

-- name: file
INSERT INTO training_entry
SELECT * FROM unnest(
    $1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[], $9::date[],
    $10::int[], $11::int[], $12::int[], $13::int[], $14::int[], $15::bool[], $16::text[], $17::bool[], $18::bigint[]
)
ON CONFLICT (person_id, entry) DO UPDATE SET
    number = excluded.number, title = excluded.title, kind = excluded.kind, method = excluded.method,
    began_on = excluded.began_on, ended_on = excluded.ended_on, hours = excluded.hours,
    attended_hours = excluded.attended_hours, leave_hours = excluded.leave_hours, days = excluded.days,
    score = excluded.score, passed = excluded.passed, course_id = excluded.course_id, corrected = excluded.corrected,
    position = excluded.position;

-- name: serves
WITH moved AS (
    UPDATE in_service SET until_on = $5::date - 1 WHERE person_id = $1 AND until_on IS NULL AND since_on < $5
    RETURNING in_service_since
)
INSERT INTO in_service (person_id, unit, pack, rank, since_on, in_service_since)
VALUES ($1, $2, $3, $4, $5, coalesce((SELECT in_service_since FROM moved), (
    SELECT in_service_since FROM in_service WHERE person_id = $1 AND until_on BETWEEN $5::date - $6::int AND $5::date
    ORDER BY until_on DESC LIMIT 1
), $5))
ON CONFLICT (person_id, since_on) DO UPDATE SET
    unit = excluded.unit, pack = excluded.pack, rank = excluded.rank, until_on = NULL;

-- name: served
UPDATE in_service SET until_on = $2 WHERE person_id = $1 AND until_on IS NULL;

-- name: nominated
INSERT INTO training_verdict (case_id, candidate_id, person_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: verified
UPDATE training_verdict SET result = $3, hours = $4, required_hours = $5, verified_on = $6
WHERE case_id = $1 AND candidate_id = $2;

-- name: appointed
UPDATE training_verdict SET appointed_on = $3, hours_owed = $4, make_up_due_on = $5,
    make_up = CASE WHEN $5::date IS NULL THEN NULL ELSE 'owed' END
WHERE case_id = $1 AND candidate_id = $2;

-- name: made_up
UPDATE training_verdict SET make_up = $2 WHERE case_id = $1 AND make_up = 'owed';
