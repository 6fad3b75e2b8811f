-- name: state
SELECT
    (SELECT (count(*), max(position))::text FROM read_model.training_told WHERE told_on <= $1)
    || (SELECT (count(*), max(position))::text FROM read_model.service_told WHERE told_on <= $1)
    || (SELECT (count(*), max(position))::text FROM read_model.verdict_told WHERE told_on <= $1);

-- name: records
SELECT DISTINCT ON (person_id, entry) person_id, entry, school, number, title, kind, method, began_on, ended_on, hours,
    attended_hours, leave_hours, days, score, passed, course_id
FROM read_model.training_told WHERE told_on <= $1 AND ($2::text[] IS NULL OR person_id = ANY ($2)) ORDER BY person_id, entry, position DESC;

-- name: services
SELECT person_id, unit, pack, rank, since_on, until_on FROM read_model.service_told
WHERE told_on <= $1 AND ($2::text[] IS NULL OR person_id = ANY ($2)) ORDER BY position;

-- name: verdicts
SELECT told.case_id, told.candidate_id, told.said, told.told_on, told.on_day, verdict.person_id, board.pack_id, board.rank
FROM read_model.verdict_told AS told
    JOIN read_model.case_board AS board USING (case_id)
    LEFT JOIN read_model.training_verdict AS verdict
        ON verdict.case_id = told.case_id AND verdict.candidate_id = told.candidate_id
WHERE told.told_on <= $1 ORDER BY told.position;

-- name: ratings
SELECT extract(year FROM held.ended_on)::int AS year, course.method, count(*)::int AS number, sum(given.rating)::int AS total
FROM read_model.course
    JOIN (
        SELECT DISTINCT ON (course_id) course_id, ended_on, cancelled FROM read_model.course_told
        WHERE told_on <= $1 ORDER BY course_id, position DESC
    ) AS held USING (course_id)
    JOIN (
        SELECT course_id, rating, row_number() OVER (PARTITION BY course_id ORDER BY position) AS place,
            count(*) OVER (PARTITION BY course_id) AS told
        FROM read_model.course_rating WHERE told_on <= $1
    ) AS given USING (course_id)
WHERE given.place <= given.told - given.told % $2 AND NOT held.cancelled AND held.ended_on <= $1 GROUP BY 1, 2;

-- name: teams
SELECT DISTINCT act.act_id AS plan_id, act.said -> 'plan' ->> 'title' AS title, act.year, act.position,
    teacher.person_id, teacher.staff_type, teacher.profession, teacher.birth_year
FROM read_model.training_act AS act
    JOIN read_model.course ON course.plan_id = act.act_id
    JOIN (
        SELECT DISTINCT ON (course_id) course_id, began_on, teachers, cancelled FROM read_model.course_told
        WHERE told_on <= $1 ORDER BY course_id, position DESC
    ) AS held ON held.course_id = course.course_id AND NOT held.cancelled AND held.began_on <= $1
    JOIN (
        SELECT DISTINCT ON (person_id) person_id, staff_type, profession, birth_year FROM read_model.teacher_told
        WHERE told_on <= $1 ORDER BY person_id, position DESC
    ) AS teacher ON teacher.person_id = ANY (held.teachers)
WHERE act.kind = 'plan' ORDER BY act.year, act.position, teacher.person_id;

-- name: facilities
SELECT places, equipment FROM read_model.facility
WHERE available_from_on <= $1 AND (available_until_on IS NULL OR available_until_on >= $1);
