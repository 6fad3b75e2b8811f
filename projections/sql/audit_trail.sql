-- name: definition
-- What a reader asks by. What an event says stays in the log, and is read from there a page at a time.
CREATE TABLE audit_trail (
    position     bigint PRIMARY KEY,
    kind         text NOT NULL,
    case_id      text,
    stage        text,
    type         text NOT NULL,
    recorded_at  timestamptz NOT NULL,
    officer      text NOT NULL,
    organ        text NOT NULL,
    on_behalf_of text,
    pack_id      text,
    pack_version integer,
    rules        text[] NOT NULL,
    deviates     boolean NOT NULL
);

-- name: indexes
CREATE INDEX audit_trail_case ON audit_trail (case_id, position) WHERE case_id IS NOT NULL;
CREATE INDEX audit_trail_type ON audit_trail (type, position);
CREATE INDEX audit_trail_organ ON audit_trail (organ, position);
CREATE INDEX audit_trail_officer ON audit_trail (officer, position);
CREATE INDEX audit_trail_on_behalf_of ON audit_trail (on_behalf_of, position) WHERE on_behalf_of IS NOT NULL;
CREATE INDEX audit_trail_deviates ON audit_trail (position) WHERE deviates;
CREATE INDEX audit_trail_recorded_at ON audit_trail USING brin (recorded_at);

-- name: apply
-- OFFSET 0 keeps the planner from writing the parsing out once for each field, which made it a dozen times as much.
-- A step stands at the stage that its case began last; for a case that began none on this page, the log is asked once.
WITH told AS (
    SELECT e.position, e.stream, e.version, split_part(e.stream, '/', 1) AS kind, e.type, e.recorded_at,
        j.entry #>> '{actor,officer}' AS officer, j.entry #>> '{actor,organ}' AS organ,
        j.entry #>> '{actor,on_behalf_of}' AS on_behalf_of,
        j.entry #>> '{pack,id}' AS pack_id, (j.entry #>> '{pack,version}')::integer AS pack_version,
        CASE WHEN j.entry ? 'rules' THEN ARRAY(SELECT jsonb_array_elements_text(j.entry -> 'rules')) ELSE '{}' END AS rules,
        e.type = ANY ($3) OR j.entry #> '{data,deviation}' IS NOT NULL OR j.entry #> '{data,deviations,0}' IS NOT NULL
            AS deviates,
        CASE e.type WHEN 'stage_begun' THEN j.entry #>> '{data,stage}' END AS begun,
        CASE WHEN e.stream NOT LIKE 'appointment/%' THEN j.entry #>> '{data,case_id}' END AS about
    FROM log.event e, LATERAL (SELECT convert_from(e.entry, 'UTF8')::jsonb AS entry OFFSET 0) j
    WHERE e.position BETWEEN $1 AND $2
), staged AS (
    SELECT *, count(begun) OVER (PARTITION BY stream COLLATE "C" ORDER BY version) AS nth FROM told
), before AS MATERIALIZED (
    SELECT p.stream, convert_from(b.entry, 'UTF8')::jsonb #>> '{data,stage}' AS stage
    FROM (SELECT stream, min(version) AS version FROM staged WHERE nth = 0 AND kind = 'appointment' GROUP BY 1) p,
    LATERAL (
        SELECT entry FROM log.event e
        WHERE e.stream = p.stream AND e.version < p.version AND e.type = 'stage_begun'
        ORDER BY e.version DESC LIMIT 1
    ) b
)
INSERT INTO audit_trail
SELECT s.position, s.kind, CASE s.kind WHEN 'appointment' THEN split_part(s.stream, '/', 2) ELSE s.about END,
    CASE s.nth WHEN 0 THEN b.stage ELSE max(s.begun) OVER (PARTITION BY s.stream COLLATE "C", s.nth) END,
    s.type, s.recorded_at, s.officer, s.organ, s.on_behalf_of, s.pack_id, s.pack_version, s.rules, s.deviates
FROM staged s LEFT JOIN before b ON s.nth = 0 AND b.stream = s.stream;

-- name: page
-- The page is cut before the log is asked what its events say.
SELECT t.*, e.stream, e.version, e.entry, e.hash, o.name AS officer_name
FROM (SELECT * FROM read_model.audit_trail t WHERE {asked} ORDER BY position DESC LIMIT {limit}) t
JOIN log.event e USING (position) LEFT JOIN read_model.officer o USING (officer)
ORDER BY position DESC;

-- name: onwards
SELECT t.*, e.stream, e.version, e.entry, e.hash, o.name AS officer_name
FROM (SELECT * FROM read_model.audit_trail t WHERE {asked} ORDER BY position LIMIT {limit}) t
JOIN log.event e USING (position) LEFT JOIN read_model.officer o USING (officer)
ORDER BY position;

-- name: by_stream
SELECT t.*, e.stream, e.version, e.entry, e.hash, o.name AS officer_name
FROM log.event e JOIN read_model.audit_trail t USING (position) LEFT JOIN read_model.officer o USING (officer)
WHERE {asked} ORDER BY e.stream, e.version LIMIT {limit};

-- name: count
SELECT count(*) FROM read_model.audit_trail t WHERE {asked};

-- name: of_case
SELECT t.*, e.stream, e.version, e.entry, e.hash, o.name AS officer_name
FROM log.event e JOIN read_model.audit_trail t USING (position) LEFT JOIN read_model.officer o USING (officer)
WHERE e.stream = 'appointment/' || $1::text AND e.version > $2 ORDER BY e.version LIMIT $3;
