-- Where a stream lies names the partitions to look into. The conditions on the version decide for the index that has
-- both, also in a partition that was not analysed yet; a list in a subselect does not have each call planned anew.
-- name: read_stream
SELECT e.* FROM log.stream s, LATERAL (
    SELECT position, stream, version, type, recorded_at, entry, hash FROM log.event
    WHERE stream = s.stream AND version > $2 AND position BETWEEN s.first_position AND s.last_position
    ORDER BY version
) e WHERE s.stream = $1 ORDER BY e.version;

-- name: read_streams
SELECT e.* FROM log.stream s, LATERAL (
    SELECT position, stream, version, type, recorded_at, entry, hash FROM log.event
    WHERE stream = s.stream AND version > 0 AND position BETWEEN s.first_position AND s.last_position
    OFFSET 0
) e WHERE s.stream = ANY ((SELECT $1::text[])::text[]) ORDER BY e.stream, e.version;

-- name: read_last
SELECT e.position, e.stream, e.version, e.type, e.recorded_at, e.entry, e.hash
FROM log.stream s JOIN log.event e ON e.position = s.last_position WHERE s.stream = $1;

-- name: read_log
SELECT position, stream, version, type, recorded_at, entry, hash
FROM log.event WHERE position > $1 ORDER BY position LIMIT $2;

-- name: read_sealed
SELECT position, owner, nonce, ciphertext FROM log.sealed WHERE position = ANY ($1::bigint[]) ORDER BY position, owner;

-- name: find_command
SELECT first_position, first_version, events, fingerprint FROM log.command WHERE command_id = $1;

-- name: claimed_by
SELECT stream FROM log.claim WHERE claim = $1;

-- name: streams_under
SELECT stream FROM log.stream WHERE stream >= $1 AND starts_with(stream, $1) ORDER BY stream;

-- name: streams_sealed_for
SELECT DISTINCT e.stream FROM log.sealed s JOIN log.event e USING (position) WHERE s.owner = $1 ORDER BY e.stream;

-- name: claimants_naming
SELECT c.stream FROM log.claim c
WHERE EXISTS (SELECT FROM log.event e WHERE e.stream = c.stream AND position($1::bytea IN e.entry) > 0)
ORDER BY c.stream;

-- name: entries_naming
SELECT position, stream, version, type, recorded_at, entry, hash FROM log.event
WHERE type = ANY ($2::text[]) AND position($1::bytea IN entry) > 0 ORDER BY position;

-- name: destroy_sealed
SELECT log.destroy_sealed($1, $2, $3);

-- name: destroy_case_file
SELECT log.destroy_case_file($1);

-- name: destroy_subscription
SELECT log.destroy_subscription($1);

-- name: size
SELECT size FROM log.log;

-- name: standing
SELECT size, (SELECT count(*) FROM log.stream) FROM log.log;

-- name: ends_of
SELECT stream, version, head, first_position, last_position FROM log.stream WHERE stream = ANY ($1::text[]);

-- name: read_rows
SELECT position, stream, version, type, timestamptz_send(recorded_at), entry, hash
FROM log.event WHERE position >= $1 AND position < $2 ORDER BY position;

-- name: read_sealed_between
SELECT position, owner, nonce, ciphertext FROM log.sealed WHERE position >= $1 AND position < $2 ORDER BY position, owner;

-- name: read_commands
SELECT command_id::text, stream, first_position, first_version, events
FROM log.command WHERE first_position >= $1 AND first_position < $2 ORDER BY first_position;

-- name: partitions
SELECT bounds[1]::bigint, bounds[2]::bigint
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid,
    LATERAL regexp_match(pg_get_expr(c.relpartbound, c.oid), '(\d+)\D+(\d+)') AS bounds
WHERE i.inhparent = 'log.event'::regclass ORDER BY 1;
