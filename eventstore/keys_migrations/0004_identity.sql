-- The secret that pseudonyms, command ids and the engine's payloads hang on, once the master key was changed: wrapped by
-- the present one. As long as it is empty, the first master key is that secret itself.
CREATE TABLE identity_secret (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    wrapped  bytea NOT NULL
);
