-- The log: append-only, dense positions, one hash chain a stream.

CREATE SCHEMA log;

-- One row. Whoever appends holds it to commit, which is what makes positions dense and never late:
-- no position is visible before every lower one is. The cost is that appends commit one after another,
-- which is why every process gathers its concurrent appends into one transaction (group commit).
CREATE TABLE log.log (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    size     bigint NOT NULL DEFAULT 0
);
INSERT INTO log.log DEFAULT VALUES;

-- What guards an append: the version that it must name, and the hash that its first event must follow.
-- Each append changes a row here; room on its page spares the index a new entry each time.
CREATE TABLE log.stream (
    stream  text PRIMARY KEY,
    version integer NOT NULL,
    head    bytea NOT NULL
) WITH (fillfactor = 60);

-- The facts. `entry` is canonical JSON (RFC 8785) and is what the hash covers; the columns beside it repeat
-- parts of it so that they can be indexed. Position is the index of the Merkle leaf.
CREATE TABLE log.event (
    position    bigint PRIMARY KEY,
    stream      text NOT NULL,
    version     integer NOT NULL,
    type        text NOT NULL,
    recorded_at timestamptz NOT NULL,
    entry       bytea NOT NULL CHECK (octet_length(entry) <= 65535),
    hash        bytea NOT NULL,
    UNIQUE (stream, version)
);

-- What is not for everybody. A row may be deleted: the entry holds only the hash of its ciphertext,
-- so every hash and every proof stays valid.
CREATE TABLE log.sealed (
    position   bigint NOT NULL,
    owner      text NOT NULL,
    nonce      bytea NOT NULL,
    ciphertext bytea NOT NULL,
    PRIMARY KEY (position, owner)
);
CREATE INDEX sealed_owner ON log.sealed (owner);

-- A command is recorded once. Its fingerprint tells a repetition from another wish under the same key.
CREATE TABLE log.command (
    command_id     uuid PRIMARY KEY,
    stream         text NOT NULL,
    fingerprint    bytea NOT NULL,
    first_position bigint NOT NULL,
    first_version  integer NOT NULL,
    events         integer NOT NULL
);

-- Uniqueness across streams, taken and given back in the transaction of the append.
CREATE TABLE log.claim (
    claim  text PRIMARY KEY,
    stream text NOT NULL
);

-- Where each subscription stands.
CREATE TABLE log.subscription (
    name     text PRIMARY KEY,
    position bigint NOT NULL
);

CREATE FUNCTION log.refuse_to_change_the_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % on log.% is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.event
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_to_change_the_past();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.command
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_to_change_the_past();
