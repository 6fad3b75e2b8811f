-- name: definition
CREATE TABLE case_timeline (
    position     bigint PRIMARY KEY,
    case_id      text NOT NULL,
    version      integer NOT NULL,
    type         text NOT NULL,
    recorded_at  timestamptz NOT NULL,
    officer      text NOT NULL,
    organ        text NOT NULL,
    on_behalf_of text,
    pack_id      text,
    pack_version integer,
    pack_digest  text,
    rules        text[] NOT NULL,
    sealed       text[] NOT NULL,
    command_id   text NOT NULL,
    cause        text,
    data         jsonb NOT NULL,
    hash         bytea NOT NULL,
    previous     bytea NOT NULL
);

-- name: indexes
CREATE INDEX case_timeline_case ON case_timeline (case_id, version);
CREATE INDEX case_timeline_type ON case_timeline (type, position);
CREATE INDEX case_timeline_organ ON case_timeline (organ, position);

-- name: apply
-- OFFSET 0 keeps the planner from writing the parsing out once for each field, which made it a dozen times as much.
INSERT INTO case_timeline
SELECT e.position, substr(e.stream, length('appointment/') + 1), e.version, e.type, e.recorded_at,
    j.entry #>> '{actor,officer}', j.entry #>> '{actor,organ}', j.entry #>> '{actor,on_behalf_of}',
    j.entry #>> '{pack,id}', (j.entry #>> '{pack,version}')::integer, j.entry #>> '{pack,digest}',
    CASE WHEN j.entry ? 'rules' THEN ARRAY(SELECT jsonb_array_elements_text(j.entry -> 'rules')) ELSE '{}' END,
    CASE WHEN j.entry ? 'sealed' THEN ARRAY(SELECT jsonb_object_keys(j.entry -> 'sealed')) ELSE '{}' END,
    j.entry ->> 'command', j.entry ->> 'cause', j.entry -> 'data', e.hash, decode(j.entry ->> 'previous', 'hex')
FROM log.event e, LATERAL (SELECT convert_from(e.entry, 'UTF8')::jsonb AS entry OFFSET 0) j
WHERE e.position BETWEEN $1 AND $2 AND e.stream LIKE 'appointment/%';

-- name: of_case
SELECT t.*, o.name AS officer_name
FROM read_model.case_timeline t LEFT JOIN read_model.officer o ON o.officer = t.officer
WHERE t.case_id = $1 AND t.version > $2
ORDER BY t.version LIMIT $3;
