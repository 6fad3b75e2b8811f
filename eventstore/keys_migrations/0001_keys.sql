-- The key store: kept apart from the log, and out of the log's backups, so that destroying a key is final.

-- Who a pseudonym stands for, findable only with the master key: `reference` is a keyed hash.
CREATE TABLE subject (
    reference bytea PRIMARY KEY,
    subject   text NOT NULL UNIQUE
);

-- One key an owner (a person, or an audience of a stream), wrapped by the master key.
CREATE TABLE owner_key (
    owner        text PRIMARY KEY,
    wrapped      bytea NOT NULL,
    made_at      timestamptz NOT NULL DEFAULT now()
);
