-- name: position
SELECT position FROM log.subscription WHERE name = $1;

-- name: move
INSERT INTO log.subscription (name, position) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET position = excluded.position;

-- name: open_cases
SELECT s.stream, s.version
FROM log.stream s JOIN log.event e ON e.position = s.last_position
WHERE s.stream LIKE 'appointment/%' AND e.type NOT IN ('case_ended', 'case_withdrawn')
ORDER BY e.position;
