-- Deleting the sealed parts of a subscription that is over: on the fact, in its own stream, that it is.
CREATE FUNCTION log.destroy_subscription(ending bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = log, pg_temp
AS $$
DECLARE
    of text;
    done integer;
BEGIN
    SELECT d.parts INTO done FROM log.destruction d WHERE d.approval = ending;
    IF done IS NOT NULL THEN
        RETURN done;
    END IF;
    SELECT e.stream INTO of FROM log.event e
    WHERE e.position = ending AND e.type IN ('subscription_ended', 'subscription_lapsed')
        AND starts_with(e.stream, 'subscription/');
    IF of IS NULL THEN
        RAISE EXCEPTION 'position % is not the end of a subscription', ending USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM log.sealed s USING log.event e WHERE e.stream = of AND s.position = e.position;
    GET DIAGNOSTICS done = ROW_COUNT;
    INSERT INTO log.destruction (approval, parts) VALUES (ending, done);
    RETURN done;
END $$;
REVOKE ALL ON FUNCTION log.destroy_subscription FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.destroy_subscription TO investiture_app;
