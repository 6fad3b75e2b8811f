-- name: read_stream
SELECT position, stream, version, type, recorded_at, entry, hash
FROM log.event WHERE stream = $1 AND version > $2 ORDER BY version;

-- name: read_streams
SELECT position, stream, version, type, recorded_at, entry, hash
FROM log.event WHERE stream = ANY ($1::text[]) ORDER BY stream, version;

-- name: read_last
SELECT position, stream, version, type, recorded_at, entry, hash
FROM log.event WHERE stream = $1 ORDER BY version DESC LIMIT 1;

-- name: read_log
SELECT position, stream, version, type, recorded_at, entry, hash
FROM log.event WHERE position > $1 ORDER BY position LIMIT $2;

-- name: read_sealed
SELECT position, owner, nonce, ciphertext FROM log.sealed WHERE position = ANY ($1::bigint[]) ORDER BY position, owner;

-- name: find_command
SELECT first_position, first_version, events, fingerprint FROM log.command WHERE command_id = $1;

-- name: claimed_by
SELECT stream FROM log.claim WHERE claim = $1;

-- name: size
SELECT size FROM log.log;

-- name: standing
SELECT size, ends.* FROM log.log, (
    SELECT coalesce(array_agg(stream), '{}'), coalesce(array_agg(version), '{}'), coalesce(array_agg(head), '{}')
    FROM log.stream
) AS ends;

-- name: read_commands
SELECT command_id::text, stream, first_position, first_version, events FROM log.command ORDER BY first_position;
