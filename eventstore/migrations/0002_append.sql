-- Appends a group of commands' events in one transaction and one round trip.
--
-- `place` numbers the appends of the group from 1; each names another stream, another command and another claim
-- (the group writer sees to it). A loser is told so without hurting the others, and burns no position.
--
-- The group comes as three lists of rows, so that nothing has to be parsed: bytes are bytes and numbers are numbers.
--
-- The settings pin one plan: every lookup goes through an index. A plan made while the tables were empty, or
-- before they were analysed, would otherwise read them whole, and each group would be slower than the last.

-- `head` is the hash that the first event of the append follows, and `events` how many it has.
CREATE TYPE log.given_append AS (
    stream text, expected integer, head bytea, command_id uuid, fingerprint bytea, claim text, release text,
    events integer
);
-- `nth` numbers the events of an append from 1.
CREATE TYPE log.given_event AS (place integer, nth integer, type text, recorded_at timestamptz, entry bytea);
CREATE TYPE log.given_part AS (place integer, nth integer, owner text, nonce bytea, ciphertext bytea);

-- An append's `first_version` and what follows are told only when its command had been recorded before.
CREATE FUNCTION log.append(appends log.given_append[], given log.given_event[], parts log.given_part[])
RETURNS TABLE (
    outcome text, actual_version integer, first_position bigint, first_version integer, events integer,
    fingerprint bytea
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = log, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    base bigint;
    recorded integer;
    streams text[];
    expected integer[];
    commands uuid[];
    fingerprints bytea[];
    claims text[];
    releases text[];
    counts integer[];
    outcomes text[];
    actuals integer[];
    first_at bigint[];
BEGIN
    -- The lock comes first, in a statement of its own: the next statement's snapshot then sees every
    -- transaction that held the lock before us.
    SELECT size INTO base FROM log.log FOR UPDATE;

    WITH judged AS (
        SELECT a.*, coalesce(s.version, 0) AS actual,
            CASE
                WHEN c.command_id IS NOT NULL THEN 'repeated'
                WHEN coalesce(s.version, 0) <> a.expected THEN 'conflict'
                WHEN coalesce(s.head, '\x') <> a.head THEN 'broken'
                WHEN t.stream <> a.stream THEN 'claimed'
                ELSE 'appended'
            END AS outcome
        FROM unnest(appends) WITH ORDINALITY
            AS a (stream, expected, head, command_id, fingerprint, claim, release, n, place)
        LEFT JOIN log.command c ON c.command_id = a.command_id
        LEFT JOIN log.stream s ON s.stream = a.stream
        LEFT JOIN log.claim t ON t.claim = a.claim
    ), placed AS (
        SELECT *, sum(n) FILTER (WHERE outcome = 'appended') OVER (ORDER BY place) AS upto FROM judged
    )
    SELECT array_agg(stream), array_agg(expected), array_agg(command_id), array_agg(fingerprint),
        array_agg(claim), array_agg(release), array_agg(n),
        array_agg(outcome), array_agg(actual), array_agg(base + upto - n), coalesce(max(upto), 0)
    INTO streams, expected, commands, fingerprints, claims, releases, counts, outcomes, actuals, first_at, recorded
    FROM (SELECT * FROM placed ORDER BY place) AS in_order;

    IF recorded > 0 THEN
        WITH entries AS MATERIALIZED (
            SELECT first_at[e.place] + e.nth - 1 AS position, streams[e.place] AS stream,
                expected[e.place] + e.nth AS version, e.type, e.recorded_at, e.entry,
                sha256('\x00'::bytea || e.entry) AS hash, e.nth = counts[e.place] AS is_last
            FROM unnest(given) AS e
            WHERE outcomes[e.place] = 'appended'
        ), new_events AS (
            INSERT INTO log.event (position, stream, version, type, recorded_at, entry, hash)
            SELECT position, stream, version, type, recorded_at, entry, hash FROM entries
        ), new_heads AS (
            INSERT INTO log.stream AS s (stream, version, head)
            SELECT stream, version, hash FROM entries WHERE is_last
            ON CONFLICT (stream) DO UPDATE SET version = excluded.version, head = excluded.head
        ), new_commands AS (
            INSERT INTO log.command (command_id, stream, fingerprint, first_position, first_version, events)
            SELECT commands[place], streams[place], fingerprints[place], first_at[place], expected[place] + 1,
                counts[place]
            FROM generate_subscripts(streams, 1) AS place WHERE outcomes[place] = 'appended'
        )
        UPDATE log.log SET size = base + recorded;

        IF cardinality(parts) > 0 THEN
            INSERT INTO log.sealed (position, owner, nonce, ciphertext)
            SELECT first_at[p.place] + p.nth - 1, p.owner, p.nonce, p.ciphertext
            FROM unnest(parts) AS p
            WHERE outcomes[p.place] = 'appended';
        END IF;
        IF num_nonnulls(VARIADIC claims) > 0 THEN
            INSERT INTO log.claim (claim, stream)
            SELECT claims[place], streams[place] FROM generate_subscripts(streams, 1) AS place
            WHERE outcomes[place] = 'appended' AND claims[place] IS NOT NULL
            ON CONFLICT (claim) DO NOTHING;
        END IF;
        IF num_nonnulls(VARIADIC releases) > 0 THEN
            DELETE FROM log.claim t USING generate_subscripts(streams, 1) AS place
            WHERE outcomes[place] = 'appended' AND t.claim = releases[place] AND t.stream = streams[place];
        END IF;

        -- Once a group: a notification in every transaction of its own costs more than the append.
        PERFORM pg_notify('log', '');
    END IF;

    IF 'repeated' <> ALL (outcomes) THEN
        RETURN QUERY SELECT *, NULL::integer, NULL::integer, NULL::bytea FROM unnest(outcomes, actuals, first_at);
    ELSE
        RETURN QUERY SELECT outcomes[place], actuals[place], c.first_position, c.first_version, c.events, c.fingerprint
        FROM generate_subscripts(streams, 1) AS place LEFT JOIN log.command c ON c.command_id = commands[place]
        ORDER BY place;
    END IF;
END $$;

REVOKE ALL ON FUNCTION log.append FROM PUBLIC;

GRANT USAGE ON SCHEMA log TO investiture_app;
GRANT SELECT ON log.log, log.stream, log.event, log.sealed, log.command, log.claim TO investiture_app;
GRANT SELECT, INSERT, UPDATE ON log.subscription TO investiture_app;
GRANT EXECUTE ON FUNCTION log.append TO investiture_app;
