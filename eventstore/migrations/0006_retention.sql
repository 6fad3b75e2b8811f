-- Deleting the sealed parts of a case whose time is over: on the fact, in the log, that its ceiling was reached.
CREATE FUNCTION log.destroy_case_file(expiry bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = log, pg_temp
AS $$
DECLARE
    of text;
    done integer;
BEGIN
    SELECT d.parts INTO done FROM log.destruction d WHERE d.approval = expiry;
    IF done IS NOT NULL THEN
        RETURN done;
    END IF;
    SELECT 'appointment/' || substr(e.stream, length('retention/') + 1) INTO of
    FROM log.event e WHERE e.position = expiry AND e.type = 'case_file_expired' AND starts_with(e.stream, 'retention/');
    IF of IS NULL OR EXISTS (SELECT FROM log.claim c WHERE c.stream = of) THEN
        RAISE EXCEPTION 'position % is not the end of the time of a case that is closed', expiry
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM log.sealed s USING log.event e WHERE e.stream = of AND s.position = e.position;
    GET DIAGNOSTICS done = ROW_COUNT;
    INSERT INTO log.destruction (approval, parts) VALUES (expiry, done);
    RETURN done;
END $$;
REVOKE ALL ON FUNCTION log.destroy_case_file FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.destroy_case_file TO investiture_app;
