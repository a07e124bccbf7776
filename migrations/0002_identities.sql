-- What the write side keeps beside the log: numbers, keys and secrets. Losing it loses every person's data: it belongs into backups.

CREATE SEQUENCE user_ids  AS bigint MAXVALUE 9007199254740991;
CREATE SEQUENCE token_ids AS bigint MAXVALUE 9007199254740991;

-- One row, so that a database is never served with another master key than the one it began with.
CREATE TABLE ledger_instance (
  singleton              boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  id                     uuid NOT NULL DEFAULT gen_random_uuid(),
  master_key_fingerprint text NOT NULL,
  created_at             timestamptz NOT NULL DEFAULT now()
);

-- The key that a person's data is sealed with, wrapped under the master key. An erased person keeps the row without the key.
CREATE TABLE person_keys (
  account_id uuid PRIMARY KEY,
  wrapped    bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  erased_at  timestamptz,
  CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))
);

-- Access keys made under an idempotency key, sealed under the master key, for as long as a retry is answered with the same key.
CREATE TABLE issued_secrets (
  request_key text PRIMARY KEY,
  token_id    bigint NOT NULL,
  sealed      jsonb NOT NULL,
  expires_at  timestamptz NOT NULL
);
CREATE INDEX issued_secrets_expiry ON issued_secrets (expires_at);

-- Keys of front ends, by their keyed hash.
CREATE TABLE service_keys (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key_hash   text NOT NULL UNIQUE,
  name       text NOT NULL,
  scopes     text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);
