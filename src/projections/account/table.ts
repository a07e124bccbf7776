export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.accounts (
    account_id       uuid PRIMARY KEY,
    user_id          bigint NOT NULL,
    external_user_id text COLLATE "C" NOT NULL UNIQUE,
    -- Not unique here: claims in the log see to that, and a read model does not judge.
    username         text NOT NULL,
    login_type       text NOT NULL,
    aff_code         text NOT NULL,
    account_group    text NOT NULL,
    suspended        boolean NOT NULL,
    erased           boolean NOT NULL,
    -- Sealed; nobody can read it without the person's key.
    personal         jsonb NOT NULL,
    created_at       timestamptz NOT NULL,
    -- Of the account's own stream.
    revision         bigint NOT NULL
  )`;

/** For lists by number, of all and of those that are out of use. */
export const indexes = (schema: string): string => `
  CREATE INDEX IF NOT EXISTS accounts_by_number ON ${schema}.accounts (user_id);
  CREATE INDEX IF NOT EXISTS accounts_suspended ON ${schema}.accounts (user_id) WHERE suspended;
  CREATE INDEX IF NOT EXISTS accounts_erased ON ${schema}.accounts (user_id) WHERE erased`;
