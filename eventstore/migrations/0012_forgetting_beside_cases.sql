-- What rests beside cases goes with whoever is forgotten, too. Where a stream names a case of theirs, as an inquiry
-- does, that is held against the record: problems, requests, askings, meetings, what the public sent in.
--
-- Whom notes, inputs and watches are about is sealed with them, and the database has no keys: of these three kinds it
-- takes the approval's word. Each approval still deletes once, and how much it was stands in the tombstone.
CREATE OR REPLACE FUNCTION log.destroy_sealed(approval bigint, owners text[], positions bigint[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = log, pg_temp
AS $$
DECLARE
    person text;
    named text[];
    about text[];
    done integer;
BEGIN
    SELECT substr(e.stream, length('forgetting/') + 1) INTO person
    FROM log.event e JOIN log.stream s ON s.stream = e.stream AND s.version = e.version
    WHERE e.position = approval AND e.type = 'forgetting_approved' AND starts_with(e.stream, 'forgetting/');
    SELECT d.parts INTO done FROM log.destruction d WHERE d.approval = destroy_sealed.approval;
    IF done IS NOT NULL THEN
        RETURN done;
    END IF;
    IF person IS NULL OR person !~ '^[0-9a-z-]{4,}$' THEN
        RAISE EXCEPTION 'position % is no approval to forget somebody that still stands', approval
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT coalesce(array_agg(DISTINCT n.stream), '{}') INTO named
    FROM (SELECT split_part(o, '#', 1) AS stream FROM unnest(owners) AS o WHERE o <> 'person/' || person
          UNION SELECT e.stream FROM log.event e WHERE e.position = ANY (positions)) AS n;
    SELECT coalesce(array_agg(DISTINCT e.stream), '{}') INTO about
    FROM log.event e WHERE e.stream = ANY (named) AND position(convert_to(person, 'UTF8') IN e.entry) > 0;
    SELECT about || coalesce(array_agg(n), '{}') INTO about
    FROM unnest(named) AS n WHERE n ~ '^(private_note|supervision_input|supervision_watch)/';
    SELECT about || coalesce(array_agg(DISTINCT e.stream), '{}') INTO about
    FROM log.event e, unnest(about) AS c
    WHERE e.stream = ANY (named)
        AND e.stream ~ '^(inquiry|problem|organ_request|opinion_asking|joint_meeting|conversation|public_entry)/'
        AND c ~ '^(appointment|supervision_input|supervision_watch)/.{4,}$'
        AND position(convert_to(split_part(c, '/', 2), 'UTF8') IN e.entry) > 0;
    IF EXISTS (SELECT FROM unnest(named) AS n WHERE n <> ALL (about)) THEN
        RAISE EXCEPTION 'the approval at % covers % alone, and something else was named', approval, person
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM log.sealed s WHERE s.owner = ANY (owners) OR s.position = ANY (positions);
    GET DIAGNOSTICS done = ROW_COUNT;
    INSERT INTO log.destruction (approval, parts) VALUES (approval, done);
    RETURN done;
END $$;
