-- Read models are disposable: the application makes, drops and rebuilds their tables, in two schemas of their own.
-- `read_model` is what readers see; a rebuild grows in `read_model_next` and is swapped in at once.

CREATE SCHEMA read_model;
CREATE SCHEMA read_model_next;
GRANT USAGE, CREATE ON SCHEMA read_model, read_model_next TO investiture_app;

-- Where each projection stands. `problem` says why one has stopped; the others go on.
CREATE TABLE read_model.projection (
    name       text PRIMARY KEY,
    version    integer NOT NULL,
    position   bigint NOT NULL,
    problem    text,
    updated_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE, DELETE ON read_model.projection TO investiture_app;
