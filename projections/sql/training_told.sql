-- name: definition
CREATE TABLE training_told (
    position       bigint PRIMARY KEY,
    told_on        date NOT NULL,
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
    course_id      text
);
ALTER TABLE training_told ALTER COLUMN number SET STATISTICS 0, ALTER COLUMN title SET STATISTICS 0;
CREATE TABLE service_told (
    position  bigint PRIMARY KEY,
    told_on   date NOT NULL,
    person_id text NOT NULL,
    unit      text,
    pack      text,
    rank      text,
    since_on  date,
    until_on  date
);
CREATE TABLE verdict_told (
    position     bigint PRIMARY KEY,
    told_on      date NOT NULL,
    case_id      text NOT NULL,
    candidate_id text,
    said         text NOT NULL,
    on_day       date
);

-- name: indexes
CREATE INDEX ON training_told (person_id);
CREATE INDEX ON service_told (person_id);

-- name: training
INSERT INTO training_told SELECT * FROM unnest(
    $1::bigint[], $2::date[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::date[], $11::date[], $12::int[], $13::int[], $14::int[], $15::int[], $16::int[], $17::bool[], $18::text[]
);

-- name: service
INSERT INTO service_told VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: verdict
INSERT INTO verdict_told VALUES ($1, $2, $3, $4, $5, $6);
