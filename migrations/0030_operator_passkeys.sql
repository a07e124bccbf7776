-- Operators have passkeys as people do: each is of an account or of an operator.

ALTER TABLE passkeys ALTER COLUMN account_id DROP NOT NULL;
ALTER TABLE passkeys ADD COLUMN operator text COLLATE "C";
ALTER TABLE passkeys ADD CHECK ((account_id IS NULL) <> (operator IS NULL));
CREATE INDEX passkeys_of_operator ON passkeys (operator);
