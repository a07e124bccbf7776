export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.tokens (
    token_id    bigint PRIMARY KEY,
    account_id  uuid NOT NULL,
    token_name  text NOT NULL,
    key_hash    text COLLATE "C" NOT NULL UNIQUE,
    key_mask    text NOT NULL,
    disabled    boolean NOT NULL,
    revoked     boolean NOT NULL,
    limits      jsonb NOT NULL,
    -- Also in limits; here because every hold is held against it.
    quota_limit bigint,
    issued_at   timestamptz NOT NULL,
    -- Of the token's own stream.
    revision    bigint NOT NULL
  );
  CREATE INDEX ON ${schema}.tokens (account_id, token_id)`;

/** For lists of those that are out of use. */
export const indexes = (schema: string): string => `
  CREATE INDEX IF NOT EXISTS tokens_revoked ON ${schema}.tokens (token_id) WHERE revoked;
  CREATE INDEX IF NOT EXISTS tokens_disabled ON ${schema}.tokens (token_id) WHERE disabled`;
