-- name: position
SELECT position FROM log.subscription WHERE name = $1;

-- name: move
INSERT INTO log.subscription (name, position) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET position = excluded.position;

-- name: open_streams
SELECT s.stream, s.version
FROM log.stream s JOIN log.event e ON e.position = s.last_position
WHERE split_part(s.stream, '/', 1) = ANY ($1)
    AND e.type NOT IN ('case_ended', 'case_withdrawn', 'remedy_accepted')
    AND e.type NOT IN ('meeting_concluded', 'meeting_not_held', 'meeting_cancelled')
    AND e.type NOT IN ('request_answered', 'request_declined', 'request_withdrawn', 'watch_concluded')
    AND e.type NOT IN ('survey_counted', 'survey_withdrawn', 'index_use_recorded')
ORDER BY e.position;
