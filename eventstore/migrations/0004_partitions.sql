-- The events are carved up by position, so that old ones can leave as a whole (docs/decisions/0009).
--
-- A log that is there becomes the first partition as it is: renamed and attached, its rows read once and not copied.
-- (stream, version) is unique in each partition by an index of its own. Across partitions no index can say so, since
-- it would have to hold the position: there it is the compare-and-set of log.stream that promises it, under the lock
-- on the log's row, and verifying the log counts every stream's versions again.

-- `room` is the first position for which no partition is there yet.
ALTER TABLE log.log ADD COLUMN partition_events bigint NOT NULL DEFAULT 1000000;
ALTER TABLE log.log ADD COLUMN room bigint NOT NULL DEFAULT 0;

ALTER TABLE log.event RENAME TO event_0;
ALTER TABLE log.event_0 RENAME CONSTRAINT event_pkey TO event_0_pkey;
ALTER TABLE log.event_0 RENAME CONSTRAINT event_stream_version_key TO event_0_stream_version_key;
CREATE TABLE log.event (LIKE log.event_0 INCLUDING CONSTRAINTS, PRIMARY KEY (position)) PARTITION BY RANGE (position);
REVOKE ALL ON log.event_0 FROM investiture_app;
GRANT SELECT ON log.event TO investiture_app;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.event
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_to_change_the_past();

UPDATE log.log SET room = (size / partition_events + 1) * partition_events;
DO $$
BEGIN
    EXECUTE format('ALTER TABLE log.event ATTACH PARTITION log.event_0 FOR VALUES FROM (0) TO (%s)',
        (SELECT room FROM log.log));
END $$;

-- Where each stream lies: a stream is read from the partitions between its first and its last event alone.
ALTER TABLE log.stream ADD COLUMN first_position bigint, ADD COLUMN last_position bigint;
UPDATE log.stream s SET first_position = e.first_position, last_position = e.last_position
FROM (SELECT stream, min(position) AS first_position, max(position) AS last_position FROM log.event GROUP BY stream) e
WHERE e.stream = s.stream;
ALTER TABLE log.stream ALTER COLUMN first_position SET NOT NULL, ALTER COLUMN last_position SET NOT NULL;

-- Commands are written in the order of their events, so a few bytes for many pages find those of a range of events.
CREATE INDEX command_first_position ON log.command USING brin (first_position)
    WITH (pages_per_range = 16, autosummarize = on);

-- Partitions up to half of one beyond a position, for whoever holds the row of log.log.
--
-- Made ahead, so that nobody has to wait for one: while something else holds the table's lock (an ANALYZE, an archive)
-- the next append tries again, and only one that has no partition left waits. Attaching, unlike CREATE TABLE …
-- PARTITION OF, lets others read and write meanwhile. A statement that names a partition is not seen by the triggers
-- of the whole table, hence each has its own.
CREATE FUNCTION log.make_room(upto bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = log, pg_temp
AS $$
DECLARE
    covered bigint;
    width bigint;
    made text;
BEGIN
    SELECT room, partition_events INTO covered, width FROM log.log;
    BEGIN
        LOCK TABLE log.event IN SHARE UPDATE EXCLUSIVE MODE NOWAIT;
    EXCEPTION WHEN lock_not_available THEN
        IF upto <= covered THEN
            RETURN;
        END IF;
    END;
    WHILE upto + width / 2 > covered LOOP
        made := format('event_%s', covered);
        EXECUTE format('CREATE TABLE log.%I (LIKE log.event INCLUDING ALL, UNIQUE (stream, version))', made);
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_to_change_the_past()', made);
        EXECUTE format('ALTER TABLE log.event ATTACH PARTITION log.%I FOR VALUES FROM (%s) TO (%s)',
            made, covered, covered + width);
        covered := covered + width;
    END LOOP;
    UPDATE log.log SET room = covered;
END $$;
REVOKE ALL ON FUNCTION log.make_room FROM PUBLIC;

-- As in 0002_append.sql, but that it sees to the next partition and says where each stream lies.
CREATE OR REPLACE FUNCTION log.append(appends log.given_append[], given log.given_event[], parts log.given_part[])
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
    covered bigint;
    ahead bigint;
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
    SELECT size, room, partition_events / 2 INTO base, covered, ahead FROM log.log FOR UPDATE;

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
        IF base + recorded + ahead > covered THEN
            PERFORM log.make_room(base + recorded);
        END IF;
        WITH entries AS MATERIALIZED (
            SELECT first_at[e.place] + e.nth - 1 AS position, streams[e.place] AS stream,
                expected[e.place] + e.nth AS version, e.type, e.recorded_at, e.entry,
                sha256('\x00'::bytea || e.entry) AS hash, e.nth, e.nth = counts[e.place] AS is_last
            FROM unnest(given) AS e
            WHERE outcomes[e.place] = 'appended'
        ), new_events AS (
            INSERT INTO log.event (position, stream, version, type, recorded_at, entry, hash)
            SELECT position, stream, version, type, recorded_at, entry, hash FROM entries
        ), new_heads AS (
            INSERT INTO log.stream AS s (stream, version, head, first_position, last_position)
            SELECT stream, version, hash, position - nth + 1, position FROM entries WHERE is_last
            ON CONFLICT (stream) DO UPDATE
                SET version = excluded.version, head = excluded.head, last_position = excluded.last_position
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
