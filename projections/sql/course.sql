-- name: definition
CREATE TABLE course (
    course_id          text PRIMARY KEY,
    school             text NOT NULL,
    title              text NOT NULL,
    pack               text NOT NULL,
    kind               text NOT NULL,
    method             text NOT NULL,
    plan_id            text,
    places             integer NOT NULL,
    hours              integer NOT NULL,
    days               integer NOT NULL,
    began_on           date NOT NULL,
    ended_on           date NOT NULL,
    sessions           jsonb NOT NULL,
    facility_id        text,
    needs              jsonb NOT NULL,
    teachers           text[] NOT NULL,
    cancelled          boolean NOT NULL DEFAULT FALSE,
    scheduled_position bigint NOT NULL
);
CREATE TABLE course_participant (
    course_id      text NOT NULL,
    person_id      text NOT NULL,
    sent           boolean NOT NULL DEFAULT FALSE,
    enrolled       boolean NOT NULL DEFAULT FALSE,
    studied        boolean NOT NULL DEFAULT FALSE,
    examined       boolean NOT NULL DEFAULT FALSE,
    assessed       boolean NOT NULL DEFAULT FALSE,
    ended_by_leave boolean NOT NULL DEFAULT FALSE,
    completed      boolean NOT NULL DEFAULT FALSE,
    PRIMARY KEY (course_id, person_id)
);
CREATE TABLE course_attendance (
    course_id      text NOT NULL,
    person_id      text NOT NULL,
    session        integer NOT NULL,
    attended_hours integer NOT NULL,
    leave_hours    integer NOT NULL,
    PRIMARY KEY (course_id, person_id, session)
);
CREATE TABLE facility (
    facility_id        text PRIMARY KEY,
    school             text NOT NULL,
    title              text NOT NULL,
    places             integer NOT NULL,
    equipment          jsonb NOT NULL,
    available_from_on  date NOT NULL,
    available_until_on date
);
CREATE TABLE facility_booking (
    facility_id text NOT NULL,
    course_id   text NOT NULL,
    booked_on   date NOT NULL,
    PRIMARY KEY (facility_id, booked_on, course_id)
);
CREATE TABLE teacher (
    person_id  text PRIMARY KEY,
    school     text NOT NULL,
    staff_type text NOT NULL,
    profession text NOT NULL,
    birth_year integer NOT NULL,
    from_on    date NOT NULL,
    until_on   date
);
-- What was told on which day, for reports that stand still; nothing in these three is replaced.
CREATE TABLE course_rating (
    position  bigint PRIMARY KEY,
    told_on   date NOT NULL,
    course_id text NOT NULL,
    rating    integer NOT NULL
);
CREATE TABLE course_told (
    position  bigint PRIMARY KEY,
    told_on   date NOT NULL,
    course_id text NOT NULL,
    began_on  date NOT NULL,
    ended_on  date NOT NULL,
    teachers  text[] NOT NULL,
    cancelled boolean NOT NULL
);
CREATE TABLE teacher_told (
    position   bigint PRIMARY KEY,
    told_on    date NOT NULL,
    person_id  text NOT NULL,
    staff_type text NOT NULL,
    profession text NOT NULL,
    birth_year integer NOT NULL
);

-- name: indexes
CREATE INDEX course_recent ON course (scheduled_position DESC);
CREATE INDEX course_plan ON course (plan_id);
CREATE INDEX course_participant_person ON course_participant (person_id);
CREATE INDEX course_rating_course ON course_rating (course_id, position);

-- name: schedule
INSERT INTO course (course_id, school, title, pack, kind, method, plan_id, scheduled_position,
    places, hours, days, began_on, ended_on, sessions, facility_id, needs, teachers)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT DO NOTHING;

-- name: change
UPDATE course SET places = $2, hours = $3, days = $4, began_on = $5, ended_on = $6, sessions = $7, facility_id = $8,
    needs = $9, teachers = $10
WHERE course_id = $1;

-- name: cancel
UPDATE course SET cancelled = TRUE WHERE course_id = $1;

-- name: participant
INSERT INTO course_participant (course_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: sent
UPDATE course_participant SET sent = TRUE WHERE course_id = $1 AND person_id = $2;

-- name: enrolled
UPDATE course_participant SET enrolled = TRUE WHERE course_id = $1 AND person_id = $2;

-- name: withdrawn
UPDATE course_participant SET enrolled = FALSE WHERE course_id = $1 AND person_id = $2;

-- name: studied
UPDATE course_participant SET studied = TRUE WHERE course_id = $1 AND person_id = $2;

-- name: examined
UPDATE course_participant SET examined = TRUE WHERE course_id = $1 AND person_id = $2;

-- name: assessed
UPDATE course_participant SET assessed = TRUE WHERE course_id = $1 AND person_id = $2;

-- name: ended_by_leave
UPDATE course_participant SET ended_by_leave = TRUE WHERE course_id = $1 AND person_id = $2;

-- name: taken_up_again
UPDATE course_participant SET ended_by_leave = FALSE WHERE course_id = $1 AND person_id = $2;

-- name: completed
UPDATE course_participant SET completed = TRUE WHERE course_id = $1 AND person_id = $2;

-- name: attended
INSERT INTO course_attendance VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (course_id, person_id, session) DO UPDATE SET
    attended_hours = excluded.attended_hours, leave_hours = excluded.leave_hours;

-- name: rated
INSERT INTO course_rating VALUES ($1, $2, $3, $4);

-- name: course_told
INSERT INTO course_told SELECT $1, $2, course_id, began_on, ended_on, teachers, cancelled FROM course
WHERE course_id = $3;

-- name: teacher_told
INSERT INTO teacher_told VALUES ($1, $2, $3, $4, $5, $6);

-- name: facility
INSERT INTO facility VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING;

-- name: change_facility
UPDATE facility SET title = $2, places = $3, equipment = $4, available_from_on = $5, available_until_on = $6
WHERE facility_id = $1;

-- name: give_back
DELETE FROM facility_booking WHERE facility_id = $1 AND course_id = $2;

-- name: book
INSERT INTO facility_booking SELECT $1, $2, unnest($3::date[]) ON CONFLICT DO NOTHING;

-- name: teacher
INSERT INTO teacher VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (person_id) DO UPDATE SET
    school = excluded.school, staff_type = excluded.staff_type, profession = excluded.profession,
    birth_year = excluded.birth_year, from_on = excluded.from_on, until_on = excluded.until_on;

-- name: page
SELECT c.*, coalesce(p.taken, 0) AS taken, coalesce(p.sent, 0) AS sent, coalesce(p.completed, 0) AS completed,
    r.ratings, r.rating
FROM read_model.course c
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE enrolled) AS taken, count(*) FILTER (WHERE sent) AS sent,
        count(*) FILTER (WHERE completed) AS completed
    FROM read_model.course_participant WHERE course_id = c.course_id) p ON TRUE
LEFT JOIN LATERAL (
    SELECT count(*) AS ratings, round(avg(rating) FILTER (WHERE place <= told - told % $9), 1)::float AS rating
    FROM (SELECT rating, row_number() OVER (ORDER BY position) AS place, count(*) OVER () AS told
          FROM read_model.course_rating WHERE course_id = c.course_id) AS given) r ON TRUE
WHERE c.scheduled_position < $1 AND ($2::text IS NULL OR c.course_id = $2)
    AND ($3::text IS NULL OR c.kind = $3) AND ($4::text IS NULL OR c.method = $4)
    AND ($5::text IS NULL OR c.plan_id = $5)
    AND ($6::boolean IS NULL OR (c.ended_on >= $7 AND NOT c.cancelled) = $6)
ORDER BY c.scheduled_position DESC LIMIT $8;

-- name: to_come
SELECT c.course_id, c.school, c.title, c.pack, c.kind, c.method, c.hours, c.began_on, c.ended_on, f.title AS facility,
    c.places, (SELECT count(*) FROM read_model.course_participant p
               WHERE p.course_id = c.course_id AND p.enrolled) AS taken
FROM read_model.course c LEFT JOIN read_model.facility f ON f.facility_id = c.facility_id
WHERE c.ended_on >= $1 AND NOT c.cancelled
ORDER BY c.began_on, c.course_id LIMIT $2;

-- name: participants
SELECT p.person_id, p.sent, p.enrolled, p.studied, count(a.session) AS sessions,
    coalesce(sum(a.attended_hours), 0) AS attended_hours, coalesce(sum(a.leave_hours), 0) AS leave_hours,
    p.examined, p.assessed, p.ended_by_leave, p.completed
FROM read_model.course_participant p
LEFT JOIN read_model.course_attendance a ON a.course_id = p.course_id AND a.person_id = p.person_id
WHERE p.course_id = $1
GROUP BY p.course_id, p.person_id ORDER BY p.person_id;

-- name: facilities
SELECT f.*, array(SELECT b.booked_on FROM read_model.facility_booking b
                  WHERE b.facility_id = f.facility_id AND b.booked_on >= $1 ORDER BY 1) AS booked_on
FROM read_model.facility f ORDER BY f.title, f.facility_id;

-- name: shortfalls
WITH need AS (
    SELECT n.key AS need, n.value::integer AS wanted
    FROM read_model.course c, jsonb_each_text(c.needs || jsonb_build_object('places', c.places)) n
    WHERE c.facility_id IS NULL AND NOT c.cancelled AND c.ended_on >= $1 AND c.needs <> '{}'
), has AS (
    SELECT h.key AS need, max(h.value::integer) AS best
    FROM read_model.facility f, jsonb_each_text(f.equipment || jsonb_build_object('places', f.places)) h
    WHERE f.available_until_on IS NULL OR f.available_until_on >= $1
    GROUP BY h.key
)
SELECT n.need, count(*) AS courses, max(n.wanted) AS needed, coalesce(max(h.best), 0) AS available,
    greatest(max(n.wanted) - coalesce(max(h.best), 0), 0) AS short
FROM need n LEFT JOIN has h ON h.need = n.need
GROUP BY n.need ORDER BY short DESC, n.need;
