-- name: in_service
SELECT person_id, unit, pack, rank, since_on, in_service_since, until_on FROM read_model.in_service
WHERE ($1::text IS NULL OR unit = $1) AND pack = $2 AND since_on <= $3 AND (until_on IS NULL OR until_on >= $3) ORDER BY person_id;

-- name: records
SELECT person_id, entry, school, corrected, number, title, kind, method, began_on, ended_on, hours, attended_hours,
    leave_hours, days, score, passed, course_id
FROM read_model.training_entry WHERE person_id = ANY ($1::text[]) ORDER BY person_id, entry;

-- name: owed
SELECT DISTINCT ON (person_id) person_id, case_id, hours_owed, make_up_due_on
FROM read_model.training_verdict WHERE person_id = ANY ($1::text[]) AND make_up = 'owed'
ORDER BY person_id, make_up_due_on;

-- name: years
SELECT entry.person_id, service.unit, extract(year FROM entry.ended_on)::int AS year, count(*)::int AS trainings,
    count(*) FILTER (WHERE entry.passed)::int AS passed, sum(entry.attended_hours)::int AS attended_hours,
    sum(entry.days)::int AS days
FROM read_model.training_entry AS entry LEFT JOIN (
    SELECT DISTINCT ON (person_id) person_id, unit FROM read_model.in_service ORDER BY person_id, since_on DESC
) AS service USING (person_id)
GROUP BY entry.person_id, service.unit, year ORDER BY entry.person_id, year;

-- name: courses_with_places
SELECT c.course_id, c.title, c.kind, c.method, c.hours, c.days, c.began_on, c.ended_on FROM read_model.course AS c
WHERE c.pack LIKE $1 || '@%' AND NOT c.cancelled AND c.began_on > $2 AND c.places > (
    SELECT count(*) FROM read_model.course_participant AS p WHERE p.course_id = c.course_id AND p.enrolled
)
ORDER BY c.began_on, c.course_id LIMIT 200;

-- name: already_sent
SELECT p.person_id, p.course_id FROM read_model.course_participant AS p JOIN read_model.course AS c USING (course_id)
WHERE p.person_id = ANY ($1::text[]) AND (p.sent OR p.enrolled) AND NOT p.completed AND NOT p.ended_by_leave
    AND NOT c.cancelled AND c.ended_on >= $2
ORDER BY p.person_id, c.began_on, p.course_id;
