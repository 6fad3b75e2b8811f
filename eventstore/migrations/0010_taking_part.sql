-- What the public sent in about a case, and what was written about it, goes with the case's file. Its streams are their
-- own; each of their events names the case, and an entry names it in a field that nothing else can fill.
CREATE OR REPLACE FUNCTION log.destroy_case_file(expiry bigint) RETURNS integer
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
    SELECT substr(e.stream, length('retention/') + 1) INTO of
    FROM log.event e WHERE e.position = expiry AND e.type = 'case_file_expired' AND starts_with(e.stream, 'retention/');
    IF of IS NULL OR EXISTS (SELECT FROM log.claim c WHERE c.stream = 'appointment/' || of) THEN
        RAISE EXCEPTION 'position % is not the end of the time of a case that is closed', expiry
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM log.sealed s USING log.event e
    WHERE s.position = e.position
      AND (e.stream = 'appointment/' || of
           OR (e.type IN ('attachment_filed', 'message_sent', 'objector_asked', 'objector_answered', 'entry_received')
               AND (starts_with(e.stream, 'conversation/') OR starts_with(e.stream, 'public_entry/'))
               AND convert_from(e.entry, 'UTF8')::jsonb #>> '{data,case_id}' = of));
    GET DIAGNOSTICS done = ROW_COUNT;
    INSERT INTO log.destruction (approval, parts) VALUES (expiry, done);
    RETURN done;
END $$;
