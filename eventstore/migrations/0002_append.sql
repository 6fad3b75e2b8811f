-- Appends a group of commands' events in one transaction and one round trip.
--
-- `places` number the appends of the group from 1; each names another stream, another command and another claim
-- (the group writer sees to it). A loser is told so without hurting the others, and burns no position.

CREATE FUNCTION log.append(
    streams text[], expected integer[], heads bytea[], commands uuid[], fingerprints bytea[],
    claims text[], releases text[], counts integer[],
    event_place integer[], event_nth integer[], event_type text[], event_at timestamptz[], event_entry bytea[],
    sealed_place integer[], sealed_nth integer[], sealed_owner text[], sealed_nonce bytea[], sealed_ciphertext bytea[]
) RETURNS TABLE (
    outcome text, actual_version integer, first_position bigint, first_version integer, events integer,
    fingerprint bytea
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = log, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    base bigint;
BEGIN
    -- The lock comes first, in a statement of its own: the next statement's snapshot then sees every
    -- transaction that held the lock before us.
    SELECT size INTO base FROM log.log FOR UPDATE;

    RETURN QUERY
    WITH asked AS (
        SELECT * FROM unnest(streams, expected, heads, commands, fingerprints, claims, releases, counts)
            WITH ORDINALITY AS a (stream, expected, head, command_id, fingerprint, claim, release, n, place)
    ), judged AS (
        SELECT a.*,
            coalesce(s.version, 0) AS actual,
            c.first_position AS earlier_position, c.first_version AS earlier_version, c.events AS earlier_events,
            c.fingerprint AS earlier_fingerprint,
            CASE
                WHEN c.command_id IS NOT NULL THEN 'repeated'
                WHEN coalesce(s.version, 0) <> a.expected THEN 'conflict'
                WHEN coalesce(s.head, '\x') <> a.head THEN 'broken'
                WHEN t.claim IS NOT NULL AND t.stream <> a.stream THEN 'claimed'
                ELSE 'appended'
            END AS outcome
        FROM asked a
        LEFT JOIN log.command c ON c.command_id = a.command_id
        LEFT JOIN log.stream s ON s.stream = a.stream
        LEFT JOIN log.claim t ON t.claim = a.claim
    ), won AS (
        SELECT *, base + sum(n) OVER (ORDER BY place) - n AS first_at FROM judged WHERE outcome = 'appended'
    ), entries AS (
        SELECT w.first_at + e.nth - 1 AS position, w.stream, w.expected + e.nth AS version, e.type, e.at, e.entry,
            sha256('\x00'::bytea || e.entry) AS hash, e.nth = w.n AS is_last
        FROM unnest(event_place, event_nth, event_type, event_at, event_entry) AS e (place, nth, type, at, entry)
        JOIN won w ON w.place = e.place
    ), new_events AS (
        INSERT INTO log.event (position, stream, version, type, recorded_at, entry, hash)
        SELECT position, stream, version, type, at, entry, hash FROM entries ORDER BY position
    ), new_sealed AS (
        INSERT INTO log.sealed (position, owner, nonce, ciphertext)
        SELECT w.first_at + p.nth - 1, p.owner, p.nonce, p.ciphertext
        FROM unnest(sealed_place, sealed_nth, sealed_owner, sealed_nonce, sealed_ciphertext)
            AS p (place, nth, owner, nonce, ciphertext)
        JOIN won w ON w.place = p.place
    ), new_commands AS (
        INSERT INTO log.command (command_id, stream, fingerprint, first_position, first_version, events)
        SELECT command_id, stream, fingerprint, first_at, expected + 1, n FROM won
    ), new_heads AS (
        INSERT INTO log.stream AS s (stream, version, head)
        SELECT stream, version, hash FROM entries WHERE is_last
        ON CONFLICT (stream) DO UPDATE SET version = excluded.version, head = excluded.head
    ), new_claims AS (
        INSERT INTO log.claim (claim, stream) SELECT claim, stream FROM won WHERE claim IS NOT NULL
        ON CONFLICT (claim) DO NOTHING
    ), given_back AS (
        DELETE FROM log.claim t USING won w WHERE t.claim = w.release AND t.stream = w.stream
    ), new_size AS (
        UPDATE log.log SET size = base + (SELECT coalesce(sum(n), 0) FROM won)
        WHERE EXISTS (SELECT FROM won)
    )
    SELECT j.outcome, j.actual, coalesce(w.first_at, j.earlier_position)::bigint,
        coalesce(w.expected + 1, j.earlier_version)::integer, coalesce(w.n, j.earlier_events)::integer,
        coalesce(w.fingerprint, j.earlier_fingerprint)
    FROM judged j LEFT JOIN won w ON w.place = j.place
    ORDER BY j.place;

    -- Once a group: a notification in every transaction of its own costs more than the append.
    PERFORM pg_notify('log', '');
END $$;

REVOKE ALL ON FUNCTION log.append FROM PUBLIC;

GRANT USAGE ON SCHEMA log TO investiture_app;
GRANT SELECT ON log.log, log.stream, log.event, log.sealed, log.command, log.claim TO investiture_app;
GRANT SELECT, INSERT, UPDATE ON log.subscription TO investiture_app;
GRANT EXECUTE ON FUNCTION log.append TO investiture_app;

-- Read models are disposable, so the application may make and drop them: in a schema of their own.
CREATE SCHEMA read_model;
GRANT USAGE, CREATE ON SCHEMA read_model TO investiture_app;
