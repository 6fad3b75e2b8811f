-- Deleting sealed parts: the one thing that may ever be taken out of the log, and only on an approval that stands in it.

-- What an approval led to. Counted in the transaction that deletes, so that a repetition gives the same number.
CREATE TABLE log.destruction (
    approval     bigint PRIMARY KEY,
    parts        integer NOT NULL,
    destroyed_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON log.destruction TO investiture_app;

-- Deletes the sealed parts about a person: those of the owners named, and those at the positions named.
--
-- Whoever holds the application's role cannot delete what it likes: `approval` is the position of an approval that is
-- the last word of its stream, and everything named must be the person's own, rest in a stream whose record names the
-- person, or in an inquiry into a case of those. A made-up approval would stand in the log for everybody to see.
CREATE FUNCTION log.destroy_sealed(approval bigint, owners text[], positions bigint[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = log, pg_temp
AS $$
DECLARE
    person text;
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
    SELECT coalesce(array_agg(DISTINCT e.stream), '{}') INTO about
    FROM log.event e
    WHERE position(convert_to(person, 'UTF8') IN e.entry) > 0
        AND (e.stream = ANY (SELECT split_part(o, '#', 1) FROM unnest(owners) AS o) OR e.position = ANY (positions));
    SELECT about || coalesce(array_agg(DISTINCT e.stream), '{}') INTO about
    FROM log.event e, unnest(about) AS c
    WHERE e.stream = ANY (SELECT split_part(o, '#', 1) FROM unnest(owners) AS o WHERE starts_with(o, 'inquiry/'))
        AND starts_with(c, 'appointment/')
        AND position(convert_to(split_part(c, '/', 2), 'UTF8') IN e.entry) > 0;
    IF EXISTS (SELECT FROM unnest(owners) AS o WHERE o <> 'person/' || person AND split_part(o, '#', 1) <> ALL (about))
        OR EXISTS (SELECT FROM log.event e WHERE e.position = ANY (positions) AND e.stream <> ALL (about))
    THEN
        RAISE EXCEPTION 'the approval at % covers % alone, and something else was named', approval, person
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM log.sealed s WHERE s.owner = ANY (owners) OR s.position = ANY (positions);
    GET DIAGNOSTICS done = ROW_COUNT;
    INSERT INTO log.destruction (approval, parts) VALUES (approval, done);
    RETURN done;
END $$;
REVOKE ALL ON FUNCTION log.destroy_sealed FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.destroy_sealed TO investiture_app;
